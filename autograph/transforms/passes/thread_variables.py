"""Makes a graph pure: variables come in as values and go out as results, threaded through regions.

Backends without storage of their own, and transforms that need data flow only, take graphs in this form.

Before:
    func f(%x: f32[], %v: ref f32[]) -> f32[]:
      %0: f32[] = read %v
      %1: f32[] = add %0, %x
      assign %v, %1
      return %0

After:
    func f(%x: f32[], %v: f32[]) -> f32[], f32[]:
      %0: f32[] = add %v, %x
      return %v, %0
"""

from __future__ import annotations

from autograph.runtime.ir import Graph, Node, Region, Value, walk
from autograph.runtime.structure_ops import assign_op, cond_op, read_op, while_op
from autograph.runtime.types import RefType

State = dict[Value, Value]


def thread_variables(graph: Graph) -> None:
    """Replaces references by values; each adds a result, the variable's value at the end."""
    references = graph.ref_params
    state: State = {}
    for position, param in enumerate(graph.body.params):
        if isinstance(param.type, RefType):
            value = Value(param.type.value, None, graph.body, param.name)
            graph.body.params[position] = value
            state[param] = value
    mapping: dict[Value, Value] = {}
    _thread(graph.body, state, mapping)
    graph.body.results += [state[reference] for reference in references]


def _thread(region: Region, state: State, mapping: dict[Value, Value]) -> None:
    """Threads a region; `state` has each variable's value and is left as it is at the region's end."""
    kept = []
    for node in region.nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        if node.op is read_op:
            mapping[node.outputs[0]] = state[node.inputs[0]]
            continue
        if node.op is assign_op:
            state[node.inputs[0]] = node.inputs[1]
            continue
        if node.op is cond_op:
            _thread_cond(node, state, mapping)
        elif node.op is while_op:
            _thread_while(node, state, mapping)
        kept.append(node)
    region.nodes = kept
    region.results = [mapping.get(value, value) for value in region.results]


def _assigned(node: Node) -> list[Value]:
    """The variables that a node's regions assign, in order."""
    inner = [n for region in node.regions for n in walk(region) if n.op is assign_op]
    return list(dict.fromkeys(n.inputs[0] for n in inner))


def _thread_cond(node: Node, state: State, mapping: dict[Value, Value]) -> None:
    changed = _assigned(node)
    for region in node.regions:
        inside = dict(state)
        _thread(region, inside, mapping)
        region.results += [inside[reference] for reference in changed]
    for reference in changed:
        state[reference] = node.add_output(state[reference].type)


def _thread_while(node: Node, state: State, mapping: dict[Value, Value]) -> None:
    changed = _assigned(node)
    node.inputs += [state[reference] for reference in changed]
    test, body = node.regions
    for region in (test, body):
        inside = dict(state)
        for reference in changed:
            inside[reference] = region.add_param(state[reference].type, reference.name)
        _thread(region, inside, mapping)
        if region is body:
            region.results += [inside[reference] for reference in changed]
    for reference in changed:
        state[reference] = node.add_output(state[reference].type)
