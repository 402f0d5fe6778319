"""Largest elements and means of windows."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.arithmetic import add, maximum
from autograph.ops.creation import as_tensor, full
from autograph.ops.demands import demand_at_least
from autograph.ops.joining import stack
from autograph.ops.nn.windows import as_given, channels_last, paddings, per_axis, spatial_rank
from autograph.ops.padding import padded_axis
from autograph.ops.reductions import max as max_over
from autograph.ops.shape import reshape
from autograph.ops.statistics import mean
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import bool_
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor


def _least(x: Tensor) -> float | int:
    """What every element is at least."""
    if x.dtype.is_complex or x.dtype is bool_:
        refuse(DTypeError, f"the largest of {x.type}", "give real numbers")
    return -float("inf") if x.dtype.is_floating else int(np.iinfo(x.dtype.numpy).min)


def _part(x: Any, axis: int, start: Dim, stop: Dim, step: int = 1) -> Any:
    return x[(slice(None),) * axis + (slice(start, stop, step),)]


def _pooled(x: Any, axis: int, width: int, step: int, around: tuple[Dim, Dim], fill: Any, join: Any) -> Any:
    """Windows along one axis joined to one element each; windows of several axes are joined axis by axis."""
    size = x.type.shape[axis] + around[0] + around[1]
    demand_at_least(size, width, f"pooling of windows of {width} along an axis of size {size}", "use smaller windows")
    x = padded_axis(x, axis, around, fill)
    count = (size - width) // step + 1
    parts = [_part(x, axis, k, k + (count - 1) * step + 1, step) for k in range(width)]
    return functools.reduce(join, parts)


def _pool(inputs: Any, pool_size: Any, strides: Any, padding: Any, data_format: Any, what: str, pool: Any) -> Any:
    x = channels_last(as_tensor(inputs), data_format)
    rank = spatial_rank(x, what)
    widths = per_axis(pool_size, rank, "pool_size")
    steps = widths if strides is None else per_axis(strides, rank, "strides")
    around = paddings(padding, x.type.shape[1:-1], widths, steps)
    return as_given(pool(x, list(zip(widths, steps, around, strict=True))), data_format)


def _max_pooled(x: Any, axes: Any) -> Any:
    for axis, (width, step, around) in enumerate(axes, 1):
        x = _pooled(x, axis, width, step, around, _least(x), maximum)
    return x


def _mean_pooled(x: Any, axes: Any) -> Any:
    shape = x.type.shape
    count = math.prod([width for width, _, _ in axes])
    for axis, (width, step, around) in enumerate(axes, 1):
        x = _pooled(x, axis, width, step, around, 0, add)
    if all(around == (0, 0) for _, _, around in axes):
        return x / count
    for axis, (width, step, around) in enumerate(axes, 1):  # padding does not count
        ones = full([shape[axis] if i == axis else 1 for i in range(len(shape))], 1, x.dtype)
        x = x / _pooled(ones, axis, width, step, around, 0, add)
    return x


def max_pool(
    inputs: Any,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: Any = "valid",
    data_format: str | None = None,
) -> Any:
    """The largest element of each window; a gradient is shared among equal ones.

    Args:
        inputs: tensor [batch, *sizes, channels], of one to three sizes.
        pool_size: the size of windows: a number, or one for each axis.
        strides: how far windows move; by default their size.
        padding: "valid", "same", a number, one for each axis, or pairs; what is added never is the largest.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, *sizes, channels].

    Raises:
        ShapeError: ranks do not fit, or windows are larger than the input.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [4.0], [2.0], [3.0]]])
        >>> ag.ops.nn.max_pool(x, 2).numpy()[0, :, 0]
        array([4., 3.], dtype=float32)
    """
    return _pool(inputs, pool_size, strides, padding, data_format, "max_pool", _max_pooled)


def average_pool(
    inputs: Any,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    padding: Any = "valid",
    data_format: str | None = None,
) -> Any:
    """The mean of each window.

    Args:
        inputs: tensor [batch, *sizes, channels], of one to three sizes.
        pool_size: the size of windows: a number, or one for each axis.
        strides: how far windows move; by default their size.
        padding: "valid", "same", a number, one for each axis, or pairs; what is added does not count.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, *sizes, channels].

    Raises:
        ShapeError: ranks do not fit, or windows are larger than the input.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [4.0], [2.0], [3.0]]])
        >>> ag.ops.nn.average_pool(x, 2).numpy()[0, :, 0]
        array([2.5, 2.5], dtype=float32)
    """
    return _pool(inputs, pool_size, strides, padding, data_format, "average_pool", _mean_pooled)


def _adaptive(inputs: Any, output_size: Any, data_format: Any, what: str, reduce: Callable[..., Any]) -> Any:
    x = channels_last(as_tensor(inputs), data_format)
    rank = spatial_rank(x, what)
    for axis, count in enumerate(per_axis(output_size, rank, "output_size"), 1):
        x = _reduced_to(x, axis, count, reduce, what)
    return as_given(x, data_format)


def _reduced_to(x: Any, axis: int, count: int, reduce: Callable[..., Any], what: str) -> Any:
    """Windows that cover one axis, as many as wanted; where they cannot be equal, neighbours share elements."""
    shape = x.type.shape
    size = shape[axis]
    if size % count == 0:
        return reduce(reshape(x, (*shape[:axis], count, size // count, *shape[axis + 1 :])), axis + 1)
    if not isinstance(size, int):
        refuse(ShapeError, f"{what} of an axis of size '{size}' to {count}", "give a fixed size, or a divisor of it")
    bounds = [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
    return stack([reduce(_part(x, axis, low, high), axis) for low, high in bounds], axis)


def adaptive_max_pool(inputs: Any, output_size: int | Sequence[int], data_format: str | None = None) -> Any:
    """The largest elements of as many windows as are wanted, which cover the input evenly.

    Args:
        inputs: tensor [batch, *sizes, channels], of one to three sizes.
        output_size: the sizes wanted: a number, or one for each axis.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, *output_size, channels].

    Raises:
        ShapeError: a size is known at run time only, and is no multiple of the wanted one.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [4.0], [2.0], [3.0]]])
        >>> ag.ops.nn.adaptive_max_pool(x, 2).numpy()[0, :, 0]
        array([4., 3.], dtype=float32)
    """
    return _adaptive(inputs, output_size, data_format, "adaptive_max_pool", max_over)


def adaptive_average_pool(inputs: Any, output_size: int | Sequence[int], data_format: str | None = None) -> Any:
    """The means of as many windows as are wanted, which cover the input evenly.

    Args:
        inputs: tensor [batch, *sizes, channels], of one to three sizes.
        output_size: the sizes wanted: a number, or one for each axis.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, *output_size, channels].

    Raises:
        ShapeError: a size is known at run time only, and is no multiple of the wanted one.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [4.0], [2.0], [3.0]]])
        >>> ag.ops.nn.adaptive_average_pool(x, 2).numpy()[0, :, 0]
        array([2.5, 2.5], dtype=float32)
    """
    return _adaptive(inputs, output_size, data_format, "adaptive_average_pool", mean)
