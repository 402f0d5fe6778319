"""Diagonals of matrices."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import add, multiply
from autograph.ops.extents import shape_of
from autograph.ops.indexing import getitem
from autograph.ops.ranges import arange
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import require_matrix
from autograph.ops.shape import expand_dims
from autograph.runtime.dims import Dim, max_dim, min_dim


def diagonal(x: Any, *, offset: int = 0) -> Any:
    """The diagonals of matrices.

    Args:
        x: tensor [..., n, m].
        offset: 0 for the main diagonal, positive for those above it.

    Returns:
        Tensor [..., k] of the diagonal's elements.

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.diagonal(ag.constant([[1, 2], [3, 4]])).numpy()
        array([1, 4])
    """
    require_matrix(x, "diagonal")
    rows, columns = shape_of(x)[-2:]
    size: Dim = max_dim(min_dim(rows + min(offset, 0), columns - max(offset, 0)), 0)
    places = arange(size)
    key = (Ellipsis, add(places, max(-offset, 0)), add(places, max(offset, 0)))
    return getitem(x, key)


def trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sum of the diagonals of matrices.

    Args:
        x: tensor [..., n, m].
        offset: 0 for the main diagonal, positive for those above it.
        dtype: the dtype to compute in; 64 bits for integers by default.

    Returns:
        Tensor [...].

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.trace(ag.constant([[1, 2], [3, 4]])).item()
        5
    """
    return sum_over(diagonal(x, offset=offset), -1, dtype=dtype)


def diagonal_matrix(x: Any, unit: Any) -> Any:
    """Matrices with given diagonals [..., n], zero elsewhere; `unit` is the unit matrix of their size."""
    return multiply(expand_dims(x, -1), unit)
