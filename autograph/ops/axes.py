"""Axes exchanged, joined and turned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.axis_parts import flip
from autograph.ops.creation import as_tensor
from autograph.ops.rules import normalized_axis
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.refusal import refuse


def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    """`x` with its axes in another order, by default reversed.

    Args:
        x: tensor.
        axes: for each axis of the result, the axis of `x`.

    Returns:
        The permuted tensor.

    Raises:
        ShapeError: `axes` is not a permutation.

    Example:
        >>> import autograph as ag
        >>> ag.ops.transpose(ag.ops.zeros((2, 3, 4))).shape
        (4, 3, 2)
    """
    x = as_tensor(x)
    return permute_dims(x, tuple(reversed(range(x.ndim))) if axes is None else axes)


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """`x` with two axes exchanged.

    Args:
        x: tensor.
        axis1: one axis.
        axis2: the other.

    Returns:
        The permuted tensor.

    Raises:
        AxisError: there is no such axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.swapaxes(ag.ops.zeros((2, 3, 4)), 0, 2).shape
        (4, 3, 2)
    """
    x = as_tensor(x)
    one, other = normalized_axis(axis1, x.ndim), normalized_axis(axis2, x.ndim)
    order = list(range(x.ndim))
    order[one], order[other] = other, one
    return permute_dims(x, order)


def ravel(x: Any) -> Any:
    """The elements in one dimension, in row-major order.

    Args:
        x: tensor.

    Returns:
        Tensor [n].

    Example:
        >>> import autograph as ag
        >>> ag.ops.ravel(ag.constant([[1, 2], [3, 4]])).numpy()
        array([1, 2, 3, 4])
    """
    return reshape(as_tensor(x), (-1,))


def ndim(x: Any) -> int:
    """The number of dimensions.

    Args:
        x: tensor.

    Returns:
        An int.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ndim(ag.constant([[1, 2]]))
        2
    """
    return int(as_tensor(x).ndim)


def fliplr(x: Any) -> Any:
    """`x` with its second axis reversed.

    Args:
        x: tensor of two dimensions at least.

    Returns:
        A tensor of the shape of x.

    Raises:
        AxisError: there is no such axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fliplr(ag.constant([[1, 2], [3, 4]])).numpy()
        array([[2, 1],
               [4, 3]])
    """
    return flip(x, 1)


def flipud(x: Any) -> Any:
    """`x` with its first axis reversed.

    Args:
        x: tensor of one dimension at least.

    Returns:
        A tensor of the shape of x.

    Raises:
        AxisError: there is no such axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.flipud(ag.constant([[1, 2], [3, 4]])).numpy()
        array([[3, 4],
               [1, 2]])
    """
    return flip(x, 0)


def rot90(x: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """`x` turned by quarters, from the first of two axes towards the second.

    Args:
        x: tensor of two dimensions at least.
        k: how many quarters.
        axes: the two axes.

    Returns:
        The turned tensor.

    Raises:
        ShapeError: the axes are not two.

    Example:
        >>> import autograph as ag
        >>> ag.ops.rot90(ag.constant([[1, 2], [3, 4]])).numpy()
        array([[2, 4],
               [1, 3]])
    """
    x = as_tensor(x)
    if len(axes) != 2:
        refuse(ShapeError, f"rot90 in the plane of {len(axes)} axes", "give two")
    one, other = [normalized_axis(axis, x.ndim) for axis in axes]
    if one == other:
        refuse(ShapeError, f"rot90 in the plane of axis {one} and itself", "give two axes")
    if k % 4 == 0:
        return x
    if k % 4 == 2:
        return flip(x, (one, other))
    return swapaxes(flip(x, other), one, other) if k % 4 == 1 else flip(swapaxes(x, one, other), other)
