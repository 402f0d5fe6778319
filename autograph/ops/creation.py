"""Makes tensors: constants, zeros, ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater_equal
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.selection import where
from autograph.ops.shape import broadcast_to, dims_of_shape, expand_dims, permute_dims, reshape, shape_of, stack
from autograph.runtime.apply import apply
from autograph.runtime.context import current, current_trace
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.dtypes import DEFAULT_FLOAT, DEFAULT_INT, DType, as_dtype, bool_
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.structure_ops import known_dim
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable, to_array

full_op = Op(
    "full",
    kind=Kind.CREATION,
    infer=lambda *, shape, value, dtype: TensorType(dtype, shape),
    kernel=lambda xp, *, shape, value, dtype: np.full(shape, value, dtype.numpy),
    vjp=lambda ct, out, **attrs: (),
)


def _iota_type(*, size: Dim) -> TensorType:
    return TensorType(DEFAULT_INT, (size,))


# 0, 1, … up to a size known when tracing, or symbolic.
iota_op = Op(
    "iota",
    kind=Kind.CREATION,
    infer=_iota_type,
    kernel=lambda xp, *, size: np.arange(size),
    vjp=lambda ct, out, **attrs: (),
)


def _arange_type(
    start: TensorType, stop: TensorType, step: TensorType, *, binds: tuple[SymbolicDim, ...]
) -> TensorType:
    return TensorType(start.dtype, (binds[0],))


arange_op = Op(
    "arange",
    kind=Kind.CREATION,
    infer=_arange_type,
    kernel=lambda xp, start, stop, step, *, binds: np.arange(start, stop, step, dtype=np.asarray(start).dtype),
    vjp=NOT_DIFFERENTIABLE,
    promotes=True,
)


def constant(value: Any, dtype: Any = None, shape: Any = None) -> Tensor:
    """A tensor of given values, copied.

    Args:
        value: number, nested list of numbers or tensors, NumPy array or tensor. Python floats give float32, ints
            int64; arrays keep their dtype.
        dtype: the dtype, if another is wanted.
        shape: a shape to broadcast to.

    Returns:
        The tensor.

    Raises:
        DTypeError: the value is not made of numbers.

    Example:
        >>> import autograph as ag
        >>> ag.constant([1.0, 2.0])
        Tensor([1., 2.], shape=(2,), dtype=float32)
    """
    made = asarray(value, dtype)
    # Arrays may change later; the values of tensors do not, and tapes know them.
    made = Tensor(
        np.array(made._value)
        if isinstance(made._value, np.ndarray | np.generic) and not _has_tensor(value)
        else made._value
    )
    return made if shape is None else broadcast_to(made, shape)


def asarray(value: Any, dtype: Any = None) -> Tensor:
    """A tensor of given values, without a copy where that is safe.

    Args:
        value: as for `constant`.
        dtype: the dtype, if another is wanted.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.asarray(3).dtype
        ag.int64
    """
    if isinstance(value, Variable):
        value = value.value()
    if isinstance(value, Tensor):
        if dtype is None and not value.type.weak:
            return value
        wanted = as_dtype(dtype) if dtype is not None else _strong(value.dtype)
        cast: Tensor = astype(value, wanted)
        return cast
    if isinstance(value, list | tuple) and current() is not None and _has_tensor(value):
        made: Tensor = stack([asarray(item, dtype) for item in value])  # so that traces and tapes see it
        return made
    trace = current_trace()
    if trace is not None and isinstance(value, np.ndarray):
        taken = Tensor(trace.value(value))  # the array of the time of the call, if it is a large one
        return taken if dtype is None else astype(taken, as_dtype(dtype))
    array = to_array(value, dtype)
    # A view, so that a tape tells the tensor from others that were made of the same array.
    return Tensor(array.view()) if trace is None else Tensor(trace.value(array))


def _strong(dtype: DType) -> DType:
    return DEFAULT_FLOAT if dtype.is_floating else dtype


def _has_tensor(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_tensor(item) for item in value)
    return isinstance(value, Tensor | Variable)


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """A tensor with one value everywhere.

    Args:
        shape: the sizes.
        fill_value: number or scalar tensor.
        dtype: the dtype; that of the value by default (float32 for a Python float).

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.full((2,), 7.0).numpy()
        array([7., 7.], dtype=float32)
    """
    if type(fill_value) not in PYTHON_NUMBERS:
        scalar = asarray(fill_value, dtype)
        return broadcast_to(scalar, shape)
    made = as_dtype(dtype) if dtype is not None else _default(fill_value)
    return apply(full_op, shape=dims_of_shape(shape), value=fill_value, dtype=made)


def _default(number: Any) -> DType:
    if type(number) is float:
        return DEFAULT_FLOAT
    return dtype_of(number) if type(number) is int else bool_ if type(number) is bool else as_dtype("complex64")


def zeros(shape: Any, dtype: Any = None) -> Any:
    """A tensor of zeros.

    Args:
        shape: the sizes.
        dtype: the dtype; float32 by default.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.zeros((2,)).numpy()
        array([0., 0.], dtype=float32)
    """
    return full(shape, 0.0, dtype or DEFAULT_FLOAT)


def ones(shape: Any, dtype: Any = None) -> Any:
    """A tensor of ones.

    Args:
        shape: the sizes.
        dtype: the dtype; float32 by default.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ones((2,)).numpy()
        array([1., 1.], dtype=float32)
    """
    return full(shape, 1.0, dtype or DEFAULT_FLOAT)


def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """A tensor with the shape of another and one value everywhere.

    Args:
        x: tensor.
        fill_value: number.
        dtype: the dtype; that of x by default.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.full_like(ag.constant([1.0, 2.0]), 7).numpy()
        array([7., 7.], dtype=float32)
    """
    return full(shape_of(x), fill_value, dtype or dtype_of(x))


def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Zeros with the shape of a tensor.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.zeros_like(ag.constant([1.0, 2.0])).numpy()
        array([0., 0.], dtype=float32)
    """
    return full_like(x, 0, dtype)


def ones_like(x: Any, dtype: Any = None) -> Any:
    """Ones with the shape of a tensor.

    Args:
        x: tensor.
        dtype: the dtype; that of x by default.

    Returns:
        The tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ones_like(ag.constant([3.0, 2.0])).numpy()
        array([1., 1.], dtype=float32)
    """
    return full_like(x, 1, dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    """Numbers from `start` up to but without `stop`.

    Args:
        start: the first number; the end if it is the only argument.
        stop: the end.
        step: the distance of neighbours.
        dtype: the dtype; int64 for ints, float32 for floats.

    Returns:
        Tensor of one dimension.

    Example:
        >>> import autograph as ag
        >>> ag.ops.arange(3).numpy()
        array([0, 1, 2])
    """
    if stop is None:
        start, stop = 0, start
    size = known_dim(stop) if isinstance(stop, Tensor) else stop
    if isinstance(size, SymbolicDim) and type(start) is int and start == 0 and type(step) is int and step == 1:
        counted = apply(iota_op, size=size)
        return counted if dtype is None else astype(counted, dtype)
    bounds = [x.item() if isinstance(x, Tensor) and not x.is_graph else x for x in (start, stop, step)]
    if all(type(x) in PYTHON_NUMBERS for x in bounds):
        numbers: Any = bounds
        return asarray(np.arange(*numbers), dtype or (DEFAULT_FLOAT if any(type(x) is float for x in bounds) else None))
    trace = current_trace()
    assert trace is not None
    operands = [asarray(x) if not isinstance(x, Tensor) else x for x in bounds]
    made = apply(arange_op, *operands, binds=(trace.fresh_symbol(),))
    return made if dtype is None else astype(made, dtype)


def linspace(start: float, stop: float, num: int, dtype: Any = None) -> Any:
    """Evenly spaced numbers, both ends included.

    Args:
        start: the first number.
        stop: the last number.
        num: how many.
        dtype: the dtype; float32 by default.

    Returns:
        Tensor [num].

    Example:
        >>> import autograph as ag
        >>> ag.ops.linspace(0.0, 1.0, 3).numpy()
        array([0. , 0.5, 1. ], dtype=float32)
    """
    return asarray(np.linspace(float(start), float(stop), num), dtype or DEFAULT_FLOAT)


def eye(n_rows: int, n_cols: int | None = None, dtype: Any = None) -> Any:
    """The unit matrix.

    Args:
        n_rows: rows.
        n_cols: columns; as many as rows by default.
        dtype: the dtype; float32 by default.

    Returns:
        Tensor [n_rows, n_cols].

    Example:
        >>> import autograph as ag
        >>> ag.ops.eye(2).numpy()
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    return asarray(np.eye(n_rows, n_cols), dtype or DEFAULT_FLOAT)


def tril(x: Any) -> Any:
    """The lower triangle of matrices, zeros above.

    Args:
        x: tensor [..., n, m].

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tril(ag.ops.ones((2, 2))).numpy()
        array([[1., 0.],
               [1., 1.]], dtype=float32)
    """
    rows, cols = shape_of(x)[-2:]
    return where(greater_equal(expand_dims(arange(rows), 1), arange(cols)), x, 0)


def one_hot(x: Any, num_classes: int, axis: int = -1, dtype: Any = None) -> Any:
    """Integers as vectors with a one at their place.

    Args:
        x: integer tensor; numbers outside 0 … num_classes - 1 give zeros.
        num_classes: the size of the new axis.
        axis: where the new axis stands.
        dtype: the dtype; float32 by default.

    Returns:
        A tensor with one dimension more.

    Example:
        >>> import autograph as ag
        >>> ag.ops.one_hot(ag.constant([1, 0]), 2).numpy()
        array([[0., 1.],
               [1., 0.]], dtype=float32)
    """
    rank = rank_of(x) + 1
    place = normalized_axis(axis, rank)
    classes = reshape(arange(num_classes), [-1 if i == place else 1 for i in range(rank)])
    return astype(equal(expand_dims(x, place), classes), dtype or DEFAULT_FLOAT)


def meshgrid(*arrays: Any, indexing: str = "xy") -> Sequence[Any]:
    """Coordinate grids of vectors.

    Args:
        *arrays: vectors.
        indexing: "xy" swaps the first two axes, "ij" does not.

    Returns:
        A list with one grid a vector.

    Example:
        >>> import autograph as ag
        >>> [g.shape for g in ag.ops.meshgrid(ag.ops.arange(2), ag.ops.arange(3), indexing="ij")]
        [(2, 3), (2, 3)]
    """
    sizes = [shape_of(a)[0] for a in arrays]
    count = len(arrays)
    grids = [
        broadcast_to(reshape(a, [-1 if j == i else 1 for j in range(count)]), tuple(sizes))
        for i, a in enumerate(arrays)
    ]
    if indexing == "xy" and count >= 2:
        grids = [permute_dims(g, (1, 0, *range(2, count))) for g in grids]
    return grids
