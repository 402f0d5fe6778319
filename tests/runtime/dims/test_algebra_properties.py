"""The algebra agrees with Python's integers on random expressions and sizes.

Each random expression is computed in two ways: by the algebra under test, and by Python on integers.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from autograph.runtime.dims import (
    Dim,
    SymbolicDim,
    evaluate,
    known_at_least,
    known_equal,
    lower_bound,
    max_dim,
    min_dim,
    parse_dim,
    solve,
    substitute,
    symbol,
    symbols_of,
    to_python,
    upper_bound,
)

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


def value_and_dim(expression: Expression, env: dict[str, int]) -> tuple[int, Dim]:
    value, dim = to_int(expression, env), to_dim(expression)
    assume(value is not None and dim is not None)
    assert value is not None and dim is not None
    return value, dim


@given(expressions, environments)
def test_evaluation(expression: Expression, env: dict[str, int]) -> None:
    value, dim = value_and_dim(expression, env)
    assert evaluate(dim, env) == value


@given(expressions, environments)
def test_bounds_hold(expression: Expression, env: dict[str, int]) -> None:
    value, dim = value_and_dim(expression, env)
    low, high = lower_bound(dim), upper_bound(dim)
    assert low is None or low <= value
    assert high is None or value <= high


@given(expressions, expressions, environments)
def test_known_comparisons_hold(left: Expression, right: Expression, env: dict[str, int]) -> None:
    x, a = value_and_dim(left, env)
    y, b = value_and_dim(right, env)
    assert known_equal(a, b) in (None, x == y)
    assert known_at_least(a, b) in (None, x >= y)
    assert (a != b) or x == y
    assert (a != b) or hash(a) == hash(b)


@given(expressions)
def test_text_parses_back(expression: Expression) -> None:
    dim = to_dim(expression)
    assume(dim is not None)
    assert parse_dim(str(dim)) == dim


@given(expressions, environments)
def test_python_text_computes_the_value(expression: Expression, env: dict[str, int]) -> None:
    value, dim = value_and_dim(expression, env)
    assert eval(f"10*{to_python(dim)}", {}, dict(env)) == 10 * value
    assert eval(f"-{to_python(dim)}//3", {}, dict(env)) == -value // 3


@given(expressions, st.dictionaries(st.sampled_from(sorted(MINIMUMS)), expressions, max_size=2), environments)
def test_substitution(expression: Expression, mapping: dict[str, Expression], env: dict[str, int]) -> None:
    inner = {name: value_and_dim(value, env) for name, value in mapping.items()}
    # A symbol may only be replaced by what stays in its range.
    assume(all(known_at_least(dim, MINIMUMS[name]) for name, (_, dim) in inner.items()))
    value, dim = value_and_dim(expression, {**env, **{name: number for name, (number, _) in inner.items()}})
    replaced = substitute(dim, {name: replacement for name, (_, replacement) in inner.items()})
    assert evaluate(replaced, env) == value


@given(expressions, environments)
def test_binding_every_symbol_gives_an_int(expression: Expression, env: dict[str, int]) -> None:
    value, dim = value_and_dim(expression, env)
    bound = substitute(dim, env)
    assert type(bound) is int
    assert bound == value
    assert set(symbols_of(dim)) <= set(MINIMUMS)
    assert bool(symbols_of(dim)) == isinstance(dim, SymbolicDim)


@given(expressions, expressions, expressions)
def test_ring_laws_hold_structurally(x: Expression, y: Expression, z: Expression) -> None:
    a, b, c = to_dim(x), to_dim(y), to_dim(z)
    assume(a is not None and b is not None and c is not None)
    assert a is not None and b is not None and c is not None
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - a == 0
    assert 0 - (0 - a) == a


@given(expressions, st.integers(1, 9), expressions)
def test_division_undoes_multiplication(x: Expression, factor: int, y: Expression) -> None:
    a, c = to_dim(x), to_dim(y)
    assume(a is not None and c is not None)
    assert a is not None and c is not None
    assert (a * factor) // factor == a
    assert (a * factor) % factor == 0
    assert (a // factor) * factor + a % factor == a
    assert (a + c * factor) // factor == a // factor + c
    if known_at_least(c, 1):
        assert (a * c) // c == a
        assert (a * c) % c == 0


@given(st.integers(-9, 9).filter(bool), st.integers(-9, 9), st.integers(2, 40), st.integers(2, 40))
def test_solving_recovers_the_size(factor: int, offset: int, b: int, t: int) -> None:
    dim = symbol("b") * symbol("t") * factor + symbol("t") + offset
    assert solve(dim, b * t * factor + t + offset, {"t": t}) == ("b", b)
    assert solve(dim, b * t * factor + t + offset, {}) is None
