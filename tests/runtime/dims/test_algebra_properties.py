"""The algebra agrees with Python's integers on random expressions and sizes."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from autograph.runtime.dims import (
    Dim,
    SymbolicDim,
    evaluate,
    known_at_least,
    known_equal,
    lower_bound,
    parse_dim,
    solve,
    substitute,
    symbol,
    symbols_of,
    to_python,
    upper_bound,
)
from tests.runtime.dims.expressions import MINIMUMS, Expression, environments, expressions, to_dim, to_int


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
