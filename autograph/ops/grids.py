"""Matrices and grids that places make: triangles, unit matrices, coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.arithmetic import cast_like, subtract
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater_equal, less_equal
from autograph.ops.creation import asarray
from autograph.ops.devices import on_device
from autograph.ops.extents import shape_of
from autograph.ops.ranges import arange
from autograph.ops.rules import dtype_of, normalized_axis, rank_of, require_matrix
from autograph.ops.selection import where
from autograph.ops.shape import expand_dims, permute_dims, reshape
from autograph.runtime.dims import num_elements
from autograph.runtime.dtypes import DEFAULT_FLOAT
from autograph.runtime.refusal import refuse


@on_device
def eye(n_rows: Any, n_cols: Any = None, k: int = 0, dtype: Any = None, *, device: Any = None) -> Any:
    """The unit matrix.

    Args:
        n_rows: rows.
        n_cols: columns; as many as rows by default.
        k: the diagonal of the ones: 0 is the main one, those above are positive.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        Tensor [n_rows, n_cols].

    Example:
        >>> import autograph as ag
        >>> ag.ops.eye(2).numpy()
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    if isinstance(n_rows, int) and isinstance(n_cols, int | None):
        return asarray(np.eye(n_rows, n_cols, k), dtype or DEFAULT_FLOAT)
    columns = n_rows if n_cols is None else n_cols
    return astype(equal(_offsets(n_rows, columns), k), dtype or DEFAULT_FLOAT)


def _offsets(rows: Any, columns: Any) -> Any:
    """For each place of a matrix, the diagonal that it is on."""
    return subtract(arange(columns), expand_dims(arange(rows), 1))


def tril(x: Any, k: int = 0) -> Any:
    """The lower triangle of matrices, zeros above.

    Args:
        x: tensor [..., n, m].
        k: the last diagonal that stays: 0 is the main one, those above are positive.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: `x` has fewer than two dimensions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tril(ag.ops.ones((2, 2))).numpy()
        array([[1., 0.],
               [1., 1.]], dtype=float32)
    """
    require_matrix(x, "tril")
    return where(less_equal(_offsets(*shape_of(x)[-2:]), k), x, cast_like(0, asarray(x)))


def triu(x: Any, k: int = 0) -> Any:
    """The upper triangle of matrices, zeros below.

    Args:
        x: tensor [..., n, m].
        k: the first diagonal that stays: 0 is the main one, those above are positive.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: `x` has fewer than two dimensions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.triu(ag.ops.ones((2, 2))).numpy()
        array([[1., 1.],
               [0., 1.]], dtype=float32)
    """
    require_matrix(x, "triu")
    return where(greater_equal(_offsets(*shape_of(x)[-2:]), k), x, cast_like(0, asarray(x)))


def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None) -> Any:
    """Integers as vectors with a one at their place.

    Args:
        x: integer tensor; numbers outside 0 … num_classes - 1 give zeros.
        num_classes: the size of the new axis.
        axis: where the new axis stands.
        dtype: the dtype; float32 by default.

    Returns:
        A tensor with one dimension more.

    Example:
        >>> import autograph as ag
        >>> ag.ops.one_hot(ag.constant([1, 0]), 2).numpy()
        array([[0., 1.],
               [1., 0.]], dtype=float32)
    """
    rank = rank_of(x) + 1
    place = normalized_axis(axis, rank)
    if not dtype_of(x).is_integer:
        refuse(
            DTypeError,
            f"one_hot takes class numbers (labels) of an integer dtype, not {dtype_of(x).name}",
            "cast them: ag.ops.astype(labels, ag.int64)",
        )
    classes = reshape(arange(num_classes), [-1 if i == place else 1 for i in range(rank)])
    return astype(equal(expand_dims(x, place), classes), dtype or DEFAULT_FLOAT)


def meshgrid(*arrays: Any, indexing: str = "xy") -> Sequence[Any]:
    """Coordinate grids of vectors.

    Args:
        *arrays: vectors.
        indexing: "xy" swaps the first two axes, "ij" does not.

    Returns:
        A list with one grid a vector.

    Example:
        >>> import autograph as ag
        >>> [g.shape for g in ag.ops.meshgrid(ag.ops.arange(2), ag.ops.arange(3), indexing="ij")]
        [(2, 3), (2, 3)]
    """
    sizes = [num_elements(shape_of(a)) for a in arrays]  # numbers count as vectors of one element
    count = len(arrays)
    grids = [
        broadcast_to(reshape(a, [-1 if j == i else 1 for j in range(count)]), tuple(sizes))
        for i, a in enumerate(arrays)
    ]
    if indexing == "xy" and count >= 2:
        grids = [permute_dims(g, (1, 0, *range(2, count))) for g in grids]
    return grids
