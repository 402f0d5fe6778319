"""`and`, `or`, `not` and `is None`, with Python's short circuit and operand-valued results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.errors import StagingError
from autograph.ops.logic import logical_not
from autograph.staging.conditional import if_
from autograph.staging.regions import OnlyTruth, condition, is_staged, predicate
from autograph.staging.unbound import Maybe


def and_(left: Any, right: Callable[[], Any]) -> Any:
    """`left and right()`: the right operand is computed only if the left one is true."""
    if not is_staged(condition(left)):
        return left and right()
    return _decided(left, right, lambda: _operand(left), lambda: if_(left, lambda: truth(right()), lambda: False))


def or_(left: Any, right: Callable[[], Any]) -> Any:
    """`left or right()`: the right operand is computed only if the left one is false."""
    if not is_staged(condition(left)):
        return left or right()
    return _decided(left, lambda: _operand(left), right, lambda: if_(left, lambda: True, lambda: truth(right())))


def _decided(left: Any, then: Callable[[], Any], orelse: Callable[[], Any], as_truth: Callable[[], Any]) -> Any:
    """The operand that decides; where no one value can be both, what can be asked for its truth only."""
    try:
        return if_(left, then, orelse)
    except StagingError as error:
        return OnlyTruth(as_truth(), error)


def truth(value: Any) -> Any:
    """The truth of a value: a bool, or a bool scalar of the graph."""
    test = condition(value)
    return predicate(test) if is_staged(test) else bool(test)


def _operand(value: Any) -> Any:
    return value


def not_(value: Any) -> Any:
    """`not value`."""
    test = condition(value)
    return logical_not(predicate(test)) if is_staged(test) else not test


def is_none(value: Any) -> Any:
    """`value is None`."""
    return value.is_none() if isinstance(value, Maybe) else value is None
