"""Parts of one axis: cut out, continued by zeros, reversed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.ops.extents import shape_of
from autograph.ops.rules import normalized_axes, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.op import Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _slice_axis_type(x: TensorType, *, axis: int, start: Dim, size: Dim) -> TensorType:
    return x.with_shape(tuple([size if i == axis else dim for i, dim in enumerate(x.shape)]))


def _slice_axis_kernel(xp: Any, x: Any, *, axis: int, start: int, size: int) -> Any:
    return x[(slice(None),) * axis + (slice(start, start + size),)]


def _slice_axis_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: int, start: Dim, size: Dim) -> tuple[Any, ...]:
    shape = shape_of(x)
    return (apply(pad_axis_op, ct, axis=axis, before=start, after=shape[axis] - start - size),)


# A part of one axis at static places; concat's reverse.
slice_axis_op = Op(
    "slice_axis", kind=Kind.SHAPE, infer=_slice_axis_type, kernel=_slice_axis_kernel, vjp=_slice_axis_vjp
)


def _pad_axis_type(x: TensorType, *, axis: int, before: Dim, after: Dim) -> TensorType:
    return x.with_shape(tuple([before + dim + after if i == axis else dim for i, dim in enumerate(x.shape)]))


def _pad_axis_kernel(xp: Any, x: Any, *, axis: int, before: int, after: int) -> Any:
    return np.pad(x, [(before, after) if i == axis else (0, 0) for i in range(x.ndim)])


pad_axis_op = Op(
    "pad_axis",
    kind=Kind.SHAPE,
    infer=_pad_axis_type,
    kernel=_pad_axis_kernel,
    vjp=lambda ct, out, x, *, axis, before, after: (
        apply(slice_axis_op, ct, axis=axis, start=before, size=shape_of(x)[axis]),
    ),
)


def flip(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`x` with the order along axes reversed.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.flip(ag.ops.arange(3)).numpy()
        array([2, 1, 0])
    """
    return apply(flip_op, x, axes=normalized_axes(axis, rank_of(x)))


flip_op: Op = Op(
    "flip",
    kind=Kind.SHAPE,
    infer=lambda x, *, axes: x,
    kernel=lambda xp, x, *, axes: np.flip(x, axes),
    vjp=lambda ct, out, x, *, axes: (apply(flip_op, ct, axes=axes),),
)
