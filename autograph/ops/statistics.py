"""Means and variances."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import divide, multiply, subtract
from autograph.ops.casts import astype
from autograph.ops.comparison import greater
from autograph.ops.exponential import sqrt
from autograph.ops.extents import shape_of, size_number
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis, dtype_of, normalized_axes
from autograph.ops.selection import where
from autograph.runtime.dims import num_elements
from autograph.runtime.dtypes import float64


def inexact_values(x: Any) -> Any:
    """The operand as statistics take it: integers and bools in float64."""
    return x if dtype_of(x).is_inexact else astype(x, float64)


def _count(x: Any, axis: Axis) -> Any:
    """The number of elements that a reduction takes together."""
    shape = shape_of(x)
    size = num_elements([shape[i] for i in normalized_axes(axis, len(shape))])
    return size_number(size)


def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The arithmetic mean; of integers in float64.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.mean(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([2., 3.], dtype=float32)
    """
    return divide(sum_over(inexact_values(x), axis, keepdims), _count(x, axis))


def var(x: Any, axis: Axis = None, keepdims: bool = False, *, correction: float = 0.0) -> Any:
    """The variance.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        correction: what is taken from the number of elements in the divisor.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.var(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 1.], dtype=float32)
    """
    values = inexact_values(x)
    off = subtract(values, mean(values, axis, True))
    return divide(sum_over(multiply(off, off), axis, keepdims), _freedom(_count(x, axis), correction))


def _freedom(count: Any, correction: float) -> Any:
    """The divisor of a variance; NaN where it is not positive."""
    if isinstance(count, int):
        return count - correction if count > correction else float("nan")
    left = subtract(count, correction)
    return where(greater(left, 0), multiply(left, 1.0), float("nan"))


def std(x: Any, axis: Axis = None, keepdims: bool = False, *, correction: float = 0.0) -> Any:
    """The standard deviation.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        correction: what is taken from the number of elements in the divisor.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.std(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 1.], dtype=float32)
    """
    return sqrt(var(x, axis, keepdims, correction=correction))
