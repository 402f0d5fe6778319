"""`and`, `or`, `not` and `is None`, with Python's short circuit and operand-valued results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.errors import StagingError
from autograph.ops.logic import logical_not
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.staging.choice import Chosen
from autograph.staging.conditional import staged_if
from autograph.staging.forms import has_identity
from autograph.staging.regions import condition, is_staged, predicate
from autograph.staging.unbound import Maybe


def and_(left: Any, right: Callable[[], Any]) -> Any:
    """`left and right()`: the right operand is computed only if the left one is true."""
    test = condition(left)
    if not is_staged(test):
        return right() if test else left
    return staged_if(test, right, lambda: _operand(left), (), None, [], operand=True)


def or_(left: Any, right: Callable[[], Any]) -> Any:
    """`left or right()`: the right operand is computed only if the left one is false."""
    test = condition(left)
    if not is_staged(test):
        return left if test else right()
    return staged_if(test, lambda: _operand(left), right, (), None, [], operand=True)


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
    if isinstance(value, Chosen) and not value.ag_plain:
        return value.ag_map(is_none)
    return value.is_none() if isinstance(value, Maybe | Chosen) else value is None


def is_(a: Any, b: Any) -> Any:
    """`a is b`."""
    if b is None or a is None:
        return is_none(a if b is None else b)
    if isinstance(a, Chosen) or isinstance(b, Chosen):
        chosen, other = (a, b) if isinstance(a, Chosen) else (b, a)
        return chosen.ag_map(lambda value: is_(value, other))
    if a is not b and has_identity(a) and has_identity(b):
        _require_known(a, b)
    return a is b


def _require_known(a: Any, b: Any) -> None:
    """Refuses to say whether two objects are one where that depends on the path taken."""
    trace = current_trace()
    if trace is None or trace.journal is None:
        return
    aliases = trace.journal.aliases
    if aliases.origins(a).keys() & aliases.origins(b).keys():
        refuse(
            StagingError,
            f"only the running graph knows whether these are the same {type(a).__name__.lower()}",
            "keep a bool beside it that says which it is, or compare what they hold: ==",
        )
