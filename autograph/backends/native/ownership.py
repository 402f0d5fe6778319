"""Whether a list may be changed in place: nothing else reads its buffer afterwards.

Lists are values, yet their buffers are shared: appending to a list, or taking its last item off, gives a list with the
same buffer. A list is owned by its last user where it was made for it alone: by an op that makes a new buffer, by
appending to (or taking from) a list that was owned, or by a loop that carries a list which is owned in each trip.
"""

from __future__ import annotations

from autograph.backends.native.lowering import Lowering
from autograph.runtime.ir import Node, Region, Value

# Ops whose output has a buffer of its own, and those that go on with their operand's.
_FRESH = {
    "list_new", "list_from", "list_set", "list_add_at", "list_zeros_like", "list_single", "list_concat", "list_add",
    "list_cast", "list_unstack", "list_slice", "list_spread", "undefined",
}  # fmt: skip
_PASSING = {"list_append", "list_pop", "list_unappend"}
# Users that copy what they need and keep nothing of the buffer.
_READERS = {
    "list_len", "list_get", "list_stack", "list_zeros_like", "list_single", "list_cast", "list_add", "list_slice",
    "list_spread", "list_find", "list_count",
}  # fmt: skip


def is_last_use(lower: Lowering, value: Value, node: Node) -> bool:
    """Whether `node` may change the buffer of its operand."""
    return _used_last(lower, value, node) and _is_owned(lower, value, frozenset())


def _used_last(lower: Lowering, value: Value, node: Node) -> bool:
    """Whether all other users only read the value, and do so before the node."""
    region = node.region
    if region is None:
        return False
    for where, user in lower.users(value):
        if user is node:
            continue
        if user is None or user.op.name not in _READERS:
            return False
        top = _in_region(where, user, region)
        if top is None or region.nodes.index(top) >= region.nodes.index(node):
            return False
    return node.inputs.count(value) == 1


def _in_region(where: Region, user: Node, region: Region) -> Node | None:
    """The node of `region` that the user is, or lies in."""
    while where is not region:
        if where.owner is None:
            return None
        user = where.owner
        if user.region is None:
            return None
        where = user.region
    return user


def _is_owned(lower: Lowering, value: Value, assumed: frozenset[Value]) -> bool:
    if value in assumed:
        return True
    node = value.node
    if node is None:
        return _owned_parameter(lower, value, assumed)
    if node.op.name in _FRESH:
        return True
    if node.op.name in _PASSING:
        source = node.inputs[0]
        return value is node.outputs[0] and _used_last(lower, source, node) and _is_owned(lower, source, assumed)
    if node.op.name == "while":
        place = node.outputs.index(value)
        return _carried(lower, node, place, assumed)
    if node.op.name == "cond":
        place = node.outputs.index(value)
        return all(_yields_owned(lower, region, place, assumed) for region in node.regions)
    return False


def _owned_parameter(lower: Lowering, value: Value, assumed: frozenset[Value]) -> bool:
    region = value.region
    if region is None or region.owner is None or region.owner.op.name != "while":
        return False
    return _carried(lower, region.owner, region.params.index(value), assumed)


def _carried(lower: Lowering, loop: Node, place: int, assumed: frozenset[Value]) -> bool:
    """Whether a list that a loop carries is owned in each trip: the first one and those that the trips leave."""
    body = loop.regions[1]
    init = loop.inputs[place]
    assumed = assumed | {body.params[place], loop.regions[0].params[place]}
    if any(user is not None and user.op.name not in _READERS for _, user in lower.users(loop.regions[0].params[place])):
        return False
    return (
        len(lower.users(init)) == 1 and _is_owned(lower, init, assumed) and _yields_owned(lower, body, place, assumed)
    )


def _yields_owned(lower: Lowering, region: Region, place: int, assumed: frozenset[Value]) -> bool:
    result = region.results[place]
    users = [user for _, user in lower.users(result) if user is None or user.op.name not in _READERS]
    inside = result.region is region or (result.node is not None and result.node.region is region)
    return inside and users == [None] and region.results.count(result) == 1 and _is_owned(lower, result, assumed)
