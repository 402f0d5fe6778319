"""`max`, `min` and `sorted` over tensors and structures that hold them."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from autograph.errors import StagingError
from autograph.ops import arithmetic, reductions
from autograph.ops.comparison import greater, less
from autograph.ops.joining import stack
from autograph.ops.selection import where
from autograph.ops.sorting import argsort
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.comparing import compare
from autograph.staging.comprehensions import list_of
from autograph.staging.conditional import if_
from autograph.staging.failures import holds_graph_values
from autograph.staging.forms import is_tensor_like
from autograph.staging.generators import generator_of
from autograph.staging.graph_list import GraphList, fit, set_remade
from autograph.staging.growing_list import List, set_loops
from autograph.staging.layouts import closed
from autograph.staging.lazy import Lazy
from autograph.staging.loops import for_
from autograph.staging.number_classes import note_extreme
from autograph.staging.python_ints import python_int
from autograph.staging.regions import is_staged
from autograph.staging.sequences import Sequence, as_staged_sequence, range_
from autograph.staging.stacks import Stack
from autograph.staging.stores import item
from autograph.staging.unbound import check

_NOTHING = object()


def collected(items: Any) -> Any:
    """The items of an iterable as a list."""
    inlined = current_trace() is not None and generator_of(items) is not None
    staged = inlined or isinstance(items, Lazy) or as_staged_sequence(items) is not None
    return list_of(lambda item: item, items) if staged else List(items)


def max_(*args: Any, key: Any = None, default: Any = _NOTHING) -> Any:
    """`max`."""
    return _extreme(builtins.max, args, key, default)


def min_(*args: Any, key: Any = None, default: Any = _NOTHING) -> Any:
    """`min`."""
    return _extreme(builtins.min, args, key, default)


def _extreme(plain: Callable[..., Any], args: tuple[Any, ...], key: Any, default: Any) -> Any:
    if len(args) == 1 and is_staged(args[0]) and key is None and default is _NOTHING:
        return (reductions.max if plain is builtins.max else reductions.min)(args[0])
    items = collected(args[0]) if len(args) == 1 else List(args)
    if items.graph is None:
        keys = list(items) if key is None else [key(item) for item in items]
        if not keys and default is not _NOTHING:
            return default
        if not any(_in_graph(part) for part in keys):
            return items[plain(range(len(items)), key=keys.__getitem__)] if keys else plain([])
        return _largest_of_pairs(plain, list(items), keys)
    if default is _NOTHING:
        check(items.length() != 0, ValueError, _complaint(plain))
        return _largest(plain, items, key)
    return if_(items.length() != 0, lambda: _largest(plain, items, key), lambda: default)


def _complaint(plain: Callable[..., Any]) -> str:
    try:
        plain([])
    except ValueError as error:
        return str(error)
    raise AssertionError("the largest of nothing")


def _in_graph(value: Any) -> bool:
    return is_staged(value) or holds_graph_values(value)


def _largest_of_pairs(plain: Callable[..., Any], items: list[Any], keys: list[Any]) -> Any:
    """The item with the largest (or smallest) key, of Python's number of them."""
    best, key_of_best = items[0], keys[0]
    for one, key in zip(items[1:], keys[1:], strict=True):
        if all(item is its_key and is_tensor_like(item) for item, its_key in ((best, key_of_best), (one, key))):
            made = _of_two(plain, best, one)
            note_extreme(plain is builtins.max, made, best, one)
            best = key_of_best = made
            continue
        better = _is_better(plain, key, key_of_best)
        best, key_of_best = if_(better, _giving(one, key), _giving(best, key_of_best))
    return best


def _of_two(plain: Callable[..., Any], best: Any, one: Any) -> Any:
    """One of two tensors; of floats the first where no comparison holds, as of NaN, which a maximum would give."""
    if all(getattr(x, "ndim", 0) == 0 for x in (best, one)) and any(map(_is_float, (best, one))):
        better = greater(one, best) if plain is builtins.max else less(one, best)
        return where(better, one, best)
    return (arithmetic.maximum if plain is builtins.max else arithmetic.minimum)(best, one)


def _is_float(number: Any) -> bool:
    return (
        isinstance(number, float)
        or getattr(getattr(number, "dtype", None), "kind", "") == "f"
        or (isinstance(number, Tensor | Variable) and number.dtype.is_floating)
    )


def _giving(*values: Any) -> Callable[[], Any]:
    return lambda: values


def _is_better(plain: Callable[..., Any], key: Any, key_of_best: Any) -> Any:
    return compare(key, ">" if plain is builtins.max else "<", lambda: key_of_best)


def _largest(plain: Callable[..., Any], items: List, key: Any) -> Any:
    """The item with the largest (or smallest) key, of a number of them that the graph knows; `key` runs once each."""
    keys = items if key is None else list_of(key, items)

    def trip(place: Any, best: Any) -> Any:
        return if_(_is_better(plain, keys[place], keys[best]), lambda: place, lambda: best)

    return items[for_(range_(1, items.length()), trip, (0,), "largest")]


def sorted_(items: Any, *, key: Any = None, reverse: Any = False) -> List:
    """`sorted`; tensors are sorted by number."""
    values = collected(items)
    if values.graph is None:
        keys = list(values) if key is None else [key(value) for value in values]
        if not any(_in_graph(part) for part in keys):
            order = builtins.sorted(range(len(values)), key=keys.__getitem__, reverse=reverse)
            return List([values[place] for place in order])
        return list_of(_in_order(values, keys, reverse), range(len(values)))

    def ordered() -> List:
        keys_of = values if key is None else list_of(key, values)
        return list_of(_in_order(values, keys_of, reverse), range_(values.length()))

    made: List = if_(values.length() != 0, ordered, values.copy)  # nothing cannot be stacked
    return made


def _repeat(items: List, count: Any) -> List:
    """`items * count`; a count below zero gives an empty list."""
    size, count = items.length(), python_int(count)
    if items.graph is None and size == 0:
        return List()
    single = isinstance(size, int) and size == 1
    return list_of(
        lambda index: items[0] if single else item(items, arithmetic.remainder(index, size)), range_(count * size)
    )


set_loops(sorted_, _repeat, collected)


def _remade(rows: GraphList, wanted: Any) -> GraphList:
    """A list with its items made to fit a skeleton."""
    made = list_of(lambda item: closed(fit(item, wanted), List.of_rows), List.of_graph(rows))
    assert isinstance(made.graph, GraphList)
    return made.graph


set_remade(_remade)


def _in_order(values: List, keys: Any, reverse: Any) -> Callable[[Any], Any]:
    column = keys.__autograph_list__() if isinstance(keys, List) else None
    if column is None and not all(is_tensor_like(part) for part in keys):
        refuse(StagingError, "sorted() by tensors that are not numbers", "sort by a number: key=lambda item: …")
    order = argsort(stack(keys), descending=bool(reverse))
    if values.graph is None and all(is_tensor_like(value) for value in values):
        stacked = Stack(values)
        return lambda index: stacked[order[index]]
    sequence = Sequence(values.length, values.__getitem__)
    if values.graph is None:
        refuse(StagingError, "sorted() of structures by a tensor key", "keep the parts in tensors, and use argsort")
    return lambda index: sequence.item(order[index])
