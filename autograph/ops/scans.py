"""Running sums and products along an axis, and differences of neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import multiply, subtract
from autograph.ops.axis_parts import flip, slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.comparison import not_equal
from autograph.ops.creation import asarray, full
from autograph.ops.extents import shape_of
from autograph.ops.joining import concat
from autograph.ops.rules import dtype_of, normalized_axis, rank_of, sum_dtype
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _cumulative_type(x: TensorType, *, axis: int) -> TensorType:
    return TensorType(sum_dtype(x.dtype), x.shape)


def _op(name: str, function: Any, vjp: Any) -> Op:
    def kernel(xp: Any, x: Any, *, axis: int) -> Any:
        array = np.asarray(x)
        return function(array, axis=axis, dtype=sum_dtype(dtype_of(array)).numpy)

    return Op(name, kind=Kind.REDUCTION, infer=_cumulative_type, kernel=kernel, vjp=vjp)


def _recurrence_kernel(xp: Any, factor: Any, start: Any, *, axis: int) -> Any:
    factors, out = np.moveaxis(factor, axis, 0), np.array(start)
    steps = np.moveaxis(out, axis, 0)
    for i in range(1, len(steps)):
        steps[i] += factors[i] * steps[i - 1]
    return out


def shifted(x: Any, axis: int, first: int = 0) -> Any:
    """Each element moved to the next place along an axis, another at the first; the last falls out."""
    shape = shape_of(x)
    longer = concat([full(_first(shape, axis), first, x.dtype), x], axis)
    return apply(slice_axis_op, longer, axis=axis, start=0, size=shape[axis])


def _recurrence_vjp(ct: Tensor, out: Tensor, factor: Tensor, start: Tensor, *, axis: int) -> tuple[Any, ...]:
    # Backwards the same recurrence runs from the end, with the factor of the place after.
    total = flip(apply(recurrence_op, shifted(flip(factor, axis), axis), flip(ct, axis), axis=axis), axis)
    return multiply(total, shifted(out, axis)), total


# y[i] = factor[i] * y[i - 1] + start[i] along an axis, with y[-1] = 0.
recurrence_op: Op = Op(
    "recurrence",
    kind=Kind.REDUCTION,
    infer=lambda factor, start, *, axis: start,
    kernel=_recurrence_kernel,
    vjp=_recurrence_vjp,
)


def _cumulative_prod_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: int) -> tuple[Any, ...]:
    # out[i] = x[i] * out[i - 1]: exact at zeros too, where dividing by x is not.
    total = flip(apply(recurrence_op, shifted(flip(x, axis), axis), flip(ct, axis), axis=axis), axis)
    return (multiply(total, shifted(out, axis, 1)),)


def products_of_others(x: Any, axis: int) -> Any:
    """The product of all other elements along an axis, for each element.

    Without a division, so that it and its derivatives are right where elements are 0.
    """
    before, after = [apply(cumulative_prod_op, shifted(one, axis, 1), axis=axis) for one in (x, flip(x, axis))]
    return multiply(before, flip(after, axis))


def _first(shape: Any, axis: int) -> Any:
    return tuple([1 if i == axis else dim for i, dim in enumerate(shape)])


cumulative_sum_op: Op = _op(
    "cumulative_sum",
    np.cumsum,
    lambda ct, out, x, *, axis: (flip(apply(cumulative_sum_op, flip(ct, axis), axis=axis), axis),),
)
cumulative_prod_op = _op("cumulative_prod", np.cumprod, _cumulative_prod_vjp)


def _cumulative(op: Op, initial: int, x: Any, axis: int | None, dtype: Any, include_initial: bool) -> Any:
    if axis is None and rank_of(x) != 1:
        refuse(ShapeError, f"{op.name} of a tensor of {rank_of(x)} dimensions needs an axis", "give axis=")
    place = normalized_axis(axis or 0, rank_of(x))
    wanted = None if dtype is None else as_dtype(dtype)
    out = apply(op, x if wanted is None else astype(x, wanted), axis=place)
    if wanted is not None and out.dtype is not wanted:
        out = astype(out, wanted)
    return concat([full(_first(shape_of(out), place), initial, out.dtype), out], place) if include_initial else out


def cumulative_sum(x: Any, axis: int | None = None, *, dtype: Any = None, include_initial: bool = False) -> Any:
    """The sums of all elements up to each one.

    Args:
        x: tensor.
        axis: the axis; None for a tensor of one dimension.
        dtype: the dtype to compute in; 64 bits for integers by default.
        include_initial: whether the sum of no elements, 0, comes first.

    Returns:
        A tensor of the shape of x, one longer along the axis with `include_initial`.

    Raises:
        ShapeError: the axis is not given and not clear.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cumulative_sum(ag.constant([1.0, 2.0, 3.0])).numpy()
        array([1., 3., 6.], dtype=float32)
    """
    return _cumulative(cumulative_sum_op, 0, x, axis, dtype, include_initial)


def cumulative_prod(x: Any, axis: int | None = None, *, dtype: Any = None, include_initial: bool = False) -> Any:
    """The products of all elements up to each one.

    Args:
        x: tensor.
        axis: the axis; None for a tensor of one dimension.
        dtype: the dtype to compute in; 64 bits for integers by default.
        include_initial: whether the product of no elements, 1, comes first.

    Returns:
        A tensor of the shape of x, one longer along the axis with `include_initial`.

    Raises:
        ShapeError: the axis is not given and not clear.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cumulative_prod(ag.constant([1.0, 2.0, 3.0])).numpy()
        array([1., 2., 6.], dtype=float32)
    """
    return _cumulative(cumulative_prod_op, 1, x, axis, dtype, include_initial)


def cumsum(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The sums of all elements up to each one, as NumPy has it.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        dtype: the dtype to compute in; 64 bits for integers by default.

    Returns:
        A tensor of the shape of x, or of one dimension.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cumsum(ag.constant([[1, 2], [3, 4]])).numpy()
        array([ 1,  3,  6, 10])
    """
    return cumulative_sum(reshape(x, (-1,)) if axis is None else x, axis or 0, dtype=dtype)


def cumprod(x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The products of all elements up to each one, as NumPy has it.

    Args:
        x: tensor.
        axis: the axis; None for the flattened tensor.
        dtype: the dtype to compute in; 64 bits for integers by default.

    Returns:
        A tensor of the shape of x, or of one dimension.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cumprod(ag.constant([[1, 2], [3, 4]])).numpy()
        array([ 1,  2,  6, 24])
    """
    return cumulative_prod(reshape(x, (-1,)) if axis is None else x, axis or 0, dtype=dtype)


def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """Differences of neighbours along an axis; of bools, whether they differ.

    Args:
        x: tensor.
        n: how many times differences are taken.
        axis: the axis.
        prepend: tensor that comes before x along the axis.
        append: tensor that comes after x along the axis.

    Returns:
        A tensor that is n shorter along the axis.

    Raises:
        ValueError: n is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.diff(ag.constant([1.0, 4.0, 9.0])).numpy()
        array([3., 5.], dtype=float32)
    """
    if n < 0:
        raise ValueError(f"differences are taken n={n} times; n has to be at least 0")
    place = normalized_axis(axis, rank_of(x))
    parts = [asarray(part) for part in (prepend, x, append) if part is not None]
    out = concat(parts, place) if len(parts) > 1 else x
    minus = not_equal if dtype_of(x).is_bool else subtract
    for _ in range(n):
        size = shape_of(out)[place]
        if isinstance(size, int) and size < 1:
            break
        late = apply(slice_axis_op, out, axis=place, start=1, size=size - 1)
        out = minus(late, apply(slice_axis_op, out, axis=place, start=0, size=size - 1))
    return out
