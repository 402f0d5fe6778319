"""Variables inside regions, made visible as data flow: what a region reads comes in, what it assigns goes out.

The assignments stay where they are, so that what was written before an exception stays written; differentiation
follows the values that are threaded beside them.

Before:
    while(%n) { … read %v … assign %v, %1 … }

After:
    %0 = read %v
    %r, %last = while(%n, %0) { … assign %v, %1 … yield …, %1 }
    assign %v, %last
"""

from __future__ import annotations

from collections.abc import Sequence

from autograph.runtime.ir import Node, Region, Value, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import assign_op, read_op
from autograph.runtime.types import RefType, TensorType
from autograph.transforms.passes.thread_variables import State, assigned, thread_node, thread_region


def hoist_variables(nodes: Sequence[Node]) -> list[Node]:
    """Rewrites, in place, nodes whose regions use float variables.

    Args:
        nodes: nodes in program order.

    Returns:
        These nodes, with reads before and assignments after those with regions.
    """
    out: dict[Node, None] = {}
    for node in nodes:
        for new in _hoist(node) if node.regions else [node]:
            out.setdefault(new)
    return list(out)


def thread_body(body: Region) -> State:
    """Makes a graph's body read each variable once, at its start.

    Args:
        body: the body; its reads are replaced by the values, its assignments stay.

    Returns:
        For each reference parameter, the value that the variable has at the end.
    """
    references = [param for param in body.params if isinstance(param.type, RefType)]
    reads = [_read(ref, None) for ref in references]
    state = {ref: read.outputs[0] for ref, read in zip(references, reads, strict=True)}
    thread_region(body, state, {}, keep_writes=True)
    for read in reversed(reads):
        body.insert(0, read)
    return state


def without_effects(region: Region) -> None:
    """Removes what nodes do beside computing: for a repetition of a run that went well."""
    region.nodes = [node for node in region.nodes if node.outputs or not node.op.effects & ~Effect.READ]
    for node in region.nodes:
        for inner in node.regions:
            without_effects(inner)


def _read(ref: Value, node: Node | None) -> Node:
    assert isinstance(ref.type, RefType)
    return Node(read_op, (ref,), {}, (), (ref.type.value,), None if node is None else node.location)


def _hoist(node: Node) -> list[Node]:
    inner = [n for region in node.regions for n in walk(region)]
    done = _trailing_assigns(node)
    known = {assign.inputs[0] for assign in done}
    used = dict.fromkeys(n.inputs[0] for n in inner if n.op in (read_op, assign_op) and _is_float(n.inputs[0]))
    references = [ref for ref in used if ref not in known]
    reads = [_read(ref, node) for ref in references]
    assert node.region is not None
    for read in reads:
        node.region.insert(node.region.nodes.index(node), read)
    state = {ref: read.outputs[0] for ref, read in zip(references, reads, strict=True)}
    changed = [ref for ref in assigned([node]) if ref in state]
    thread_node(node, state, {}, keep_writes=True)
    assigns = [Node(assign_op, (ref, state[ref]), {}, (), (), node.location) for ref in changed]
    place = node.region.nodes.index(node) + 1
    for assign in reversed(assigns):
        node.region.insert(place, assign)
    return [*reads, node, *assigns, *done]


def _is_float(ref: Value) -> bool:
    return isinstance(ref.type, RefType) and isinstance(ref.type.value, TensorType) and ref.type.value.dtype.is_inexact


def _trailing_assigns(node: Node) -> list[Node]:
    """The assignments that an earlier call has put behind a node."""
    assert node.region is not None
    following = node.region.nodes[node.region.nodes.index(node) + 1 :]
    inside = set(assigned([node]))
    found = []
    for other in following:
        if other.op is not assign_op or other.inputs[1] not in node.outputs or other.inputs[0] not in inside:
            break
        found.append(other)
    return found
