"""Reductions that leave NaN out."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import divide
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.demands import demand
from autograph.ops.exponential import sqrt
from autograph.ops.logic import isnan, logical_not
from autograph.ops.reductions import all as all_of
from autograph.ops.reductions import any as any_of
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import min as min_over
from autograph.ops.reductions import prod
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis
from autograph.ops.scans import cumprod, cumsum
from autograph.ops.searching import argmax, argmin
from autograph.ops.selection import where
from autograph.ops.statistics import inexact_values
from autograph.runtime.dtypes import int64

_INFINITY = float("inf")


def _filled(x: Any, number: Any) -> Any:
    """The tensor with a number in the place of NaN."""
    x = as_tensor(x)
    return where(isnan(x), number, x) if x.dtype.is_inexact else x


def _extreme(x: Any, number: float, reduce: Any, axis: Axis, keepdims: bool) -> Any:
    x = as_tensor(x)
    if not x.dtype.is_inexact:
        return reduce(x, axis, keepdims)
    found = reduce(_filled(x, number), axis, keepdims)
    return where(all_of(isnan(x), axis, keepdims), float("nan"), found)


def _count(x: Any, axis: Axis, keepdims: bool) -> Any:
    return astype(sum_over(astype(logical_not(isnan(x)), int64), axis, keepdims), x.dtype)


def _place(x: Any, number: float, find: Any, axis: int | None, keepdims: bool) -> Any:
    x = as_tensor(x)
    if x.dtype.is_inexact:
        none = any_of(all_of(isnan(x), axis))
        demand(logical_not(none), ShapeError, "All-NaN slice encountered", "leave such slices out")
    return find(_filled(x, number), axis, keepdims)


def nansum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum of the elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nansum(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(4., dtype=float32)
    """
    return sum_over(_filled(x, 0), axis, keepdims)


def nanprod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product of the elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanprod(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(3., dtype=float32)
    """
    return prod(_filled(x, 1), axis, keepdims)


def nanmax(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element that is not NaN; NaN where all are.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanmax(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(3., dtype=float32)
    """
    return _extreme(x, -_INFINITY, max_over, axis, keepdims)


def nanmin(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element that is not NaN; NaN where all are.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanmin(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(1., dtype=float32)
    """
    return _extreme(x, _INFINITY, min_over, axis, keepdims)


def nanmean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The mean of the elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanmean(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(2., dtype=float32)
    """
    x = inexact_values(as_tensor(x))
    return divide(nansum(x, axis, keepdims), _count(x, axis, keepdims))


def nanvar(x: Any, axis: Axis = None, keepdims: bool = False, *, ddof: float = 0) -> Any:
    """The variance of the elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        ddof: what is taken from their number in the divisor.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanvar(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(1., dtype=float32)
    """
    x = inexact_values(as_tensor(x))
    off = where(isnan(x), 0, x - nanmean(x, axis, True))
    left = _count(x, axis, keepdims) - ddof
    return divide(sum_over(off * off, axis, keepdims), where(left > 0, left, float("nan")))


def nanstd(x: Any, axis: Axis = None, keepdims: bool = False, *, ddof: float = 0) -> Any:
    """The standard deviation of the elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        ddof: what is taken from their number in the divisor.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanstd(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(1., dtype=float32)
    """
    return sqrt(nanvar(x, axis, keepdims, ddof=ddof))


def nancumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The sums of all elements up to each one, in which NaN counts as 0.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        dtype: the dtype to compute in.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nancumsum(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array([1., 1., 4.], dtype=float32)
    """
    return cumsum(_filled(x, 0), axis, dtype)


def nancumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The products of all elements up to each one, in which NaN counts as 1.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        dtype: the dtype to compute in.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nancumprod(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array([1., 1., 3.], dtype=float32)
    """
    return cumprod(_filled(x, 1), axis, dtype)


def nanargmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The index of the largest element that is not NaN, the first of equal ones.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        keepdims: whether the axis stays, with size 1.

    Returns:
        int64 tensor.

    Raises:
        ShapeError: all elements of a slice are NaN, or there are none.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanargmax(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(2)
    """
    return _place(x, -_INFINITY, argmax, axis, keepdims)


def nanargmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The index of the smallest element that is not NaN, the first of equal ones.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        keepdims: whether the axis stays, with size 1.

    Returns:
        int64 tensor.

    Raises:
        ShapeError: all elements of a slice are NaN, or there are none.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanargmin(ag.constant([1.0, float('nan'), 3.0])).numpy()
        array(0)
    """
    return _place(x, _INFINITY, argmin, axis, keepdims)
