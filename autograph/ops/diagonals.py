"""Diagonals of matrices, read and made; matrices of powers."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import pow
from autograph.ops.axis_parts import flip
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor, ones, zeros
from autograph.ops.grids import eye, tril
from autograph.ops.indexing import setitem
from autograph.ops.linalg.diagonals import diagonal as matrix_diagonal
from autograph.ops.manipulation import moveaxis
from autograph.ops.ranges import arange
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import normalized_axis
from autograph.ops.shape import expand_dims, reshape
from autograph.runtime.refusal import refuse


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals of the matrices of two axes.

    Args:
        x: tensor of two dimensions at least.
        offset: 0 for the main diagonal, positive for those above it.
        axis1: the axis of the rows.
        axis2: the axis of the columns.

    Returns:
        A tensor of the other axes, then the diagonals' elements.

    Raises:
        ShapeError: there are not two axes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.diagonal(ag.constant([[1, 2], [3, 4]])).numpy()
        array([1, 4])
    """
    x = as_tensor(x)
    if x.ndim < 2 or normalized_axis(axis1, x.ndim) == normalized_axis(axis2, x.ndim):
        refuse(ShapeError, f"diagonal of axes {axis1} and {axis2} of {x.type}", "give two axes")
    return matrix_diagonal(moveaxis(x, (axis1, axis2), (-2, -1)), offset=offset)


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sums of the diagonals of the matrices of two axes.

    Args:
        x: tensor of two dimensions at least.
        offset: 0 for the main diagonal, positive for those above it.
        axis1: the axis of the rows.
        axis2: the axis of the columns.
        dtype: the dtype to compute in; 64 bits for integers by default.

    Returns:
        A tensor of the other axes.

    Raises:
        ShapeError: there are not two axes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.trace(ag.constant([[1, 2], [3, 4]])).numpy()
        array(5)
    """
    return sum_over(diagonal(x, offset, axis1, axis2), -1, dtype=dtype)


def diag(x: Any, k: int = 0) -> Any:
    """The matrix with a diagonal, or a matrix's diagonal.

    Args:
        x: tensor of one or two dimensions.
        k: which diagonal: 0 for the main one, positive for those above it.

    Returns:
        A matrix of a vector, a vector of a matrix.

    Raises:
        ShapeError: x is neither.

    Example:
        >>> import autograph as ag
        >>> ag.ops.diag(ag.constant([1, 2])).numpy()
        array([[1, 0],
               [0, 2]])
    """
    x = as_tensor(x)
    if x.ndim == 2:
        return matrix_diagonal(x, offset=k)
    if x.ndim != 1:
        refuse(ShapeError, f"diag of a tensor of {x.ndim} dimensions", "give a vector or a matrix")
    size = x.type.shape[0]
    places = arange(size)
    key = (places + max(-k, 0), places + max(k, 0))
    return setitem(zeros((size + abs(k), size + abs(k)), x.dtype), key, x)


def diagflat(x: Any, k: int = 0) -> Any:
    """The matrix with the elements of a tensor on a diagonal.

    Args:
        x: tensor.
        k: which diagonal: 0 for the main one, positive for those above it.

    Returns:
        A matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.diagflat(ag.constant([[1], [2]])).numpy()
        array([[1, 0],
               [0, 2]])
    """
    return diag(reshape(as_tensor(x), (-1,)), k)


def tri(N: Any, M: Any = None, k: int = 0, dtype: Any = None) -> Any:  # noqa: N803 - NumPy's names
    """A matrix of ones in its lower triangle.

    Args:
        N: rows.
        M: columns; as many as rows by default.
        k: the last diagonal of ones: 0 for the main one, positive for those above it.
        dtype: the dtype; float32 by default.

    Returns:
        Tensor [N, M].

    Example:
        >>> import autograph as ag
        >>> ag.ops.tri(2).numpy()
        array([[1., 0.],
               [1., 1.]], dtype=float32)
    """
    return tril(ones((N, N if M is None else M), dtype), k=k)


def identity(n: Any, dtype: Any = None) -> Any:
    """The unit matrix.

    Args:
        n: rows and columns.
        dtype: the dtype; float32 by default.

    Returns:
        Tensor [n, n].

    Example:
        >>> import autograph as ag
        >>> ag.ops.identity(2).numpy()
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    return eye(n, dtype=dtype)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803 - NumPy's name
    """The matrix of the powers of numbers.

    Args:
        x: tensor [n].
        N: how many powers; n by default.
        increasing: whether they begin with the power 0 rather than end with it.

    Returns:
        Tensor [n, N].

    Raises:
        ShapeError: x is no vector.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vander(ag.constant([1.0, 2.0, 3.0])).numpy()
        array([[1., 1., 1.],
               [4., 2., 1.],
               [9., 3., 1.]], dtype=float32)
    """
    x = as_tensor(x)
    if x.ndim != 1:
        refuse(ShapeError, f"vander of a tensor of {x.ndim} dimensions", "give a vector")
    powers = arange(x.type.shape[0] if N is None else N)
    powers = powers if increasing else flip(powers)
    base = x if x.dtype.is_inexact or x.dtype.is_integer else astype(x, powers.dtype)
    return pow(expand_dims(base, 1), astype(powers, base.dtype))
