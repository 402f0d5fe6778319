"""Sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.axis_parts import flip
from autograph.ops.creation import asarray
from autograph.ops.gathering import take_along_axis
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import bfloat16, int64
from autograph.runtime.op import Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def ordered(x: Any) -> Any:
    """Numbers that NumPy compares as floats are compared, NaN last; those of bfloat16 in float32."""
    return x.astype(np.float32) if dtype_of(x) is bfloat16 else x


def _sorted(xp: Any, x: Any, *, axis: int) -> Any:
    return np.sort(ordered(x), axis=axis, kind="stable").astype(x.dtype, copy=False)


argsort_op = Op(
    "argsort",
    kind=Kind.REDUCTION,
    infer=lambda x, *, axis: TensorType(int64, x.shape),
    kernel=lambda xp, x, *, axis: np.argsort(ordered(x), axis=axis, kind="stable"),
    vjp=lambda ct, out, x, *, axis: (None,),
)


def _sort_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: int) -> tuple[Any, ...]:
    order = apply(argsort_op, x, axis=axis)
    return (take_along_axis(ct, apply(argsort_op, order, axis=axis), axis),)  # to each element, from where it went


sort_op = Op(
    "sort",
    kind=Kind.REDUCTION,
    infer=lambda x, *, axis: x,
    kernel=_sorted,
    vjp=_sort_vjp,
)


def argsort(x: Any, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """The indices that sort a tensor along an axis; equal elements keep their order.

    Args:
        x: tensor.
        axis: the axis.
        descending: whether the largest comes first.
        stable: without meaning: equal elements always keep their order.

    Returns:
        int64 tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.argsort(ag.constant([3.0, 1.0, 2.0])).numpy()
        array([1, 2, 0])
    """
    place = normalized_axis(axis, rank_of(x))
    if not descending:
        return apply(argsort_op, x, axis=place)
    size = asarray(x).shape[place]
    return flip((size - 1) - apply(argsort_op, flip(x, place), axis=place), place)


def sort(x: Any, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    """A tensor sorted along an axis.

    Args:
        x: tensor.
        axis: the axis.
        descending: whether the largest comes first.
        stable: without meaning: equal elements always keep their order.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sort(ag.constant([3.0, 1.0, 2.0])).numpy()
        array([1., 2., 3.], dtype=float32)
    """
    place = normalized_axis(axis, rank_of(x))
    return flip(apply(sort_op, flip(x, place), axis=place), place) if descending else apply(sort_op, x, axis=place)
