"""The largest elements, distinct elements, and elements chosen by conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import AxisError, DTypeError, ShapeError
from autograph.ops.arithmetic import minimum
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.demands import demand, demand_at_least
from autograph.ops.extents import size_number
from autograph.ops.gathering import take, take_along_axis
from autograph.ops.logic import isfinite, logical_and
from autograph.ops.ranges import arange
from autograph.ops.reductions import all as all_of
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import normalized_axis
from autograph.ops.selection import where
from autograph.ops.sets import unique_all, unique_along
from autograph.ops.shape import expand_dims, reshape
from autograph.ops.sorting import argsort
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse


def top_k(x: Any, k: int, sorted: bool = True, *, axis: int = -1, mode: str = "largest") -> tuple[Any, Any]:
    """The k largest or smallest elements along an axis, the first of them in front, and their indices.

    Args:
        x: tensor of one dimension at least.
        k: how many.
        sorted: without meaning: they always are.
        axis: the axis, the last one where left out.
        mode: "largest" or "smallest".

    Returns:
        The elements and their indices, int64; both have x's shape, but for k along the axis.

    Raises:
        ShapeError: there are not as many elements.
        AxisError: there is no such axis.
        ValueError: it is another mode.

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.top_k(ag.constant([1.0, 5.0, 3.0]), 2)]
        [[5.0, 3.0], [1, 2]]
    """
    x = as_tensor(x)
    axis = normalized_axis(axis, x.ndim)
    if mode not in ("largest", "smallest"):
        raise ValueError(f"mode is {mode!r}, and has to be 'largest' or 'smallest'")
    if k < 0:
        refuse(ShapeError, f"top_k of {k} elements", "ask for 0 at least")
    size = x.type.shape[axis]
    demand_at_least(size, k, f"top_k of {k} of {size} elements", "ask for fewer")
    places = apply(slice_axis_op, argsort(x, axis, descending=mode == "largest"), axis=axis, start=0, size=k)
    return take_along_axis(x, places, axis), places


def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """Whether the prediction for each target class is among the k largest; equal ones all are.

    Args:
        targets: integer tensor [n] of classes.
        predictions: tensor [n, classes].
        k: how many.

    Returns:
        A bool tensor [n]; False where a prediction is not finite.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.in_top_k(ag.constant([1, 0]), ag.constant([[0.1, 0.9], [0.2, 0.8]]), 1).numpy()
        array([ True, False])
    """
    scores, classes = as_tensor(predictions), as_tensor(targets)
    if scores.ndim != 2 or classes.ndim != 1 or not classes.dtype.is_integer:
        refuse(
            ShapeError, f"in_top_k of {classes.type} in {scores.type}", "give classes [n] and predictions [n, classes]"
        )
    own = take_along_axis(scores, expand_dims(classes, 1), 1)
    larger = sum_over(astype(scores > own, int64), 1)
    return logical_and(larger < k, all_of(isfinite(own), 1))


def argpartition(x: Any, kth: int, axis: int = -1) -> Any:
    """Indices that bring the element at kth to its place in order, smaller ones before and larger ones behind it.

    Args:
        x: tensor.
        kth: the place.
        axis: the axis.

    Returns:
        int64 tensor of the shape of x.

    Raises:
        AxisError: there is no such place or axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.argpartition(ag.constant([3.0, 1.0, 2.0]), 1).numpy()
        array([1, 2, 0])
    """
    x = as_tensor(x)
    size = x.type.shape[normalized_axis(axis, x.ndim)]
    if isinstance(size, int) and not -size <= kth < size:
        refuse(AxisError, f"argpartition at {kth} of {size} elements", "give a place among them")
    return argsort(x, axis)


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """Elements of the first tensor whose condition holds.

    Args:
        condlist: bool tensors, the conditions.
        choicelist: as many tensors or numbers.
        default: what stands where no condition holds.

    Returns:
        A tensor of the broadcast shape.

    Raises:
        ShapeError: there are not as many choices as conditions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.select([ag.constant([True, False])], [ag.constant([1, 2])], 9).numpy()
        array([1, 9])
    """
    if len(condlist) != len(choicelist) or not condlist:
        refuse(
            ShapeError,
            f"select of {len(condlist)} conditions and {len(choicelist)} choices",
            "give one choice for each",
        )
    out = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        out = where(condition, choice, out)
    return out


def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: Any = None,
) -> Any:
    """The distinct elements, or slices along an axis, in ascending order.

    Args:
        x: tensor; NaNs are all distinct.
        sorted: without meaning: they always are in order.
        return_index: whether to give also where each is first in the flattened tensor.
        return_inverse: whether to give also each element's index among them.
        return_counts: whether to give also how often each occurs.
        axis: the axis whose slices are compared; None for the elements of the flattened tensor.
        size: how many elements the result has, so that its size is known in graphs: the last are left out, or
            fill_value fills up.
        fill_value: by default the least element.

    Returns:
        The elements, or a tuple of them and what else is asked for.

    Example:
        >>> import autograph as ag
        >>> ag.ops.unique(ag.constant([3, 1, 3]), size=4).numpy()
        array([1, 3, 1, 1])
    """
    x = as_tensor(x)
    values, places, inverse, counts = unique_all(x) if axis is None else unique_along(x, axis)
    if size is not None:
        along = 0 if axis is None else normalized_axis(axis, x.ndim)
        least = take(values, arange(1), along) if fill_value is None else fill_value
        values = _resized(values, size, least, along)
        places, counts = _resized(places, size, places[0]), _resized(counts, size, 0)
    asked = ((return_index, places), (return_inverse, inverse), (return_counts, counts))
    parts = [part for wanted, part in asked if wanted]
    return (values, *parts) if parts else values


def _resized(x: Any, size: int, fill: Any, axis: int = 0) -> Any:
    """The first slices along an axis, as many as wanted; where there are fewer, a value fills up."""
    count = size_number(x.type.shape[axis])
    demand(as_tensor(count) > 0, ShapeError, "unique of no elements with a size", "leave size out")
    places = arange(size)
    there = reshape(places < count, [-1 if i == axis else 1 for i in range(x.ndim)])
    return where(there, take(x, minimum(places, as_tensor(count) - 1), axis), fill)


def unravel_index(indices: Any, shape: Any) -> tuple[Any, ...]:
    """The places along each axis of places in a flattened tensor.

    Args:
        indices: integer tensor.
        shape: the sizes of the tensor.

    Returns:
        A tuple of one integer tensor an axis.

    Raises:
        IndexError: a place is out of range.

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.unravel_index(ag.constant([1, 5]), (2, 3))]
        [[0, 1], [1, 2]]
    """
    places = as_tensor(indices)
    if not places.dtype.is_integer:
        refuse(DTypeError, f"unravel_index of {places.dtype.name}", "give integers")
    total = 1
    for size in shape:
        total = total * size
    inside = all_of(logical_and(places >= -total, places < total))
    demand(inside, AxisError, f"a place outside of a tensor of shape {tuple(shape)}", "check the indices")
    rest = where(places < 0, places + total, places)
    parts = []
    for size in reversed(tuple(shape)):
        parts.append(rest % size)
        rest = rest // size
    return tuple(reversed(parts))
