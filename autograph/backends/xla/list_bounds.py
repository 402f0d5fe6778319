"""How long lists can get: buffers that are large enough from the start need no watching.

Bounds are known where lists grow in loops whose number of trips sizes and constants tell, as the residuals of gradients
of `for x in xs` do. Loops that may end early count as unknown: buffers for all their trips could be far too large.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from autograph.runtime.dims import Dim, data_symbols, max_dim
from autograph.runtime.dims.polynomial import Atom, Polynomial
from autograph.runtime.dims.symbolic import polynomial_of
from autograph.runtime.ir import Node, Value
from autograph.runtime.structure_ops import cond_op, while_op
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.list_lengths import MADE_OF

# Ops that give lists no longer than one of their operands: which one.
_SAME = {"list_slice": 0} | {name: operand for name, (operand, more) in MADE_OF.items() if more <= 0}


def list_bounds(
    nodes: Sequence[Node], inputs: Iterable[Value], kinds: Mapping[Value, int], trips: Mapping[Node, Dim]
) -> dict[int, Dim]:
    """For each kind of list that has one, the number of items that it never exceeds.

    Args:
        nodes: the nodes of a segment.
        inputs: what it takes from before, of which nothing is known.
        kinds: for each list value, its kind.
        trips: how many trips loops make.
    """
    found = _Lengths(trips)
    for value in inputs:
        if isinstance(value.type, ListType):
            found.lengths[value] = None
    found.visit(nodes)
    bounds: dict[int, Dim | None] = {}
    for value, kind in kinds.items():
        length = found.lengths.get(value)
        known = bounds.get(kind, 0)
        bounds[kind] = None if known is None or length is None else max_dim(known, length)
    return {kind: bound for kind, bound in bounds.items() if bound is not None}


def largest(dim: Dim, sizes: Mapping[str, int], padded: Collection[str]) -> int:
    """The most that a bound may be where padded sizes are anything up to what they are padded to.

    A bound may fall while a size grows, as that of `for i in range(10 - n)` does.

    Args:
        dim: the bound.
        sizes: what its symbols are, padded.
        padded: which of them are.
    """
    return _ends(polynomial_of(dim), {name: (0 if name in padded else size, size) for name, size in sizes.items()})[1]


_Ends = tuple[int, int]


def _ends(polynomial: Polynomial, sizes: Mapping[str, _Ends]) -> _Ends:
    low = high = 0
    for monomial, factor in polynomial.terms:
        ends = (factor, factor)
        for atom in monomial:
            corners = [a * b for a in ends for b in _atom_ends(atom, sizes)]
            ends = min(corners), max(corners)
        low, high = low + ends[0], high + ends[1]
    return low, high


def _atom_ends(atom: Atom, sizes: Mapping[str, _Ends]) -> _Ends:
    if atom.kind == "symbol":
        return sizes[atom.name]
    found = [_ends(argument, sizes) for argument in atom.args]
    if atom.kind == "floordiv":
        (above, (low, high)) = found
        divisors = [b for b in (low, -1, 1, high) if b and low <= b <= high] or [1]  # by zero nothing is divided
        corners = [a // b for a in above for b in divisors]
        return min(corners), max(corners)
    chosen = max if atom.kind == "max" else min
    return chosen(low for low, _ in found), chosen(high for _, high in found)


class _Lengths:
    """Bounds of the lengths of lists, None where there is none."""

    def __init__(self, trips: Mapping[Node, Dim]) -> None:
        self.lengths: dict[Value, Dim | None] = {}
        self._trips = trips

    def visit(self, nodes: Sequence[Node]) -> None:
        """Finds the bounds of what nodes make."""
        for node in nodes:
            if node.op is while_op:
                self._loop(node)
            elif node.op is cond_op:
                self._branches(node)
            else:
                for region in node.regions:
                    self.visit(region.nodes)
                for out in node.outputs:
                    if isinstance(out.type, ListType):
                        self.lengths[out] = self._made(node)

    def _made(self, node: Node) -> Dim | None:
        name = node.op.name
        if name == "list_new":
            return 0
        if name == "list_from":
            return len(node.inputs)
        if name == "list_unstack":
            stacked = node.inputs[0].type
            size = stacked.shape[0] if isinstance(stacked, TensorType) and stacked.shape else None
            return None if size is None or data_symbols(size) else size
        if name in _SAME:
            return self.lengths.get(node.inputs[_SAME[name]])
        first = self.lengths.get(node.inputs[0]) if node.inputs else None
        if name == "list_append":
            return None if first is None else first + 1
        if name == "list_concat":
            second = self.lengths.get(node.inputs[1])
            return None if first is None or second is None else first + second
        return None

    def _branches(self, node: Node) -> None:
        for region in node.regions:
            self.visit(region.nodes)
        for out, *results in zip(node.outputs, *[region.results for region in node.regions], strict=True):
            if isinstance(out.type, ListType):
                self.lengths[out] = _longest([self.lengths.get(result) for result in results])

    def _loop(self, node: Node) -> None:
        test, body = node.regions
        places = [place for place, value in enumerate(node.inputs) if isinstance(value.type, ListType)]
        gains = self._gains(node, places)
        trips = self._trips.get(node)
        for place in places:
            start, gain = self.lengths.get(node.inputs[place]), gains[place]
            before: Dim | None = None
            after: Dim | None = None
            if start is not None and gain is not None and gain <= 0:
                before = after = start
            elif start is not None and gain is not None and trips is not None and not data_symbols(trips):
                before, after = start + gain * (max_dim(trips, 1) - 1), start + gain * trips
            for value in (test.params[place], node.outputs[place]):
                self.lengths[value] = after
            self.lengths[body.params[place]] = before
        self.visit(test.nodes)
        self.visit(body.nodes)

    def _gains(self, node: Node, places: Sequence[int]) -> dict[int, int | None]:
        """By how much lists grow in a trip at most."""
        body, inner = node.regions[1], _Lengths(self._trips)
        for place in places:
            inner.lengths[body.params[place]] = 0
        inner.visit(body.nodes)
        made = {place: inner.lengths.get(body.results[place]) for place in places}
        return {
            place: gain if isinstance(gain, int) and _is_of(body.results[place], body.params[place]) else None
            for place, gain in made.items()
        }


def _longest(lengths: Sequence[Dim | None]) -> Dim | None:
    known = [length for length in lengths if length is not None]
    return max_dim(*known) if known and len(known) == len(lengths) else None


def _is_of(result: Value, param: Value) -> bool:
    """Whether a loop's list is made of what it was before the trip, by ops that each take one list."""
    node = result.node
    if result is param or node is None:
        return result is param
    place = node.outputs.index(result)
    if node.op is cond_op:
        return all(_is_of(region.results[place], param) for region in node.regions)
    if node.op is while_op:
        body = node.regions[1]
        return _is_of(body.results[place], body.params[place]) and _is_of(node.inputs[place], param)
    return node.op.name in _OF_ONE and _is_of(node.inputs[0], param)


_OF_ONE = ("list_append", "list_unappend", "list_pop", "list_set", "list_add_at")
