"""`and`, `or`, `not` and `is None`, with Python's short circuit and operand-valued results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.ops.logic import logical_not
from autograph.staging.conditional import if_
from autograph.staging.regions import condition, is_staged, predicate
from autograph.staging.unbound import Maybe


def and_(left: Any, right: Callable[[], Any]) -> Any:
    """`left and right()`: the right operand is computed only if the left one is true."""
    if not is_staged(condition(left)):
        return left and right()
    return if_(left, right, lambda: _operand(left))


def or_(left: Any, right: Callable[[], Any]) -> Any:
    """`left or right()`: the right operand is computed only if the left one is false."""
    if not is_staged(condition(left)):
        return left or right()
    return if_(left, lambda: _operand(left), right)


def _operand(value: Any) -> Any:
    return value


def not_(value: Any) -> Any:
    """`not value`."""
    test = condition(value)
    return logical_not(predicate(test)) if is_staged(test) else not test


def is_none(value: Any) -> Any:
    """`value is None`."""
    return value.is_none() if isinstance(value, Maybe) else value is None
