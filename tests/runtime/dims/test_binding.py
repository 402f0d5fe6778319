"""Sizes for symbols: refusals and limits that the random tests do not reach."""

from __future__ import annotations

import pytest

from autograph import errors
from autograph.runtime.dims import Dim, evaluate, max_dim, solve, substitute, symbol, symbols_of

b, t = symbol("b"), symbol("t")


def test_a_symbol_without_size_is_named() -> None:
    with pytest.raises(errors.ShapeError, match="`t` has no size"):
        evaluate(b * t, {"b": 3})


def test_division_by_a_size_of_zero_raises() -> None:
    k = symbol("k", minimum=0)
    with pytest.raises(ZeroDivisionError):
        evaluate(b // k, {"b": 3, "k": 0})
    with pytest.raises(ZeroDivisionError):
        substitute(b // k, {"k": 0})


def test_substituting_resolves_what_was_open() -> None:
    dim = max_dim(b, t) // t
    assert substitute(dim, {"b": t}) == 1
    assert substitute(dim, {"b": 3 * t}) == 3
    assert symbols_of(dim) == ("b", "t")


@pytest.mark.parametrize(
    ("dim", "size", "env", "expected"),
    [
        (b, 7, {}, ("b", 7)),
        (2 * b + 1, 7, {}, ("b", 3)),
        (5 - b, 2, {}, ("b", 3)),
        (b * t, 12, {"t": 4}, ("b", 3)),
        (b + b // t, 12, {"t": 1}, ("b", 6)),
        (2 * b, 7, {}, None),  # no size fits
        (b, 1, {}, None),  # below the symbol's minimum
        (b, 7, {"b": 7}, None),  # nothing is open
        (b * t, 12, {}, None),
        (b * b, 9, {}, None),
        (b // 2, 3, {}, None),
        (b + b // 2, 3, {}, None),
        (max_dim(b, t), 3, {"t": 2}, ("b", 3)),
        (7, 7, {}, None),
    ],
)
def test_solve(dim: Dim, size: int, env: dict[str, int], expected: tuple[str, int] | None) -> None:
    assert solve(dim, size, env) == expected
