"""Reductions over axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import add, cast_like, divide, multiply, subtract
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, less
from autograph.ops.exponential import exp, log, sqrt
from autograph.ops.rules import Axis, dtype_of, normalized_axes, normalized_axis, rank_of, reduced_shape, sum_dtype
from autograph.ops.selection import where
from autograph.ops.shape import broadcast_to, flip, reshape, shape_of
from autograph.runtime.apply import apply
from autograph.runtime.dims import known_equal, num_elements
from autograph.runtime.dtypes import DType, bool_, float64, int64
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import dimension_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _op(name: str, function: Callable[..., Any], dtype: Callable[[DType], DType], vjp: Any) -> Op:
    def infer(x: TensorType, *, axis: tuple[int, ...], keepdims: bool) -> TensorType:
        return TensorType(dtype(x.dtype), reduced_shape(x.shape, axis, keepdims))

    def kernel(xp: Any, x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Any:
        array = np.asarray(x)
        wanted = dtype(_dtype(array))
        return np.asarray(function(array, axis=axis, keepdims=keepdims)).astype(wanted.numpy, copy=False)

    return Op(name, kind=Kind.REDUCTION, infer=infer, kernel=kernel, vjp=vjp)


def _dtype(array: Any) -> DType:
    return dtype_of(array)


def _spread(value: Any, x: Tensor, axis: tuple[int, ...]) -> Any:
    """A reduced value broadcast back over the axes it was reduced over."""
    shape = shape_of(x)
    kept = tuple([1 if i in axis else dim for i, dim in enumerate(shape)])
    return broadcast_to(reshape(value, kept), shape)


def _sum_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    return (_spread(ct, x, axis),)


def _prod_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    # The product of the others: out / x, or where one x is 0 the product of the rest.
    zero = equal(x, 0)
    zeros = sum(astype(zero, int64), axis=axis, keepdims=True)
    rest = prod(where(zero, cast_like(1.0, x), x), axis=axis, keepdims=True)
    others = where(
        zero,
        where(equal(zeros, 1), rest, cast_like(0.0, x)),
        divide(_spread(out, x, axis), where(zero, cast_like(1.0, x), x)),
    )
    return (multiply(_spread(ct, x, axis), others),)


def _extreme_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    hits = cast_like(equal(x, _spread(out, x, axis)), ct)
    share = divide(ct, reshape(sum(hits, axis=axis), shape_of(ct)))
    return (multiply(hits, _spread(share, x, axis)),)


def _no_gradient(ct: Tensor, out: Tensor, x: Tensor, **attrs: Any) -> tuple[None]:
    return (None,)


def _same(dtype: DType) -> DType:
    return dtype


sum_op = _op("sum", np.sum, sum_dtype, _sum_vjp)
prod_op = _op("prod", np.prod, sum_dtype, _prod_vjp)
max_op = _op("max", np.max, _same, _extreme_vjp)
min_op = _op("min", np.min, _same, _extreme_vjp)
any_op = _op("any", np.any, lambda dtype: bool_, _no_gradient)
all_op = _op("all", np.all, lambda dtype: bool_, _no_gradient)


def _arg_op(name: str, function: Callable[..., Any]) -> Op:
    def infer(x: TensorType, *, axis: int) -> TensorType:
        return TensorType(int64, reduced_shape(x.shape, (axis,), False))

    return Op(
        name,
        kind=Kind.REDUCTION,
        infer=infer,
        kernel=lambda xp, x, *, axis: np.asarray(function(x, axis=axis)),
        vjp=lambda ct, out, x, *, axis: (None,),
    )


argmax_op = _arg_op("argmax", np.argmax)
argmin_op = _arg_op("argmin", np.argmin)


def _cumulative_type(x: TensorType, *, axis: int) -> TensorType:
    return TensorType(sum_dtype(x.dtype), x.shape)


cumulative_sum_op: Op = Op(
    "cumulative_sum",
    kind=Kind.REDUCTION,
    infer=_cumulative_type,
    kernel=lambda xp, x, *, axis: np.cumsum(x, axis=axis, dtype=sum_dtype(_dtype(np.asarray(x))).numpy),
    vjp=lambda ct, out, x, *, axis: (flip(apply(cumulative_sum_op, flip(ct, axis), axis=axis), axis),),
)


def _reduce(op: Op, x: Any, axis: Axis, keepdims: bool) -> Any:
    return apply(op, x, axis=normalized_axes(axis, rank_of(x)), keepdims=keepdims)


def _count(x: Any, axis: Axis) -> Any:
    """The number of elements that a reduction takes together."""
    shape = shape_of(x)
    size = num_elements([shape[i] for i in normalized_axes(axis, len(shape))])
    return size if isinstance(size, int) else apply(dimension_op, dim=size)


def _require_elements(x: Any, axis: Axis, what: str) -> None:
    shape = shape_of(x)
    for i in normalized_axes(axis, len(shape)):
        if known_equal(shape[i], 0):
            refuse(
                ShapeError, f"{what} of no elements (shape {shape}, axis {axis})", "check that the tensor is not empty"
            )


def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The sum; of integers and bools in 64 bits.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sum(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([4., 6.], dtype=float32)
    """
    return _reduce(sum_op, x, axis, keepdims)


def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The product; of integers and bools in 64 bits.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.prod(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([3., 8.], dtype=float32)
    """
    return _reduce(prod_op, x, axis, keepdims)


def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element; a gradient is shared among equal ones.

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
        >>> ag.ops.max(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([3., 4.], dtype=float32)
    """
    _require_elements(x, axis, "max")
    return _reduce(max_op, x, axis, keepdims)


def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The smallest element; a gradient is shared among equal ones.

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
        >>> ag.ops.min(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 2.], dtype=float32)
    """
    _require_elements(x, axis, "min")
    return _reduce(min_op, x, axis, keepdims)


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Whether any element is true.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.any(ag.constant([[1.0, 2.0], [3.0, 4.0]]) > 3, axis=0).numpy()
        array([False,  True])
    """
    return _reduce(any_op, x, axis, keepdims)


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Whether all elements are true.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.all(ag.constant([[1.0, 2.0], [3.0, 4.0]]) > 1, axis=0).numpy()
        array([False,  True])
    """
    return _reduce(all_op, x, axis, keepdims)


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
    values = x if dtype_of(x).is_inexact else astype(x, float64)
    return divide(sum(values, axis, keepdims), _count(x, axis))


def var(x: Any, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    """The variance.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        correction: what is taken from the number of elements in the divisor.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.var(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 1.], dtype=float32)
    """
    values = x if dtype_of(x).is_inexact else astype(x, float64)
    off = subtract(values, mean(values, axis, True))
    return divide(sum(multiply(off, off), axis, keepdims), subtract(_count(x, axis), correction))


def std(x: Any, axis: Axis = None, correction: float = 0.0, keepdims: bool = False) -> Any:
    """The standard deviation.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        correction: what is taken from the number of elements in the divisor.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.std(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 1.], dtype=float32)
    """
    return sqrt(var(x, axis, correction, keepdims))


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The logarithm of the sum of exponentials, without overflow.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logsumexp(ag.constant([1000.0, 1000.0])).numpy()
        array(1000.6932, dtype=float32)
    """
    axes = normalized_axes(axis, rank_of(x))
    top = apply(stop_op, max(x, axes, True))
    safe = where(less_than_infinity(top), top, cast_like(0.0, top))
    total = add(log(sum(exp(subtract(x, safe)), axes, True)), safe)
    return total if keepdims else sum(total, axes)


def less_than_infinity(x: Any) -> Any:
    """Whether elements are finite in size, so that they can be subtracted from themselves."""
    return less(absolute(x), float("inf"))


# The identity forwards, and nothing backwards.
stop_op = Op(
    "stop_gradient",
    kind=Kind.ELEMENTWISE,
    infer=lambda x: x,
    kernel=lambda xp, x: x,
    vjp=lambda ct, out, x: (None,),
    weakens=True,
)


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
    _require_elements(x, axis, "argmax")
    flat = reshape(x, (-1,)) if axis is None else x
    place = 0 if axis is None else normalized_axis(axis, rank_of(x))
    found = apply(argmax_op, flat, axis=place)
    if not keepdims:
        return found
    shape = shape_of(x)
    return reshape(found, tuple([1 if axis is None or i == place else dim for i, dim in enumerate(shape)]))


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
    _require_elements(x, axis, "argmin")
    flat = reshape(x, (-1,)) if axis is None else x
    place = 0 if axis is None else normalized_axis(axis, rank_of(x))
    found = apply(argmin_op, flat, axis=place)
    if not keepdims:
        return found
    shape = shape_of(x)
    return reshape(found, tuple([1 if axis is None or i == place else dim for i, dim in enumerate(shape)]))


def cumulative_sum(x: Any, axis: int | None = None) -> Any:
    """The sums of all elements up to each one.

    Args:
        x: tensor.
        axis: the axis; None for a tensor of one dimension.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: the axis is not given and not clear.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cumulative_sum(ag.constant([1.0, 2.0, 3.0])).numpy()
        array([1., 3., 6.], dtype=float32)
    """
    if axis is None and rank_of(x) != 1:
        refuse(ShapeError, "cumulative_sum of a tensor of several dimensions needs an axis", "give axis=")
    return apply(cumulative_sum_op, x, axis=normalized_axis(axis or 0, rank_of(x)))
