"""`sorted`, `filter`, and `max` and `min` with a key or a default, over what the graph holds."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from autograph.ops.shape import stack
from autograph.ops.sorting import argsort
from autograph.staging.comprehensions import list_of
from autograph.staging.conditional import if_
from autograph.staging.loops import for_
from autograph.staging.regions import is_staged
from autograph.staging.sequences import Sequence, as_staged_sequence, indexable

_MISSING = object()


def is_staged_collection(args: tuple[Any, ...]) -> bool:
    """Whether the arguments of `max`, `min` or `sorted` are, or hold, tensors of the graph."""
    if len(args) == 1:
        items = args[0]
        return as_staged_sequence(items) is not None or (
            isinstance(items, list | tuple) and builtins.any(is_staged(item) for item in items)
        )
    return builtins.any(is_staged(arg) for arg in args)


def sorted_(items: Any, *, key: Callable[[Any], Any] | None = None, reverse: Any = False) -> Any:
    """`sorted`: equal items keep their order."""
    if not is_staged_collection((items,)):
        return builtins.sorted(items, key=key, reverse=reverse)
    sequence = _sequence(items)
    keys = list_of(_itself if key is None else key, items)
    order = argsort(stack(keys), descending=bool(reverse), stable=True)
    return list_of(sequence.item, order)


def filter_(function: Callable[[Any], Any] | None, items: Any) -> Any:
    """`filter`; over a tensor the list of what it lets through."""
    if not is_staged_collection((items,)):
        return builtins.filter(function, items)
    return list_of(_itself, items, _itself if function is None else function)


def extreme_of(
    plain: Callable[..., Any],
    without: Callable[..., Any],
    args: tuple[Any, ...],
    key: Callable[[Any], Any] | None = None,
    default: Any = _MISSING,
) -> Any:
    """`max` or `min` of tensors, with a key or a default.

    Args:
        plain: the builtin.
        without: the same for tensors without key and default.
        args: one iterable, or the items.
        key: what to compare by.
        default: the result for an iterable without items.
    """
    sequence = _sequence(args[0] if len(args) == 1 else list(args))

    def found() -> Any:
        return without(*args) if key is None else _first_extreme(plain is builtins.max, sequence, key)

    length = sequence.length()
    if default is _MISSING or (isinstance(length, int) and length > 0):
        return found()
    return default if isinstance(length, int) else if_(length > 0, found, lambda: default)


def _first_extreme(largest: bool, sequence: Sequence, key: Callable[[Any], Any]) -> Any:
    first = sequence.item(0)

    def trip(item: Any, best: Any, measure: Any) -> Any:
        other = key(item)
        better = other > measure if largest else other < measure
        return if_(better, lambda: (item, other), lambda: (best, measure), names="best, measure")

    best, _ = for_(sequence, trip, (first, key(first)), "best, measure")
    return best


def _sequence(items: Any) -> Sequence:
    found = as_staged_sequence(items)
    return indexable(items) if found is None else found


def _itself(item: Any) -> Any:
    return item
