"""Where elements are: the largest and smallest, those that are not zero, places in sorted vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.casts import astype
from autograph.ops.comparison import not_equal
from autograph.ops.extents import shape_of
from autograph.ops.gathering import take
from autograph.ops.index_bounds import has_elements
from autograph.ops.reductions import require_elements
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis, dtype_of, normalized_axis, rank_of, reduced_shape
from autograph.ops.shape import reshape
from autograph.ops.sorting import ordered
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dims import SymbolicDim
from autograph.runtime.dtypes import int64
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.types import TensorType


def _arg_op(name: str, function: Callable[..., Any]) -> Op:
    def infer(x: TensorType, *, axis: int) -> TensorType:
        return TensorType(int64, reduced_shape(x.shape, (axis,), False))

    return Op(
        name,
        kind=Kind.REDUCTION,
        infer=infer,
        kernel=lambda xp, x, *, axis: np.asarray(function(x, axis=axis)),
        vjp=lambda ct, out, x, *, axis: (None,),
        requires=lambda x, *, axis: has_elements([x.type.shape[axis]], f"attempt to get {name} of an empty sequence"),
    )


argmax_op = _arg_op("argmax", np.argmax)
argmin_op = _arg_op("argmin", np.argmin)


def fresh_size() -> tuple[SymbolicDim, ...]:
    """A symbol for a size that only data decides, while tracing."""
    trace = current_trace()
    return () if trace is None else (trace.fresh_symbol(),)


def _nonzero_type(x: TensorType, *, binds: tuple[SymbolicDim, ...]) -> Any:
    place = TensorType(int64, binds)
    return place if x.rank == 1 else (place,) * x.rank


def _nonzero_kernel(xp: Any, x: Any, *, binds: tuple[SymbolicDim, ...]) -> Any:
    places = np.nonzero(x)
    return places[0] if len(places) == 1 else tuple(places)


nonzero_op = Op(
    "nonzero",
    kind=Kind.INDEXING,
    infer=_nonzero_type,
    kernel=_nonzero_kernel,
    vjp=lambda ct, out, x, *, binds: (None,),
)


def _searchsorted_type(x: TensorType, values: TensorType, *, side: str) -> TensorType:
    return TensorType(int64, values.shape)


searchsorted_op = Op(
    "searchsorted",
    kind=Kind.INDEXING,
    infer=_searchsorted_type,
    kernel=lambda xp, x, values, *, side: np.asarray(np.searchsorted(ordered(x), ordered(values), side)),
    vjp=lambda ct, out, x, values, *, side: (None, None),
    promotes=True,
)


def _place_of(op: Op, x: Any, axis: int | None, keepdims: bool) -> Any:
    """The index that an op finds along an axis, or in the flattened tensor."""
    require_elements(x, axis, op.name)
    flat = reshape(x, (-1,)) if axis is None else x
    place = 0 if axis is None else normalized_axis(axis, rank_of(x))
    found = apply(op, flat, axis=place)
    if not keepdims:
        return found
    return reshape(found, tuple([1 if axis is None or i == place else dim for i, dim in enumerate(shape_of(x))]))


def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The index of the largest element, the first of equal ones.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        keepdims: whether the axis stays, with size 1.

    Returns:
        int64 tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.argmax(ag.constant([1.0, 5.0, 2.0])).item()
        1
    """
    return _place_of(argmax_op, x, axis, keepdims)


def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The index of the smallest element, the first of equal ones.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        keepdims: whether the axis stays, with size 1.

    Returns:
        int64 tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.argmin(ag.constant([1.0, 5.0, 2.0])).item()
        0
    """
    return _place_of(argmin_op, x, axis, keepdims)


def nonzero(x: Any) -> tuple[Any, ...]:
    """The places of the elements that are not zero (or are True), in row-major order.

    Args:
        x: tensor of at least one dimension.

    Returns:
        One int64 tensor a dimension; in a graph their size is known at run time.

    Raises:
        ShapeError: `x` has no dimensions.

    Example:
        >>> import autograph as ag
        >>> [i.numpy().tolist() for i in ag.ops.nonzero(ag.constant([[0, 1], [2, 0]]))]
        [[0, 1], [1, 0]]
    """
    if not rank_of(x):
        refuse(ShapeError, "nonzero of a tensor without dimensions", "compare it with 0")
    places = apply(nonzero_op, x, binds=fresh_size())
    return places if isinstance(places, tuple) else (places,)


def count_nonzero(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """How many elements are not zero.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        int64 tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.count_nonzero(ag.constant([0, 3, 5])).item()
        2
    """
    return sum_over(astype(not_equal(x, 0), int64), axis, keepdims)


def searchsorted(x: Any, values: Any, side: str = "left", sorter: Any = None) -> Any:
    """Where values would be put into a sorted vector so that it stays sorted.

    Args:
        x: tensor [n], in ascending order.
        values: tensor or number.
        side: "left" for the first such place, "right" for the last.
        sorter: integer tensor [n] that sorts x, if x is not sorted.

    Returns:
        int64 tensor of the shape of the values.

    Raises:
        ShapeError: `x` is not a vector.
        ValueError: `side` is neither.

    Example:
        >>> import autograph as ag
        >>> ag.ops.searchsorted(ag.constant([1.0, 2.0, 4.0]), ag.constant([2.0, 3.0])).numpy()
        array([1, 2])
    """
    if rank_of(x) != 1:
        refuse(ShapeError, f"searchsorted in a tensor of {rank_of(x)} dimensions", "give a sorted vector")
    if side not in ("left", "right"):
        raise ValueError(f"side is {side!r}, and has to be 'left' or 'right'")
    if dtype_of(x).is_complex:
        refuse(DTypeError, "searchsorted in complex numbers, which have no order", "use real numbers")
    return apply(searchsorted_op, x if sorter is None else take(x, sorter), values, side=side)
