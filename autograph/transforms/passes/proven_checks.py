"""Removes checks that always hold: of indices and counters of loops whose tests bound them, of sizes, of constants.

A loop that cannot fail needs no error code, and a program without one no look at it by the host. Counters that nothing
bounds count as safe where they start small and move by small steps: leaving 64 bits would take years.

Before:
    func f(%n: i32[]) -> ~i64[]:
      %0: ~i64[] = constant {value=0}
      %1: ~i64[] = while %0
        test(%i: ~i64[]):
          %2: i64[] = cast %i {dtype=dtype:int64, weak=False}
          %3: i64[] = cast %n {dtype=dtype:int64, weak=False}
          %4: bool[] = less %2, %3
          yield %4
        body(%i_2: ~i64[]):
          %5: ~i64[] = constant {value=1}
          %6: ~i64[], %7: bool[] = wrapping %i_2, %5 {op='add'}
          %8: bool[] = logical_not %7
          check %8 {site=error<builtins:OverflowError>('an integer result does not fit in 64 bits; use floats',)}
          yield %6
      return %1

After:
    func f(%n: i32[]) -> ~i64[]:
      %0: ~i64[] = constant {value=0}
      %1: ~i64[] = while %0
        test(%i: ~i64[]):
          %2: i64[] = cast %i {dtype=dtype:int64, weak=False}
          %3: i64[] = cast %n {dtype=dtype:int64, weak=False}
          %4: bool[] = less %2, %3
          yield %4
        body(%i_2: ~i64[]):
          %5: ~i64[] = constant {value=1}
          %6: ~i64[], %7: bool[] = wrapping %i_2, %5 {op='add'}
          yield %6
      return %1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograph.ops.number_limits import wrapping_op
from autograph.runtime.dims import Dim, SymbolicDim, is_symbol, max_dim, min_dim, symbols_of
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import Kind
from autograph.runtime.structure_ops import cast_op, check_op, cond_op, constant_op, dimension_op, while_op
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.counters import Counter, move_of, source_of
from autograph.transforms.list_lengths import MADE_OF, gain_of
from autograph.transforms.ranges import (
    ARITHMETIC,
    COMPARISONS,
    LARGEST_SIZE,
    Range,
    at_least,
    fits,
    holds_integers,
    is_integer,
    orders_integers,
    widest,
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What sizes and constants tell of a graph, unless a check that is left ends it.

    Attributes:
        trips: how many trips loops make.
        sizes: what sizes are that ops find when they run: those of lists that loops of known length have made.
    """

    trips: dict[Node, Dim]
    sizes: dict[str, Dim]


def remove_proven_checks(graph: Graph) -> Known:
    """Removes the checks that always hold.

    Args:
        graph: rewritten in place; `make_checks_explicit` has been run on it.

    Returns:
        What else is known.
    """
    prover = _Prover()
    prover.region(graph.body)
    return Known(prover.trips, prover.sizes)


class _Prover:
    """What is known where the pass is: ranges of integers and of lists' lengths, truths, trips of loops, sizes."""

    def __init__(self) -> None:
        self.trips: dict[Node, Dim] = {}
        self.sizes: dict[str, Dim] = {}
        self._lengths: dict[Value, Range] = {}
        self._ranges: dict[Value, Range] = {}
        self._truths: dict[Value, bool] = {}

    def region(self, region: Region) -> None:
        """Goes through the nodes of a region in order; a check that is left holds up to its end."""
        kept, passed = [], []
        for node in region.nodes:
            pred = node.inputs[0] if node.op is check_op else None
            if pred is not None and self._truths.get(pred):
                continue
            kept.append(node)
            self._visit(node)
            if pred is not None and pred not in self._truths:
                self._truths[pred] = True
                passed.append(pred)
        region.nodes = kept
        for pred in passed:
            del self._truths[pred]

    def range(self, value: Value) -> Range:
        """What is known of an integer, or of all that an array holds."""
        found = self._ranges.get(source_of(value))
        return widest(value) if found is None else found

    # -- nodes ------------------------------------------------------------------------------------------

    def _visit(self, node: Node) -> None:
        if node.op is while_op:
            self._loop(node)
        elif node.op is cond_op:
            self._branches(node)
        elif node.regions:
            for region in node.regions:
                self.region(region)
        elif node.op is constant_op:
            self._constant(node.outputs[0], node.attrs["value"])
        elif node.op is dimension_op:
            self._ranges[node.outputs[0]] = Range(node.attrs["dim"], node.attrs["dim"])
        elif node.op.name == "list_len":
            self._ranges[node.outputs[0]] = self._length(node.inputs[0])
        elif node.op.name == "list_stack":
            self._stacked(node)
        elif node.op.kind is Kind.LIST:
            self._listed(node)
        elif node.op is wrapping_op:
            self._wrapping(node)
        elif len(node.outputs) == 1:
            self._compute(node)

    def _length(self, value: Value) -> Range:
        return self._lengths.get(value, Range(0, LARGEST_SIZE))

    def _listed(self, node: Node) -> None:
        name, out = node.op.name, node.outputs[0] if node.outputs else None
        if out is None or not isinstance(out.type, ListType):
            return
        if name in ("list_new", "list_from"):
            self._lengths[out] = Range(len(node.inputs), len(node.inputs))
        elif name in MADE_OF:
            operand, more = MADE_OF[name]
            before = self._length(node.inputs[operand])
            low = before.low + more
            self._lengths[out] = Range(low if at_least(low, 0) else 0, before.high + more)

    def _stacked(self, node: Node) -> None:
        """Notes the size of a stack of a list whose length is known."""
        size = self._length(node.inputs[0]).exact
        for bound in node.attrs["binds"]:
            if size is not None and isinstance(bound, SymbolicDim) and is_symbol(bound):
                self.sizes[symbols_of(bound)[0]] = size

    def _constant(self, out: Value, value: Any) -> None:
        array = np.asarray(value)
        if array.dtype == bool and array.size:
            if array.all() == array.any():
                self._truths[out] = bool(array.all())
        elif holds_integers(out) and array.size:
            self._ranges[out] = Range(int(array.min()), int(array.max()))

    def _wrapping(self, node: Node) -> None:
        out, flag = node.outputs
        found = self._computed(node.attrs["op"], node.inputs)
        if found is not None and fits(found, widest(out)):
            self._ranges[out] = found
            self._truths[flag] = False

    def _compute(self, node: Node) -> None:
        out, name = node.outputs[0], node.op.name
        if holds_integers(out):
            found = self._places(node) if name in _PLACES else self._computed(name, node.inputs)
            if name in _KEEPING and holds_integers(node.inputs[0]):
                found = self.range(node.inputs[0])
            if found is not None and fits(found, widest(out)):
                self._ranges[out] = found
            return
        truth = self._truth(name, node.inputs)
        if truth is not None:
            self._truths[out] = truth

    def _computed(self, name: str, inputs: Sequence[Value]) -> Range | None:
        if name == "where" and all(map(holds_integers, inputs[1:])):
            return _either(self.range(inputs[1]), self.range(inputs[2]))
        function = ARITHMETIC.get(name)
        if function is None or not all(map(holds_integers, inputs)):
            return None
        return function(*map(self.range, inputs))

    @staticmethod
    def _places(node: Node) -> Range:
        """Places along an axis."""
        size = node.attrs["size"] if node.op.name == "iota" else _shape(node.inputs[0])[node.attrs["axis"]]
        return Range(0, size - 1)

    def _truth(self, name: str, inputs: Sequence[Value]) -> bool | None:
        """Whether a bool, or each that an array holds, is true (or false); None where that is not known."""
        compare = COMPARISONS.get(name)
        if compare is not None and all(map(holds_integers, inputs)):
            return compare(*map(self.range, inputs))
        known = [self._truths.get(value) for value in inputs]
        if name in _KEEPING:
            return known[0]
        if (name == "any" and known[0] is False) or (name == "all" and known[0]):
            return known[0]  # so it is without elements, too
        if name == "logical_not":
            return None if known[0] is None else not known[0]
        if name == "logical_and":
            return False if False in known else True if known == [True, True] else None
        if name == "logical_or":
            return True if True in known else False if known == [False, False] else None
        return None

    # -- branches and loops -----------------------------------------------------------------------------

    def _branches(self, node: Node) -> None:
        for region, truth in zip(node.regions, (True, False), strict=True):
            with self._assuming(node.inputs[0], truth):
                self.region(region)
                found = [self.range(value) if is_integer(value) else None for value in region.results]
            lengths = [self._length(value) for value in region.results]
            if truth:
                first, first_lengths = found, lengths
        for out, long, short in zip(node.outputs, first_lengths, lengths, strict=True):
            if isinstance(out.type, ListType):
                self._lengths[out] = _either(long, short)
        for out, a, b in zip(node.outputs, first, found, strict=True):
            if a is not None and b is not None:
                self._ranges[out] = _either(a, b)

    def _loop(self, node: Node) -> None:
        test, body = node.regions
        counters = {
            place: Counter(self.range(start), move, param)
            for place, (start, param) in enumerate(zip(node.inputs, test.params, strict=True))
            if is_integer(start)
            for move in [move_of(body.results[place], body.params[place])]
            if move is not None
        }
        while True:  # until those that are left cannot wrap by what their ranges say
            inside = self._inside(test, counters)
            over = {place: counter.after(inside[place]) for place, counter in counters.items()}
            left = {place: counter for place, counter in counters.items() if over[place] is not None}
            if len(left) == len(counters):
                break
            counters = left
        for place, counter in counters.items():
            self._ranges[test.params[place]] = counter.before()
            self._ranges[body.params[place]] = inside[place]
            after = over[place]
            assert after is not None
            self._ranges[node.outputs[place]] = _either(counter.start, after)
        lists = {place: value for place, value in enumerate(node.inputs) if isinstance(value.type, ListType)}
        for place, value in lists.items():
            gain, first = gain_of(body.results[place], body.params[place], {}), self._length(value)
            self._lengths[test.params[place]] = self._lengths[body.params[place]] = Range(
                first.low if gain is not None and gain[0] >= 0 else 0,
                first.high if gain is not None and gain[1] <= 0 else LARGEST_SIZE,
            )
        self.region(test)
        self.region(body)
        trips = self._trips(test, counters)
        if trips is not None:
            self.trips[node] = trips
        for place, value in lists.items():
            gain = gain_of(body.results[place], body.params[place], self.trips)
            self._lengths[node.outputs[place]] = self._lengths[test.params[place]]
            if gain is not None and gain[0] == gain[1] >= 0 and trips is not None:
                first, more = self._length(value), trips * gain[0]
                self._lengths[node.outputs[place]] = Range(first.low + more, first.high + more)
        if trips is None:
            return
        for place, counter in counters.items():
            start, step = counter.start.exact, counter.step
            if start is not None and step is not None:
                self._ranges[node.outputs[place]] = Range(start + step * trips, start + step * trips)

    def _trips(self, test: Region, counters: Mapping[int, Counter]) -> Dim | None:
        """How often a loop's test holds, where it compares a counter that moves evenly with something known."""
        node = test.results[0].node
        if node is None or not orders_integers(node):
            return None
        small, large, apart = _in_order(node)
        for place, counter in counters.items():
            start, step = counter.start.exact, counter.step
            side = {source_of(small): 1, source_of(large): -1}.get(test.params[place])
            limit = self.range(large if side == 1 else small).exact
            if side is None or start is None or not step or step * side < 0 or limit is None:
                continue
            way = (limit - start) * side + 1 - apart
            return max_dim((way + abs(step) - 1) // abs(step), 0)
        return None

    def _inside(self, test: Region, counters: Mapping[int, Counter]) -> dict[int, Range]:
        """The counters' ranges where a loop's test holds; nothing else is noted."""
        outer = self._ranges, self._truths
        self._ranges, self._truths = dict(self._ranges), dict(self._truths)
        self._ranges |= {test.params[place]: counter.before() for place, counter in counters.items()}
        for node in test.nodes:
            self._visit(node)
        with self._assuming(test.results[0], True):
            found = {place: self.range(test.params[place]) for place in counters}
        self._ranges, self._truths = outer
        return found

    @contextmanager
    def _assuming(self, pred: Value, truth: bool) -> Iterator[None]:
        """Narrows ranges to what a condition says, inside a `with` block."""
        narrowed: dict[Value, Range] = {}
        self._narrow(pred, truth, narrowed)
        before = {value: self._ranges.get(value) for value in narrowed}
        self._ranges |= narrowed
        yield
        for value, old in before.items():
            if old is None:
                del self._ranges[value]
            else:
                self._ranges[value] = old

    def _narrow(self, pred: Value, truth: bool, narrowed: dict[Value, Range]) -> None:
        node = pred.node
        if node is None:
            return
        name, inputs = node.op.name, node.inputs
        if name == "logical_not":
            self._narrow(inputs[0], not truth, narrowed)
        elif node.op is cast_op:
            self._narrow(inputs[0], truth, narrowed)
        elif (name == "logical_and" and truth) or (name == "logical_or" and not truth):
            for value in inputs:
                self._narrow(value, truth, narrowed)
        elif node.op is cond_op:  # `and` and `or` that need not look at both operands
            place = node.outputs.index(pred)
            for region, other, taken in ((0, 1, True), (1, 0, False)):
                if self._cannot_be(truth, node.regions[other].results[place], inputs[0], not taken):
                    self._narrow(inputs[0], taken, narrowed)
                    self._narrow(node.regions[region].results[place], truth, narrowed)
        elif orders_integers(node):
            small, large, apart = _in_order(node)
            if not truth:
                small, large, apart = large, small, 1 - apart
            self._put_in_order(small, large, apart, narrowed)

    def _cannot_be(self, truth: bool, result: Value, pred: Value, taken: bool) -> bool:
        """Whether a branch never gives a truth, since its result is the condition itself, or a constant."""
        return (taken if result is pred else self._truths.get(result, truth)) is not truth

    def _put_in_order(self, small: Value, large: Value, apart: int, narrowed: dict[Value, Range]) -> None:
        """Notes that one integer is at least `apart` below another."""
        a, b = [narrowed.get(source_of(value)) or self.range(value) for value in (small, large)]
        if _is_better(b.high - apart, a.high, at_most=True):
            narrowed[source_of(small)] = Range(a.low, b.high - apart)
        if _is_better(a.low + apart, b.low, at_most=False):
            narrowed[source_of(large)] = Range(a.low + apart, b.high)


# Ops whose results are elements of their first operand, and those that give places along an axis.
_KEEPING = {
    "cast", "getitem", "slice_axis", "reshape", "permute_dims", "broadcast_to", "flip", "sort", "max", "min",
    "stop_gradient",
}  # fmt: skip
_PLACES = {"argsort", "argmax", "argmin", "iota"}


def _in_order(node: Node) -> tuple[Value, Value, int]:
    """The operands of a comparison that holds, the smaller first, and by how much they are apart at least."""
    small, large = node.inputs if node.op.name.startswith("less") else node.inputs[::-1]
    return small, large, 0 if node.op.name.endswith("equal") else 1


def _is_better(new: Any, old: Any, at_most: bool) -> bool:
    """Whether a bound says more than the one before; one that sizes give says more than a number."""
    if isinstance(new, int) and isinstance(old, int):
        return new < old if at_most else new > old
    return not isinstance(new, int) and isinstance(old, int) and abs(old) >= LARGEST_SIZE


def _shape(value: Value) -> tuple[Dim, ...]:
    assert isinstance(value.type, TensorType)
    return value.type.shape


def _either(a: Range, b: Range) -> Range:
    return Range(min_dim(a.low, b.low), max_dim(a.high, b.high))
