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

from collections.abc import Sequence

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
    thread_region(graph.body, state, {})
    graph.body.results += [state[reference] for reference in references]


def thread_region(region: Region, state: State, mapping: State, keep_writes: bool = False) -> None:
    """Replaces what a region reads of variables by the values that they have there.

    Args:
        region: rewritten in place.
        state: the variables to thread, with their values; they are left as they are at the region's end.
        mapping: collects what stands for the outputs of the reads that are gone.
        keep_writes: whether the assignments stay too, beside the values.
    """
    kept = []
    for node in region.nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        if node.op is read_op and node.inputs[0] in state:
            mapping[node.outputs[0]] = state[node.inputs[0]]
            continue
        if node.op is assign_op and node.inputs[0] in state:
            state[node.inputs[0]] = node.inputs[1]
            if not keep_writes:
                continue
        thread_node(node, state, mapping, keep_writes)
        kept.append(node)
    region.nodes = kept
    region.results = [mapping.get(value, value) for value in region.results]


def thread_node(node: Node, state: State, mapping: State, keep_writes: bool) -> None:
    """Threads the regions of a node: what they assign becomes outputs of it."""
    changed = [ref for ref in assigned([node]) if ref in state] if node.regions else []
    if node.op is cond_op:
        for region in node.regions:
            inside = dict(state)
            thread_region(region, inside, mapping, keep_writes)
            region.results += [inside[ref] for ref in changed]
    elif node.op is while_op:
        node.inputs += [state[ref] for ref in changed]
        for region in node.regions:
            inside = dict(state)
            for ref in changed:
                inside[ref] = region.add_param(state[ref].type, ref.name)
            thread_region(region, inside, mapping, keep_writes)
            if region is node.regions[1]:
                region.results += [inside[ref] for ref in changed]
    else:
        for region in node.regions:
            thread_region(region, dict(state), mapping, keep_writes)
        return
    for ref in changed:
        state[ref] = node.add_output(state[ref].type)


def assigned(nodes: Sequence[Node]) -> list[Value]:
    """The variables that nodes assign, themselves or inside their regions, in order."""
    inner = [n for node in nodes for n in (node, *[m for region in node.regions for m in walk(region)])]
    return list(dict.fromkeys(n.inputs[0] for n in inner if n.op is assign_op))
