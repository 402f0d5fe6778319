"""Rearranges, repeats and takes apart tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import DTypeError, GraphTensorError, ShapeError
from autograph.ops.arithmetic import remainder, subtract
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import greater_equal
from autograph.ops.creation import asarray
from autograph.ops.extents import shape_of, size_number
from autograph.ops.gathering import take
from autograph.ops.joining import concat
from autograph.ops.ranges import arange
from autograph.ops.reductions import all as all_of
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.searching import fresh_size
from autograph.ops.shape import expand_dims, permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.dtypes import int64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.types import TensorType

_NEGATIVE = "repeats may not contain negative values"


def _repeat_kernel(xp: Any, counts: Any, *, binds: tuple[SymbolicDim, ...]) -> Any:
    if np.any(np.asarray(counts) < 0):
        raise ValueError(_NEGATIVE)
    return np.repeat(np.arange(len(counts)), counts)


# counts [n] -> for each repetition the index of its element.
repeat_indices_op = Op(
    "repeat_indices",
    kind=Kind.INDEXING,
    infer=lambda counts, *, binds: TensorType(int64, binds),
    kernel=_repeat_kernel,
    vjp=lambda ct, out, counts, *, binds: (None,),
    effects=Effect.FAIL,
    requires=lambda counts, *, binds: [Requirement(all_of(greater_equal(counts, 0)), ValueError, (_NEGATIVE,))],
)


def roll(x: Any, shift: Any, axis: int | Sequence[int] | None = None) -> Any:
    """The elements moved along axes; those that leave at the end come in at the start.

    Args:
        x: tensor.
        shift: by how many places: an int or scalar tensor, or one for each axis.
        axis: the axis or axes; None moves in the flattened tensor.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: there are several shifts for another number of axes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.roll(ag.ops.arange(4), 1).numpy()
        array([3, 0, 1, 2])
    """
    if axis is None:
        if isinstance(shift, list | tuple):
            refuse(ShapeError, f"roll by {shift} of the flattened tensor", "give one shift, or axes")
        return reshape(_rolled(reshape(x, (-1,)), shift, 0), shape_of(x))
    axes = [axis] if isinstance(axis, int) else list(axis)
    shifts = list(shift) if isinstance(shift, list | tuple) else [shift] * len(axes)
    if len(shifts) != len(axes):
        refuse(ShapeError, f"roll by {len(shifts)} shifts along {len(axes)} axes", "give one shift an axis")
    for by, along in zip(shifts, axes, strict=True):
        x = _rolled(x, by, normalized_axis(along, rank_of(x)))
    return x


def _rolled(x: Any, shift: Any, axis: int) -> Any:
    size = shape_of(x)[axis]
    if not isinstance(size, int) or not isinstance(shift, int):
        by = size_number(shift) if isinstance(shift, SymbolicDim) else shift
        return take(x, remainder(subtract(arange(size), by), size_number(size)), axis)
    place = shift % size if size else 0
    if not place:
        return asarray(x)
    tail = apply(slice_axis_op, x, axis=axis, start=size - place, size=place)
    return concat([tail, apply(slice_axis_op, x, axis=axis, start=0, size=size - place)], axis)


def moveaxis(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """The tensor with axes moved to other places; the others keep their order.

    Args:
        x: tensor.
        source: the axis or axes to move.
        destination: the place of each in the result.

    Returns:
        The permuted tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number.

    Example:
        >>> import autograph as ag
        >>> ag.ops.moveaxis(ag.ops.zeros((2, 3, 4)), 0, -1).shape
        (3, 4, 2)
    """
    rank = rank_of(x)
    moved, places = _axes(source, rank), _axes(destination, rank)
    if len(moved) != len(places):
        refuse(ShapeError, f"moveaxis of {len(moved)} axes to {len(places)} places", "give one place an axis")
    order = [axis for axis in range(rank) if axis not in moved]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return permute_dims(x, order)


def _axes(axis: int | Sequence[int], rank: int) -> list[int]:
    axes = [normalized_axis(entry, rank) for entry in ([axis] if isinstance(axis, int) else axis)]
    if len(set(axes)) != len(axes):
        refuse(ShapeError, f"axes {axis} name a dimension twice", "name each once")
    return axes


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element, or slice along an axis, several times in a row.

    Args:
        x: tensor.
        repeats: how many times: an int, or an integer tensor with one number an element along the axis.
        axis: the axis; None repeats in the flattened tensor.

    Returns:
        The tensor with a longer axis.

    Raises:
        DTypeError: repeats are no integers.
        ShapeError: there are several numbers, but not one an element.
        ValueError: a number is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.repeat(ag.constant([1, 2]), 2).numpy()
        array([1, 1, 2, 2])
    """
    values = reshape(x, (-1,)) if axis is None else x
    place = 0 if axis is None else normalized_axis(axis, rank_of(values))
    shape = shape_of(values)
    if isinstance(repeats, int):
        return _repeated(values, repeats, place, shape)
    counts = broadcast_to(reshape(repeats, (-1,)), (shape[place],)) if _is_one(repeats) else asarray(repeats)
    if dtype_of(counts).is_inexact:
        refuse(DTypeError, f"repeats of dtype {dtype_of(counts).name}", "give integers")
    counts = astype(counts, int64)
    if rank_of(counts) != 1:
        refuse(ShapeError, f"repeats of {rank_of(counts)} dimensions", "give a number, or a vector of them")
    require_equal(shape_of(counts)[0], shape[place], "repeat needs one number an element", "check the sizes")
    return take(values, apply(repeat_indices_op, counts, binds=fresh_size()), place)


def _is_one(repeats: Any) -> bool:
    shape = shape_of(repeats) if not isinstance(repeats, list | tuple) else (len(repeats),)
    return shape in ((), (1,))


def _repeated(x: Any, count: int, axis: int, shape: tuple[Dim, ...]) -> Any:
    if count < 0:
        raise ValueError(f"elements are repeated {count} times; that has to be at least 0")
    before, after = shape[: axis + 1], shape[axis + 1 :]
    spread = broadcast_to(expand_dims(x, axis + 1), (*before, count, *after))
    return reshape(spread, (*shape[:axis], shape[axis] * count, *after))


def tile(x: Any, repetitions: Sequence[int]) -> Any:
    """The tensor several times along each axis.

    Args:
        x: tensor.
        repetitions: how many times along each axis; the shorter of these and the shape counts as led by ones.

    Returns:
        The repeated tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tile(ag.constant([1, 2]), (2, 2)).numpy()
        array([[1, 2, 1, 2],
               [1, 2, 1, 2]])
    """
    times: list[int] = list(repetitions)
    shape: list[Dim] = list(shape_of(x))
    rank = max(len(shape), len(times))
    shape = [*[1] * (rank - len(shape)), *shape]
    times = [1] * (rank - len(times)) + times
    apart = tuple([size for dim in shape for size in (1, dim)])
    spread = tuple([size for count, dim in zip(times, shape, strict=True) for size in (count, dim)])
    joined = tuple([count * dim for count, dim in zip(times, shape, strict=True)])
    return reshape(broadcast_to(reshape(x, apart), spread), joined)


def unstack(x: Any, axis: int = 0) -> tuple[Any, ...]:
    """The slices of a tensor along an axis.

    Args:
        x: tensor.
        axis: the axis.

    Returns:
        A tuple of tensors without that axis.

    Raises:
        GraphTensorError: the size of the axis is known at run time only.

    Example:
        >>> import autograph as ag
        >>> [row.numpy().tolist() for row in ag.ops.unstack(ag.constant([[1, 2], [3, 4]]))]
        [[1, 2], [3, 4]]
    """
    shape = shape_of(x)
    place = normalized_axis(axis, len(shape))
    count = shape[place]
    if not isinstance(count, int):
        refuse(
            GraphTensorError,
            f"unstack along axis {axis}, whose size '{count}' is known at run time only",
            "iterate with a for statement, or index",
        )
    rest = (*shape[:place], *shape[place + 1 :])
    return tuple([reshape(apply(slice_axis_op, x, axis=place, start=i, size=1), rest) for i in range(count)])
