"""Simplifications, bounds and decisions that the rest of the package counts on."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from autograph import errors
from autograph.runtime.dims import (
    Dim,
    SymbolicDim,
    known_at_least,
    known_equal,
    lower_bound,
    max_dim,
    min_dim,
    symbol,
    upper_bound,
)

b, t = symbol("b"), symbol("t")
k = symbol("k", minimum=0)


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        ((2 * b) // 2, b),
        ((b * t) // t, b),
        ((b * t + 1) // t, b),
        ((b * t - 1) // t, b - 1),
        ((b * 4) % 4, 0),
        ((b * t) % b, 0),
        ((b + 1) - b, 1),
        (0 * b, 0),
        ((6 * b + 4) // 4, (3 * b + 2) // 2),
        ((b // 2) // 3, b // 6),
        (b // -2, (-b) // 2),
        (b - (b // 4) * 4, b % 4),
        ((b // 4) * 4 + b % 4, b),
        ((b % 4) // 4, 0),
        ((b % 4) % 8, b % 4),
        ((4 * b * t) // (2 * t), 2 * b),
        (max_dim(b, 1), b),
        (max_dim(b - 1, b), b),
        (max_dim(b, max_dim(k, t), 2), max_dim(t, b, k)),
        (max_dim(b - b // 2, 0), b - b // 2),
        (min_dim(b, 2), 2),
        (min_dim(b, b + k), b),
        (max_dim(3, 4), 4),
        (min_dim(3, 4), 3),
        (max_dim(min_dim(b, 5), 0), min_dim(b, 5)),
        (1 // b, 0),
        (7 - b + b, 7),
    ],
)
def test_exact_simplification(computed: Dim, expected: Dim) -> None:
    assert computed == expected
    assert type(computed) is type(expected)
    assert hash(computed) == hash(expected)


def test_a_divisor_that_may_be_zero_is_kept() -> None:
    assert str((k * t) // k) == "(k?*t)//k?"
    assert str(0 // k) == "0//k?"
    with pytest.raises(ZeroDivisionError):
        b // 0
    with pytest.raises(ZeroDivisionError):
        b % (k - k)


def test_symbols_of_different_minimum_are_different() -> None:
    assert symbol("b") == b
    assert symbol("b", minimum=0) != b
    assert b != 2
    assert b != "b"


def test_numpy_integers_are_integers() -> None:
    assert b + np.int64(3) == np.int64(3) + b == b + 3
    assert np.int32(2) * b == 2 * b
    assert type(b + np.int64(3) - b) is int


def test_other_operands_are_refused() -> None:
    for operation in (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod):
        with pytest.raises(TypeError):
            operation(b, 1.5)
        with pytest.raises(TypeError):
            operation(1.5, b)
    with pytest.raises(TypeError):
        b / 2  # type: ignore[operator]


@pytest.mark.parametrize("convert", [bool, int, operator.index, float, range])
def test_conversion_to_a_python_number_is_explained(convert: Callable[[SymbolicDim], object]) -> None:
    with pytest.raises(errors.GraphTensorError, match=r"`b` is known only when the graph runs[\s\S]*TensorSpec"):
        convert(b)


def test_copies_are_equal() -> None:
    dim = max_dim(b, k) // 3 + 2 * t
    assert pickle.loads(pickle.dumps(dim)) == dim == copy.deepcopy(dim)


@pytest.mark.parametrize("name", ["2b", "", "for", "max", "min", "b?", "a b"])
def test_names_that_are_no_variables_are_refused(name: str) -> None:
    with pytest.raises(errors.ShapeError, match="cannot name a dimension"):
        symbol(name)


@pytest.mark.parametrize(
    ("dim", "low", "high"),
    [
        (5, 5, 5),
        (b, 2, None),
        (k, 0, None),
        (2 * b + 1, 5, None),
        (b * t - b, 2, None),
        (3 - b, None, 1),
        (b % 4, 0, 3),
        ((b + 1) // 2, 1, None),
        (b - b // 2, 1, None),
        (b // 2 - b, None, -1),
        (max_dim(b, k) - b, 0, None),
        (min_dim(b, 7), 2, 7),
        (b - min_dim(b, k), 0, None),
        (b - k, None, None),
        (k * (t % 3), 0, None),
    ],
)
def test_bounds(dim: Dim, low: int | None, high: int | None) -> None:
    assert (lower_bound(dim), upper_bound(dim)) == (low, high)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (3, 3, True),
        (3, 4, False),
        (b, b, True),
        (b, b + 1, False),
        (b, 1, False),
        (b, 0, False),
        (k, 0, None),
        (b, t, None),
        (2 * b, 5, False),
        (2 * b, 6, None),
        (b % 3, 3, False),
        (b * t, b, False),
        (b - b // 2, (b + 1) // 2, True),
    ],
)
def test_known_equal(x: Dim, y: Dim, expected: bool | None) -> None:
    assert known_equal(x, y) is expected
    assert known_equal(y, x) is expected


@pytest.mark.parametrize(
    ("x", "n", "expected"),
    [
        (3, 3, True),
        (2, 3, False),
        (b, 2, True),
        (b, 3, None),
        (-b, 0, False),
        (b, k, None),
        (b + k, k, True),
        (k, k + 1, False),
    ],
)
def test_known_at_least(x: Dim, n: Dim, expected: bool | None) -> None:
    assert known_at_least(x, n) is expected
