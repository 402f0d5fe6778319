"""By how much lists grow in a trip of a loop, and in what their ops make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograph.runtime.dims import Dim
from autograph.runtime.ir import Node, Value
from autograph.runtime.structure_ops import cond_op, while_op

# Ops that give a list made of one of their operands: which one, and how much longer it is.
MADE_OF: Mapping[str, tuple[int, int]] = {
    "list_append": (0, 1),
    "list_pop": (0, -1),
    "list_unappend": (0, -1),
    "list_add": (0, 0),
    "list_add_at": (0, 0),
    "list_cast": (0, 0),
    "list_set": (0, 0),
    "list_single": (0, 0),
    "list_spread": (1, 0),
    "list_zeros_like": (0, 0),
}

Gain = tuple[int, int]  # at least and at most


def gain_of(result: Value, start: Value, trips: Mapping[Node, Dim]) -> Gain | None:
    """By how much a list is longer than one that it is made of, None where it is not made of it, or that is not known.

    Args:
        result: the list.
        start: what it may be made of.
        trips: how many trips loops make, as far as that is known.
    """
    node = result.node
    if result is start or node is None:
        return (0, 0) if result is start else None
    place = node.outputs.index(result)
    if node.op is cond_op:
        return _either([gain_of(region.results[place], start, trips) for region in node.regions])
    if node.op is while_op:
        body, count = node.regions[1], trips.get(node)
        inner = gain_of(body.results[place], body.params[place], trips)
        before = gain_of(node.inputs[place], start, trips)
        if inner is None or before is None or (inner != (0, 0) and not isinstance(count, int)):
            return None
        often = count if isinstance(count, int) else 0
        return before[0] + often * inner[0], before[1] + often * inner[1]
    if node.op.name not in MADE_OF or place:
        return None
    operand, more = MADE_OF[node.op.name]
    before = gain_of(node.inputs[operand], start, trips)
    return None if before is None else (before[0] + more, before[1] + more)


def _either(gains: Sequence[Gain | None]) -> Gain | None:
    known = [gain for gain in gains if gain is not None]
    return (min(low for low, _ in known), max(high for _, high in known)) if len(known) == len(gains) else None
