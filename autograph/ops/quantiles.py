"""Quantiles and medians."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import multiply
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.demands import demand
from autograph.ops.extents import size_number
from autograph.ops.gathering import take_along_axis
from autograph.ops.logic import isnan, logical_and, logical_not
from autograph.ops.manipulation import moveaxis
from autograph.ops.reductions import all as all_of
from autograph.ops.reductions import any as any_of
from autograph.ops.reductions import require_elements
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rounding import ceil, floor
from autograph.ops.rounding import round as rounded
from autograph.ops.rules import Axis, normalized_axes
from autograph.ops.selection import clip, where
from autograph.ops.shape import expand_dims, permute_dims, reshape
from autograph.ops.sorting import sort
from autograph.ops.statistics import inexact_values
from autograph.runtime.dims import num_elements
from autograph.runtime.dtypes import int64

_METHODS = ("linear", "lower", "higher", "nearest", "midpoint")


def _lanes(x: Any, axis: Axis) -> Any:
    """The tensor with the reduced axes joined to one, the last."""
    axes = normalized_axes(axis, x.ndim)
    kept = [i for i in range(x.ndim) if i not in axes]
    moved = permute_dims(x, (*kept, *axes))
    shape = x.type.shape
    return reshape(moved, (*[shape[i] for i in kept], num_elements([shape[i] for i in axes])))


def _quantile(x: Any, q: Any, axis: Axis, method: str, keepdims: bool, skip: bool) -> Any:
    if method not in _METHODS:
        raise ValueError(f"method is {method!r}, and has to be one of {', '.join(map(repr, _METHODS))}")
    x, shares = inexact_values(as_tensor(x)), as_tensor(q)
    shares = astype(shares, x.dtype)
    require_elements(x, axis, "a quantile")
    inside = 0 <= q <= 1 if isinstance(q, int | float) else all_of(logical_and(shares >= 0, shares <= 1))
    demand(inside, ShapeError, "a quantile is taken at a share below 0 or above 1", "give shares from 0 to 1")
    ordered = sort(_lanes(x, axis), -1)  # NaN comes last
    lost = isnan(ordered)
    lanes = ordered.type.shape[:-1]
    if skip:
        count = expand_dims(sum_over(astype(logical_not(lost), int64), -1), -1)
    else:
        count = size_number(ordered.type.shape[-1])
    flat = reshape(shares, (-1,))
    places = multiply(flat, astype(as_tensor(count) - 1, x.dtype))
    places = broadcast_to(places, (*lanes, flat.type.shape[0]))
    found = _at(ordered, clip(places, 0), method)
    empty = as_tensor(count) == 0 if skip else expand_dims(any_of(lost, -1), -1)
    found = moveaxis(where(empty, float("nan"), found), -1, 0)
    found = reshape(found, (*shares.type.shape, *_reduced(x, axis, keepdims)))
    return found


def _shares(percentages: Any) -> Any:
    return percentages / 100 if isinstance(percentages, int | float) else as_tensor(percentages) / 100


def _reduced(x: Any, axis: Axis, keepdims: bool) -> list[Any]:
    axes = normalized_axes(axis, x.ndim)
    return [1 if i in axes else dim for i, dim in enumerate(x.type.shape) if keepdims or i not in axes]


def _at(ordered: Any, places: Any, method: str) -> Any:
    """Elements of sorted lanes at places that may lie between two."""
    low, high = astype(floor(places), int64), astype(ceil(places), int64)
    if method in ("lower", "higher", "nearest"):
        place = {"lower": low, "higher": high, "nearest": astype(rounded(places), int64)}[method]
        return take_along_axis(ordered, place, -1)
    below, above = take_along_axis(ordered, low, -1), take_along_axis(ordered, high, -1)
    share = (places - floor(places)) if method == "linear" else astype(low != high, places.dtype) * 0.5
    same = below == above  # infinities have no difference
    gap = where(same, 0, above) - where(same, 0, below)
    return where(same, below, below + gap * share)


def quantile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The elements below which given shares of all lie; NaN where any element is.

    Args:
        x: tensor.
        q: shares, from 0 to 1: a number, or a tensor of one dimension or none.
        axis: the axis or axes; None for all.
        method: what is taken between two elements: "linear", "lower", "higher", "nearest" or "midpoint".
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        A tensor of the sizes of q, then those of the reduced tensor.

    Raises:
        ShapeError: a share is out of range.
        ValueError: there is no such method.

    Example:
        >>> import autograph as ag
        >>> ag.ops.quantile(ag.constant([1.0, 2.0, 4.0]), 0.75).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, q, axis, method, keepdims, False)


def percentile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The elements below which given percentages of all lie; NaN where any element is.

    Args:
        x: tensor.
        q: percentages, from 0 to 100: a number, or a tensor of one dimension or none.
        axis: the axis or axes; None for all.
        method: what is taken between two elements: "linear", "lower", "higher", "nearest" or "midpoint".
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        A tensor of the sizes of q, then those of the reduced tensor.

    Raises:
        ShapeError: a share is out of range.
        ValueError: there is no such method.

    Example:
        >>> import autograph as ag
        >>> ag.ops.percentile(ag.constant([1.0, 2.0, 4.0]), 75.0).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, _shares(q), axis, method, keepdims, False)


def median(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The element in the middle of all; NaN where any element is.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.median(ag.constant([1.0, 2.0, 4.0, 8.0])).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, 0.5, axis, "linear", keepdims, False)


def nanquantile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The elements below which given shares of all lie, of elements that are not NaN.

    Args:
        x: tensor.
        q: shares, from 0 to 1: a number, or a tensor of one dimension or none.
        axis: the axis or axes; None for all.
        method: what is taken between two elements: "linear", "lower", "higher", "nearest" or "midpoint".
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        A tensor of the sizes of q, then those of the reduced tensor.

    Raises:
        ShapeError: a share is out of range.
        ValueError: there is no such method.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanquantile(ag.constant([1.0, 2.0, 4.0]), 0.75).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, q, axis, method, keepdims, True)


def nanpercentile(x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The elements below which given percentages of all lie, of elements that are not NaN.

    Args:
        x: tensor.
        q: percentages, from 0 to 100: a number, or a tensor of one dimension or none.
        axis: the axis or axes; None for all.
        method: what is taken between two elements: "linear", "lower", "higher", "nearest" or "midpoint".
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        A tensor of the sizes of q, then those of the reduced tensor.

    Raises:
        ShapeError: a share is out of range.
        ValueError: there is no such method.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanpercentile(ag.constant([1.0, 2.0, 4.0]), 75.0).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, _shares(q), axis, method, keepdims, True)


def nanmedian(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The element in the middle of all, of elements that are not NaN.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nanmedian(ag.constant([1.0, 2.0, 4.0, 8.0])).numpy()
        array(3., dtype=float32)
    """
    return _quantile(x, 0.5, axis, "linear", keepdims, True)
