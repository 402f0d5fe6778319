"""What a staged `for` can go over: tensors, ranges of tensors, graph lists, and views of these."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import optree

from autograph.errors import GraphTensorError, ShapeError, StagingError, TensorUseError
from autograph.ops.arithmetic import add, floor_divide, maximum, minimum, subtract
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.conditional import if_
from autograph.staging.generators import enumerated, generator_of
from autograph.staging.growing_dict import Dict, set_entries
from autograph.staging.growing_list import List
from autograph.staging.lazy import Lazy
from autograph.staging.python_ints import python_int
from autograph.staging.regions import active_trace, is_staged
from autograph.staging.stacks import Stack
from autograph.staging.unbound import Maybe, check


class Sequence:
    """Items by index, with a length that the graph may compute.

    Args:
        length: gives the length, an int or an integer scalar tensor.
        item: gives the item at an index tensor.
        live: lists of the graph among its sources, whose length a loop's body may change.
        sized: whether it is false when it is empty, as a range is.
        fixed: other lists among its sources, which a loop's body must leave alone.
    """

    def __init__(
        self,
        length: Callable[[], Any],
        item: Callable[[Any], Any],
        live: list[List] | None = None,
        fixed: list[List] | None = None,
        sized: bool = False,
    ) -> None:
        self.length = length
        self.item = item
        self.live = live or []
        self.fixed = fixed or []
        self.sized = sized

    def __autograph_truth__(self) -> Any:
        return self.length() if self.sized else True

    def __eq__(self, other: Any) -> Any:
        refuse(StagingError, "a comparison of something whose items only the graph knows", "compare lists of them")

    __hash__ = object.__hash__

    def __iter__(self) -> Any:
        refuse(
            ShapeError,
            "code that is not converted iterates over something whose length only the graph knows",
            "iterate with a for statement in converted code",
        )


def as_staged_sequence(value: Any) -> Sequence | None:
    """A view of what the graph has to loop over; None for what Python can loop over."""
    if isinstance(value, Sequence):
        return value
    if isinstance(value, Maybe):
        return as_staged_sequence(value.require_value())
    if isinstance(value, Dict) and value.is_staged:
        return entries(value, 0)
    if isinstance(value, List) and value.graph is not None:
        return Sequence(value.length, value.__getitem__, [value])
    if isinstance(value, Tensor | Variable) and current_trace() is not None:
        return rows(value)
    return None


def entries(items: Dict, part: int | None) -> Sequence:
    """The keys, the values or both, of a dict of which the graph decides what keys it has."""

    def item(index: Any) -> Any:
        pair = items.entry(index)
        return pair if part is None else pair[part]

    return Sequence(items.length, item, sized=True)


set_entries(entries)


def unrolled(iterable: Any) -> Any:
    """The items as Python has them, where the graph does not decide how many there are; None where it does."""
    inner = as_staged_sequence(iterable)
    if inner is None:
        return iterable
    try:
        count = operator.index(inner.length())
    except GraphTensorError:
        return None
    return [inner.item(place) for place in range(count)]


def rows(tensor: Any) -> Sequence:
    """The rows of a tensor."""
    if not tensor.ndim:
        refuse(TensorUseError, "iteration over a tensor without dimensions", "loop over range(n), or over a vector")
    return Sequence(lambda: tensor.shape[0], lambda index: tensor[index])


def range_(*bounds: Any) -> Any:
    """`range`; with tensors among the bounds a sequence whose length the graph computes."""
    if not any(is_staged(bound) for bound in bounds):
        return range(*[bound.__index__() if isinstance(bound, Tensor) else bound for bound in bounds])
    for bound in bounds:
        _require_integer(bound)
    first, stop, by = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    start, step = python_int(first), python_int(by)
    if getattr(stop, "dtype", None) is not int64:  # one that is has room for the difference, and no item is made of it
        stop = python_int(stop)

    def length() -> Any:
        if isinstance(step, int):
            if step == 0:
                raise ValueError("range() arg 3 must not be zero")
            return _trips(start, stop, step) if step > 0 else _trips(stop, start, -step)
        check(step != 0, ValueError, "range() arg 3 must not be zero")
        return if_(step > 0, lambda: _trips(start, stop, step), lambda: _trips(stop, start, -step))

    return Sequence(length, lambda index: start + index * step, sized=True)


def _require_integer(bound: Any) -> None:
    if isinstance(bound, Tensor) and (bound.type.shape or not bound.dtype.is_integer):
        refuse(
            TensorUseError,
            f"range() takes integer scalars, not a tensor {bound.type}",
            "cast it: ag.ops.astype(n, ag.int64)",
        )


def _trips(low: Any, high: Any, step: Any) -> Any:
    span = subtract(high, low)
    if isinstance(step, int) and step == 1:
        return maximum(span, 0)
    return maximum(floor_divide(add(span, subtract(step, 1)), step), 0)


def enumerate_(iterable: Any, start: Any = 0) -> Any:
    """`enumerate`."""
    inner = as_staged_sequence(iterable)
    if inner is None:
        generator = None if current_trace() is None else generator_of(iterable)
        return enumerate(iterable, start) if generator is None else enumerated(generator, start)

    first = python_int(start)

    def numbered(index: Any) -> tuple[Any, Any]:
        plain = isinstance(index, int) and isinstance(first, int)
        return (index + first if plain else add(index, first)), inner.item(index)

    return Sequence(inner.length, numbered, inner.live, inner.fixed)


def zip_(*iterables: Any, strict: bool = False) -> Any:
    """`zip`."""
    staged = [as_staged_sequence(iterable) for iterable in iterables]
    if not any(staged):
        return zip(*iterables, strict=strict)
    python = [_kept(outer) if inner is None else inner for inner, outer in zip(staged, iterables, strict=True)]
    if not all(_is_indexable(items) for items in python if isinstance(items, list)):
        items = [part if isinstance(part, list) else unrolled(part) for part in python]
        if None not in items:
            return zip(*items, strict=strict)
    parts = [part if isinstance(part, Sequence) else indexable(part) for part in python]
    if any(isinstance(part.length(), int) and part.length() == 0 for part in parts):
        return zip()  # nothing to go over, whatever the graph's lengths are

    def length() -> Any:
        shortest = parts[0].length()
        for part in parts[1:]:
            shortest = minimum(shortest, part.length())
        return shortest

    live, fixed = [one for part in parts for one in part.live], [one for part in parts for one in part.fixed]
    return Sequence(length, lambda index: tuple([part.item(index) for part in parts]), live, fixed)


def _kept(iterable: Any) -> list[Any]:
    return iterable if isinstance(iterable, List) else list(iterable)


def _is_indexable(items: list[Any]) -> bool:
    """Whether Python items are numbers and tensors, which a tensor can index."""
    leaves: list[Any] = optree.tree_leaves(items)  # type: ignore[arg-type]
    return all(isinstance(leaf, Tensor | Variable | np.ndarray | np.generic | int | float | complex) for leaf in leaves)


def indexable(iterable: Any) -> Sequence:
    """A Python iterable as a sequence that a tensor can index."""
    items = list(iterable)
    rows_ = [optree.tree_flatten(item) for item in items]
    if any(structure != rows_[0][1] for _, structure in rows_):
        refuse(
            StagingError,
            "a staged loop goes over Python items of different structure",
            "give the items one structure, or loop over them in a loop of their own",
        )
    columns = [Stack(column) for column in zip(*[leaves for leaves, _ in rows_], strict=True)]
    fixed = [iterable] if isinstance(iterable, List) else []

    def item(index: Any) -> Any:
        found = rows_[0][1].unflatten([column[index] for column in columns])
        active_trace().journal.items.note_copied(items, found)
        return found

    return Sequence(lambda: len(items), item, fixed=fixed)


def reversed_(iterable: Any) -> Any:
    """`reversed`."""
    inner = as_staged_sequence(iterable)
    if inner is None:
        return reversed(iterable)
    length = inner.length()  # as it is now: what is appended later does not count
    return Sequence(lambda: length, lambda index: inner.item(subtract(subtract(length, 1), index)))


def filter_(function: Callable[..., Any] | None, iterable: Any) -> Any:
    """`filter`."""
    if current_trace() is None:
        return filter(function, iterable)
    return Lazy(lambda item: item, iterable, bool_of if function is None else function)


def bool_of(item: Any) -> Any:
    """The item itself, for its truth."""
    return item


def map_(function: Callable[..., Any], *iterables: Any) -> Any:
    """`map`."""
    if not any(as_staged_sequence(iterable) for iterable in iterables):
        return map(function, *iterables)
    zipped = zip_(*iterables)
    if not isinstance(zipped, Sequence):
        return zipped  # nothing to go over
    return Sequence(zipped.length, lambda index: function(*zipped.item(index)), zipped.live, zipped.fixed)
