"""`and`, `or`, `not`, comparison chains, `in` and `is None`, with Python's short circuit and operand-valued results."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from autograph.ops.comparison import equal, greater_equal
from autograph.ops.logic import logical_not
from autograph.ops.reductions import any as any_of
from autograph.staging.choice import Chosen
from autograph.staging.conditional import staged_if
from autograph.staging.growing_list import List
from autograph.staging.regions import condition, is_staged, predicate
from autograph.staging.unbound import Maybe

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": lambda a, b: is_(a, b),
    "is not": lambda a, b: not_(is_(a, b)),
    "in": lambda item, container: contains(container, item),
    "not in": lambda item, container: not_(contains(container, item)),
}


def is_(a: Any, b: Any) -> Any:
    """`a is b`."""
    if b is None or a is None:
        return is_none(a if b is None else b)
    if isinstance(a, Chosen) or isinstance(b, Chosen):
        chosen, other = (a, b) if isinstance(a, Chosen) else (b, a)
        return chosen.map(lambda value: is_(value, other))
    return a is b


def and_(left: Any, right: Callable[[], Any]) -> Any:
    """`left and right()`: the right operand is computed only if the left one is true."""
    if not is_staged(condition(left)):
        return left and right()
    return staged_if(condition(left), right, lambda: _operand(left), (), None, [], operand=True)


def or_(left: Any, right: Callable[[], Any]) -> Any:
    """`left or right()`: the right operand is computed only if the left one is false."""
    if not is_staged(condition(left)):
        return left or right()
    return staged_if(condition(left), lambda: _operand(left), right, (), None, [], operand=True)


def _operand(value: Any) -> Any:
    return value


def not_(value: Any) -> Any:
    """`not value`."""
    test = condition(value)
    return logical_not(predicate(test)) if is_staged(test) else not test


def compare(first: Any, *rest: Any) -> Any:
    """A comparison chain: `compare(a, "<", lambda: b, "<=", lambda: c)` is `a < b <= c`, each operand computed once."""
    symbol, operand, *further = rest
    right = operand()
    result = _COMPARE[symbol](first, right)
    return and_(result, lambda: compare(right, *further)) if further else result


def in_(item: Any, container: Any) -> Any:
    """`item in container`."""
    return contains(container, item)


def contains(container: Any, item: Any) -> Any:
    """Whether a container has an item; with tensors of the graph, found by comparing at run time."""
    if is_staged(container):
        return any_of(equal(container, item))
    if isinstance(container, List) and container.graph is not None:
        return greater_equal(container.graph.find(item), 0)
    if isinstance(container, dict):
        container = list(container)
    if not isinstance(container, list | tuple | set | frozenset) or not _any_staged(item, container):
        return item in container
    found: Any = False
    for entry in sorted(container, key=repr) if isinstance(container, set | frozenset) else container:
        found = or_(found, _equals(entry, item))
    return found


def _equals(entry: Any, item: Any) -> Callable[[], Any]:
    return lambda: entry == item


def _any_staged(item: Any, container: Any) -> bool:
    return any(is_staged(value) or isinstance(value, Chosen) for value in (item, *container))


def is_none(value: Any) -> Any:
    """`value is None`."""
    return value.is_none() if isinstance(value, Maybe | Chosen) else value is None
