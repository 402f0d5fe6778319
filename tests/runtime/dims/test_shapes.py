"""Broadcasting of static shapes against NumPy, and of symbolic ones by rule."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from autograph import errors
from autograph.runtime.dims import Dim, broadcast_dims, broadcast_shapes, num_elements, shape_text, symbol

b, t = symbol("b"), symbol("t")
k = symbol("k", minimum=0)
STATIC = [shape for rank in range(4) for shape in itertools.product((0, 1, 2, 3), repeat=rank)]


def test_static_shapes_broadcast_as_in_numpy() -> None:
    for x, y in itertools.product(STATIC, repeat=2):
        try:
            expected = np.broadcast_shapes(x, y)
        except ValueError:
            with pytest.raises(errors.ShapeError, match="do not broadcast"):
                broadcast_shapes(x, y)
        else:
            assert broadcast_shapes(x, y) == (expected, [])


def test_static_shapes_count_as_in_numpy() -> None:
    for shape in STATIC:
        assert num_elements(shape) == np.zeros(shape).size


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (b, 1, b),
        (k, 1, k),
        (b, b, b),
        (2 * b, b + b, 2 * b),
        (b, 5, None),
        (b, t, None),
        (k, 0, None),
        (k, k + 1, None),  # 1 against 2 broadcasts
    ],
)
def test_symbolic_dimensions(x: Dim, y: Dim, expected: Dim | None) -> None:
    assert broadcast_dims(x, y) == expected
    assert broadcast_dims(y, x) == expected


@pytest.mark.parametrize(("x", "y"), [(b, 0), (b, b + 1), (2 * b, 5), (k + 2, 0), (3, 4)])
def test_dimensions_that_never_fit_are_refused(x: Dim, y: Dim) -> None:
    for left, right in ((x, y), (y, x)):
        with pytest.raises(errors.ShapeError, match="do not broadcast"):
            broadcast_dims(left, right)


@pytest.mark.parametrize(
    ("x", "y", "shape", "checks"),
    [
        ((b, 1), (3, 4), (3, 4), [(b, 3)]),
        ((t,), (b, t), (b, t), []),
        ((k,), (b,), (b,), [(k, b)]),
        ((b, k), (t, k), (b, k), [(b, t)]),
        ((b, 3), (3,), (b, 3), []),
    ],
)
def test_symbolic_shapes(
    x: tuple[Dim, ...], y: tuple[Dim, ...], shape: tuple[Dim, ...], checks: list[tuple[Dim, Dim]]
) -> None:
    assert broadcast_shapes(x, y) == (shape, checks)


def test_a_mismatch_shows_both_shapes() -> None:
    with pytest.raises(errors.ShapeError, match=r"\[b, 3\] and \[2, 4\] do not broadcast: 3 against 4"):
        broadcast_shapes((b, 3), (2, 4))


def test_symbolic_counts_and_text() -> None:
    assert num_elements((b, 3, t)) == 3 * b * t
    assert num_elements((b, 0)) == 0
    assert shape_text((b, 2 * k + 1)) == "[b, 2*k? + 1]"
