"""Comparison chains, equality of structures, order of sequences, and `in`."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Iterable, KeysView, ValuesView
from types import FunctionType
from typing import Any

from autograph.ops.arithmetic import remainder, subtract
from autograph.ops.comparison import equal, greater_equal
from autograph.ops.logic import logical_and
from autograph.ops.reductions import any as any_of
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import RunTimeText
from autograph.staging.choice import Chosen
from autograph.staging.class_methods import call_method, set_order
from autograph.staging.conditional import if_
from autograph.staging.growing_dict import Dict, bare_entry
from autograph.staging.growing_list import List, set_equal
from autograph.staging.lazy import Lazy
from autograph.staging.logic import and_, is_, is_none, not_, or_, truth
from autograph.staging.loops import for_
from autograph.staging.objects import is_object
from autograph.staging.regions import is_staged, predicate
from autograph.staging.sequences import Sequence, as_staged_sequence, indexable
from autograph.staging.unbound import Maybe

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: _ordered(a, b, operator.lt),
    "<=": lambda a, b: _ordered(a, b, operator.le),
    ">": lambda a, b: _ordered(a, b, operator.gt),
    ">=": lambda a, b: _ordered(a, b, operator.ge),
    "==": lambda a, b: equals(a, b),
    "!=": lambda a, b: not_(equals(a, b)) if _is_compared(a) and _is_compared(b) else a != b,
    "is": lambda a, b: is_(a, b),
    "is not": lambda a, b: not_(is_(a, b)),
    "in": lambda item, container: in_(item, container),
    "not in": lambda item, container: not_(in_(item, container)),
}
_CONTAINERS = (list, tuple, set, frozenset, dict, KeysView, ValuesView)


def compare(first: Any, *rest: Any) -> Any:
    """A comparison chain: `compare(a, "<", lambda: b, "<=", lambda: c)` is `a < b <= c`, each operand computed once."""
    symbol, operand, *further = rest
    right = operand()
    result = _COMPARE[symbol](first, right)
    return and_(result, lambda: compare(right, *further)) if further else result


def equals(a: Any, b: Any) -> Any:
    """`a == b`; structures of tensors are compared part by part."""
    if isinstance(a, Maybe) and _has_parts(a.ag_value):
        return and_(not_(is_none(a)), lambda: equals(a.require_value(), b))
    if isinstance(b, Maybe) and _has_parts(b.ag_value):
        return equals(b, a)
    if isinstance(a, Chosen) and not a.ag_plain:
        return a.ag_map(lambda one: equals(one, b))
    if isinstance(b, Chosen) and not b.ag_plain:
        return equals(b, a)
    if not _has_parts(a) or not _has_parts(b):
        return a == b
    if isinstance(a, list) != isinstance(b, list) or isinstance(a, tuple) != isinstance(b, tuple):
        return False
    if isinstance(a, list) and (_in_graph(a) or _in_graph(b)):
        return _equal_lists(a, b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and _all_equal(zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        if isinstance(a, Dict) or isinstance(b, Dict):
            return _equal_dicts(Dict(a), Dict(b))
        return a.keys() == b.keys() and _all_equal((a[key], b[key]) for key in a)
    if type(a) is not type(b):
        return False
    return _all_equal((getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a) if f.compare)


def _equal_dicts(a: Dict, b: Dict) -> Any:
    def present(key: Any) -> Any:
        return b.has(key)

    def same_values(key: Any) -> Any:
        return equals(bare_entry(a, key), bare_entry(b, key))

    def pairs() -> Iterable[tuple[Any, Any]]:
        for key in {**dict.fromkeys(a.plain_keys()), **dict.fromkeys(b.plain_keys())}:
            left, right = a.has(key), b.has(key)
            yield left, right
            if left is not False and right is not False:
                both = and_(left, functools.partial(present, key))
                yield or_(not_(both), functools.partial(same_values, key)), True

    return _all_equal(pairs())


set_equal(equals)


def _has_parts(value: Any) -> bool:
    if isinstance(value, list | tuple) or type(value) in (dict, Dict):
        return True
    made_eq = getattr(type(value).__eq__, "__code__", None)
    return dataclasses.is_dataclass(value) and made_eq is not None and made_eq.co_filename == "<string>"


def _is_compared(value: Any) -> bool:
    """Whether structures may have to be compared part by part."""
    return _has_parts(value) or (isinstance(value, Chosen) and not value.ag_plain)


def _in_graph(items: list[Any]) -> bool:
    return isinstance(items, List) and items.graph is not None


def _all_equal(pairs: Iterable[tuple[Any, Any]]) -> Any:
    found: Any = True
    for a, b in pairs:
        same = equals(a, b)
        if not is_staged(same):
            if not same:
                return False
        elif found is True:
            found = predicate(same)
        else:
            found = logical_and(found, predicate(same))
    return found


def _equal_lists(a: Any, b: Any) -> Any:
    left, right = [as_staged_sequence(items) or indexable(items) for items in (a, b)]
    length = left.length()

    def all_same() -> Any:
        def trip(index: Any, same: Any) -> Any:
            return equals(left.item(index), right.item(index))

        return for_(Sequence(lambda: length, lambda index: index), trip, (True,), "same", until=not_)

    return and_(length == right.length(), all_same)


def _ordered_dataclasses(a: Any, b: Any, order: Callable[[Any, Any], Any]) -> Any:
    if type(a) is not type(b):
        return NotImplemented
    left, right = [tuple([getattr(one, f.name) for f in dataclasses.fields(one) if f.compare]) for one in (a, b)]
    return _ordered(left, right, order)


set_order(_ordered_dataclasses)


def _ordered(a: Any, b: Any, order: Callable[[Any, Any], Any]) -> Any:
    if type(a) is not type(b) or not isinstance(a, tuple | list) or not any(map(is_staged, (*a, *b))):
        return order(a, b)
    result: Any = order(len(a), len(b))
    for x, y in reversed(list(zip(a, b, strict=False))):
        same = equals(x, y)
        if is_staged(same):
            result = if_(same, lambda result=result: result, lambda x=x, y=y: _ordered(x, y, order))
        elif not same:
            result = _ordered(x, y, order)
    return result


def in_(item: Any, container: Any) -> Any:
    """`item in container`; with tensors of the graph, found by comparing at run time."""
    if isinstance(container, Chosen):
        return container.ag_map(lambda one: in_(item, one))
    if isinstance(item, Chosen) and isinstance(container, str):
        return item.ag_map(lambda one: in_(one, container))
    if isinstance(item, RunTimeText) and isinstance(container, str):
        item.unread()
    if isinstance(container, Maybe):
        container = container.require_value()
    if is_staged(container):
        return any_of(equal(container, item))
    if isinstance(container, List) and container.graph is not None and is_number_like(item):
        return greater_equal(container.graph.find(item), 0)
    if isinstance(container, range) and is_staged(item) and not isinstance(item, Maybe):
        return _in_range(item, container)
    if isinstance(container, Dict):
        return item.ag_map(container.has) if isinstance(item, Chosen) else _has_key(container, item)
    if isinstance(container, Lazy) or as_staged_sequence(container) is not None:
        return _found(item, container)
    if not isinstance(container, _CONTAINERS):
        method = getattr(type(container), "__contains__", None)
        if is_object(container) and isinstance(method, FunctionType):
            return truth(call_method(method, container, item))
        return item in container
    entries = sorted(container, key=repr) if isinstance(container, set | frozenset) else list(container)
    if not any(_holds_staged(entry) for entry in (item, *entries)):
        return item in (entries if isinstance(item, Tensor) else container)
    found: Any = False
    for entry in entries:
        found = or_(found, functools.partial(equals, entry, item))
    return found


def _has_key(container: Dict, item: Any) -> Any:
    if not _holds_staged(item):
        return container.has(item)
    found: Any = False

    def is_here(key: Any) -> Any:
        return and_(container.has(key), lambda: equals(key, item))

    for key in container.plain_keys():
        found = or_(found, functools.partial(is_here, key))
    return found


def is_number_like(value: Any) -> bool:
    """Whether a value is a number or a scalar tensor."""
    return not isinstance(value, list | tuple | dict | Maybe) and value is not None


def _holds_staged(value: Any) -> bool:
    if isinstance(value, list | tuple) and not (isinstance(value, list) and _in_graph(value)):
        return any(_holds_staged(part) for part in value)
    return is_staged(value) or isinstance(value, Chosen) or _has_parts(value)


def _in_range(item: Any, numbers: range) -> Any:
    if not numbers:
        return False
    low, high = min(numbers[0], numbers[-1]), max(numbers[0], numbers[-1])
    inside = and_(item >= low, lambda: item <= high)
    return and_(inside, lambda: remainder(subtract(item, low), abs(numbers.step)) == 0)


def _found(item: Any, items: Any) -> Any:
    def trip(entry: Any, found: Any) -> Any:
        return equals(entry, item)

    return for_(items, trip, (False,), "found", until=lambda found: found)
