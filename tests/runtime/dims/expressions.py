"""Random dimension expressions, computed by the algebra under test and by Python on integers."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from autograph.runtime.dims import Dim, max_dim, min_dim, symbol

MINIMUMS = {"b": 2, "t": 2, "k": 0, "n": 5}

Expression = tuple[str, "Expression", "Expression"] | str | int

environments = st.fixed_dictionaries({name: st.integers(low, 40) for name, low in MINIMUMS.items()})

_leaves = st.sampled_from(sorted(MINIMUMS)) | st.integers(-6, 12)

expressions: st.SearchStrategy[Expression] = st.recursive(
    _leaves,
    lambda inner: st.tuples(st.sampled_from(["+", "-", "*", "//", "%", "max", "min"]), inner, inner),
    max_leaves=7,
)

_DIM: dict[str, Callable[[Dim, Dim], Dim]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "//": lambda x, y: x // y,
    "%": lambda x, y: x % y,
    "max": max_dim,
    "min": min_dim,
}

_INT: dict[str, Callable[[int, int], int]] = {
    **{operator: _DIM[operator] for operator in ("+", "-", "*", "//", "%")},  # type: ignore[dict-item]
    "max": max,
    "min": min,
}


def to_dim(expression: Expression) -> Dim | None:
    """Build the dimension; None where the algebra itself meets a division by zero."""
    try:
        return _build(expression)
    except ZeroDivisionError:
        return None


def _build(expression: Expression) -> Dim:
    if isinstance(expression, int):
        return expression
    if isinstance(expression, str):
        return symbol(expression, MINIMUMS[expression])
    operator, left, right = expression
    return _DIM[operator](_build(left), _build(right))


def to_int(expression: Expression, env: dict[str, int]) -> int | None:
    """Compute the value on integers; None where a division by zero stops it."""
    try:
        return _compute(expression, env)
    except ZeroDivisionError:
        return None


def _compute(expression: Expression, env: dict[str, int]) -> int:
    if isinstance(expression, int):
        return expression
    if isinstance(expression, str):
        return env[expression]
    operator, left, right = expression
    return _INT[operator](_compute(left, env), _compute(right, env))
