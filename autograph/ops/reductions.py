"""Reductions over axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import add, cast_like, divide, maximum, minimum, multiply, subtract
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, less
from autograph.ops.exponential import exp, log
from autograph.ops.extents import shape_of
from autograph.ops.index_bounds import has_elements
from autograph.ops.rules import Axis, dtype_of, normalized_axes, rank_of, reduced_shape, sum_dtype
from autograph.ops.scans import products_of_others
from autograph.ops.selection import where
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import known_equal, num_elements
from autograph.runtime.dtypes import DType, bool_, from_numpy
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _op(name: str, function: np.ufunc, dtype: Callable[[DType], DType], vjp: Any, requires: Any = None) -> Op:
    def infer(x: TensorType, *, axis: tuple[int, ...], keepdims: bool) -> TensorType:
        return TensorType(dtype(x.dtype), reduced_shape(x.shape, axis, keepdims))

    def kernel(xp: Any, x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Any:
        array = np.asarray(x)
        wanted = dtype(from_numpy[array.dtype]).numpy
        out = np.asarray(function.reduce(array, axis=axis, keepdims=keepdims))
        return out if out.dtype is wanted else out.astype(wanted, copy=False)

    return Op(name, kind=Kind.REDUCTION, infer=infer, kernel=kernel, vjp=vjp, requires=requires)


def _spread(value: Any, x: Tensor, axis: tuple[int, ...]) -> Any:
    """A reduced value broadcast back over the axes it was reduced over."""
    shape = shape_of(x)
    kept = tuple([1 if i in axis else dim for i, dim in enumerate(shape)])
    return broadcast_to(reshape(value, kept), shape)


def _sum_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    return (_spread(ct, x, axis),)


def _prod_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    if not axis:
        return (ct,)
    kept = tuple([i for i in range(rank_of(x)) if i not in axis])
    order = (*kept, *axis)
    turned = permute_dims(x, order)
    rows = reshape(turned, (*[shape_of(x)[i] for i in kept], num_elements([shape_of(x)[i] for i in axis])))
    others = reshape(products_of_others(rows, len(kept)), shape_of(turned))
    back = tuple([order.index(i) for i in range(rank_of(x))])
    return (multiply(_spread(ct, x, axis), permute_dims(others, back)),)


def _extreme_vjp(ct: Tensor, out: Tensor, x: Tensor, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any, ...]:
    hits = cast_like(equal(x, _spread(out, x, axis)), ct)
    share = divide(ct, reshape(sum(hits, axis=axis), shape_of(ct)))
    return (multiply(hits, _spread(share, x, axis)),)


def _no_gradient(ct: Tensor, out: Tensor, x: Tensor, **attrs: Any) -> tuple[None]:
    return (None,)


def _same(dtype: DType) -> DType:
    return dtype


def _extreme_of_some(name: str) -> Any:
    text = f"zero-size array to reduction operation {name} which has no identity"
    return lambda x, *, axis, keepdims: has_elements([x.type.shape[i] for i in axis], text)


sum_op = _op("sum", np.add, sum_dtype, _sum_vjp)
prod_op = _op("prod", np.multiply, sum_dtype, _prod_vjp)
max_op = _op("max", np.maximum, _same, _extreme_vjp, _extreme_of_some("maximum"))
min_op = _op("min", np.minimum, _same, _extreme_vjp, _extreme_of_some("minimum"))
any_op = _op("any", np.logical_or, lambda dtype: bool_, _no_gradient)
all_op = _op("all", np.logical_and, lambda dtype: bool_, _no_gradient)


def _reduce(op: Op, x: Any, axis: Axis, keepdims: bool) -> Any:
    return apply(op, x, axis=normalized_axes(axis, rank_of(x)), keepdims=keepdims)


def _reduce_in(dtype: Any, op: Op, x: Any, axis: Axis, keepdims: bool) -> Any:
    """A reduction computed in a dtype, which is also the result's."""
    return astype(_reduce(op, astype(x, dtype), axis, keepdims), dtype)


def require_elements(x: Any, axis: Axis, what: str) -> None:
    """Refuses to reduce no elements to one of them."""
    if type(x) is Tensor and type(x._value) is np.ndarray and x._value.size:
        return
    shape = shape_of(x)
    for i in normalized_axes(axis, len(shape)):
        if shape[i] == 0 if type(shape[i]) is int else known_equal(shape[i], 0):
            refuse(
                ShapeError, f"{what} of no elements (shape {shape}, axis {axis})", "check that the tensor is not empty"
            )


def _with_initial(reduce: Any, join: Any, x: Any, axis: Axis, keepdims: bool, initial: Any) -> Any:
    """An extreme of elements and a number."""
    shape = shape_of(x)
    if 0 in [shape[i] for i in normalized_axes(axis, len(shape))]:
        zeros = astype(_reduce(sum_op, x, axis, keepdims), dtype_of(x))
        return where(equal(zeros, zeros), initial, zeros)
    return join(reduce(x, axis, keepdims), initial)


def sum(x: Any, axis: Axis = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """The sum; of integers and bools in 64 bits.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        dtype: the dtype to compute in.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sum(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([4., 6.], dtype=float32)
    """
    return _reduce(sum_op, x, axis, keepdims) if dtype is None else _reduce_in(dtype, sum_op, x, axis, keepdims)


def prod(x: Any, axis: Axis = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """The product; of integers and bools in 64 bits.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        dtype: the dtype to compute in.

    Returns:
        The reduced tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.prod(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([3., 8.], dtype=float32)
    """
    return _reduce(prod_op, x, axis, keepdims) if dtype is None else _reduce_in(dtype, prod_op, x, axis, keepdims)


def max(x: Any, axis: Axis = None, keepdims: bool = False, initial: Any = None) -> Any:
    """The largest element; a gradient is shared among equal ones.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        initial: a number that counts as an element too, also where there are none.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.max(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([3., 4.], dtype=float32)
    """
    if initial is not None:
        return _with_initial(max, maximum, x, axis, keepdims, initial)
    require_elements(x, axis, "max")
    return _reduce(max_op, x, axis, keepdims)


def min(x: Any, axis: Axis = None, keepdims: bool = False, initial: Any = None) -> Any:
    """The smallest element; a gradient is shared among equal ones.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.
        initial: a number that counts as an element too, also where there are none.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.min(ag.constant([[1.0, 2.0], [3.0, 4.0]]), axis=0).numpy()
        array([1., 2.], dtype=float32)
    """
    if initial is not None:
        return _with_initial(min, minimum, x, axis, keepdims, initial)
    require_elements(x, axis, "min")
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
