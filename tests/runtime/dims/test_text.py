"""How dimensions print, what parses, and the Python source made of them."""

from __future__ import annotations

import pytest

from autograph import errors
from autograph.runtime.dims import Dim, max_dim, min_dim, parse_dim, symbol, to_python

b, t = symbol("b"), symbol("t")
k = symbol("k", minimum=0)


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        (b, "b"),
        (k, "k?"),
        (symbol("n", minimum=5), "n?5"),
        (1 + 2 * b, "2*b + 1"),
        (t * b, "b*t"),
        (b * b - b, "b*b - b"),
        (-b, "-b"),
        (3 - b, "3 - b"),
        ((b + 1) // 2, "(b + 1)//2"),
        (-(b // 2), "-(b//2)"),
        (-(b // 2) - 1, "-(b//2) - 1"),
        (b - b // 2, "b - b//2"),
        (b // (t + 1), "b//(t + 1)"),
        (b // (t // 2 * t), "b//(t*(t//2))"),
        ((2 * b) // t, "(2*b)//t"),
        (b % 4, "b % 4"),
        ((b + 5) % 4, "(b + 1) % 4"),
        (3 * (b % 4) + 1, "3*(b % 4) + 1"),
        (b % 4 // t, "(b % 4)//t"),
        (max_dim(k, b + 1), "max(b + 1, k?)"),
        (min_dim(b, 7) * t, "t*min(b, 7)"),
    ],
)
def test_prints_and_parses_back(dim: Dim, text: str) -> None:
    assert str(dim) == text
    assert parse_dim(text) == dim


@pytest.mark.parametrize(
    ("text", "dim"),
    [
        ("7", 7),
        (" - 7 ", -7),
        ("3*4 - 2", 10),
        ("-b//2", (-b) // 2),
        ("b//2*2", (b // 2) * 2),
        ("b-t-1", b - t - 1),
        ("((b))", b),
        ("max(b, max(1, t), k?)", max_dim(b, t, k)),
        ("größe", symbol("größe")),
    ],
)
def test_parses_with_pythons_precedence(text: str, dim: Dim) -> None:
    assert parse_dim(text) == dim


@pytest.mark.parametrize(
    "text", ["", "b +", "b b", "(b", "b)", "max()", "max b", "2b", "b ** 2", "b / 2", "3.5", "*", "for", "b$"]
)
def test_what_is_no_dimension_is_refused(text: str) -> None:
    with pytest.raises(errors.ShapeError):
        parse_dim(text)


@pytest.mark.parametrize(
    ("dim", "source"),
    [
        (5, "5"),
        (-5, "(-5)"),
        (0, "0"),
        (k, "k"),
        (2 * b + 1, "(2*b + 1)"),
        (max_dim(b, k) + 1, "(max(b, k) + 1)"),
        (max_dim(b, k), "max(b, k)"),
        (b // 2, "(b//2)"),
    ],
)
def test_python_source(dim: Dim, source: str) -> None:
    assert to_python(dim) == source
