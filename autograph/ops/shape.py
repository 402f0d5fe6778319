"""Moves elements without computing: reshape, transpose, broadcast, concat, stack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import GraphTensorError, ShapeError
from autograph.ops.casts import astype
from autograph.ops.lists import list_stack
from autograph.ops.rules import dtype_of, normalized_axes, normalized_axis, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.context import is_recording
from autograph.runtime.dims import Dim, SymbolicDim, known_equal, num_elements
from autograph.runtime.op import Kind, Op, get_op
from autograph.runtime.promotion import result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast, require_equal
from autograph.runtime.structure_ops import dimension_op, known_dim
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType


def dims_of_shape(shape: Any, open_: bool = False) -> tuple[Dim, ...]:
    """A user's shape as sizes: ints, and scalars that came from a tensor's shape; `open_` allows -1.

    Raises:
        ShapeError: a size is negative.
        GraphTensorError: a size is a tensor whose value only the running graph knows.
    """
    entries = [shape] if isinstance(shape, int | Tensor | SymbolicDim | np.integer) else list(shape)
    dims = tuple([_dim(entry) for entry in entries])
    least = -1 if open_ else 0
    if any(isinstance(dim, int) and dim < least for dim in dims):
        refuse(ShapeError, f"shape {dims} has a negative size", "use sizes of at least 0; in reshape one may be -1")
    return dims


def _dim(entry: Any) -> Dim:
    if isinstance(entry, int | np.integer):
        return int(entry)
    if isinstance(entry, SymbolicDim):
        return entry
    if isinstance(entry, Tensor):
        known = known_dim(entry)
        if known is not None:
            return known
        if not entry.is_graph:
            return int(entry)
        node = entry._value.node
        if node is not None and node.op.name == "constant":
            return int(node.attrs["value"])
        refuse(
            GraphTensorError,
            "a size in a shape is a tensor whose value only the running graph knows",
            "use sizes from x.shape, or Python ints",
        )
    refuse(ShapeError, f"{entry!r} is not a size", "use ints")


def shape_of(x: Any) -> tuple[Dim, ...]:
    """The sizes of an operand, symbols included."""
    if isinstance(x, Tensor):
        value = x._value
        return value.shape if type(value) is np.ndarray else x.type.shape
    shape: tuple[Dim, ...] = getattr(x, "shape", ())
    return shape


def size_number(dim: Dim) -> Any:
    """A size as a number to compute with: an int, or a scalar tensor that keeps the symbol's algebra."""
    return dim if isinstance(dim, int) else apply(dimension_op, dim=dim)


def _reshape_type(x: TensorType, *, shape: tuple[Dim, ...]) -> TensorType:
    require_equal(
        num_elements(x.shape),
        num_elements(shape),
        f"a tensor {x} cannot be reshaped to {shape}: the numbers of elements differ",
        "check the sizes; one may be -1",
    )
    return TensorType(x.dtype, shape)


reshape_op = Op(
    "reshape",
    kind=Kind.SHAPE,
    infer=_reshape_type,
    kernel=lambda xp, x, *, shape: np.reshape(x, shape),
    vjp=lambda ct, out, x, *, shape: (reshape(ct, shape_of(x)),),
)


def _permute_type(x: TensorType, *, axes: tuple[int, ...]) -> TensorType:
    return TensorType(x.dtype, tuple([x.shape[axis] for axis in axes]))


permute_dims_op = Op(
    "permute_dims",
    kind=Kind.SHAPE,
    infer=_permute_type,
    kernel=lambda xp, x, *, axes: np.transpose(x, axes),
    vjp=lambda ct, out, x, *, axes: (permute_dims(ct, tuple(int(i) for i in np.argsort(axes))),),
)


def _broadcast_type(x: TensorType, *, shape: tuple[Dim, ...]) -> TensorType:
    if broadcast(x.shape, shape) != shape:
        refuse(ShapeError, f"a tensor {x} does not broadcast to {shape}", "sizes have to be equal, or 1")
    return TensorType(x.dtype, shape)


def sum_to(ct: Tensor, shape: tuple[Dim, ...]) -> Tensor:
    """Sums a tensor down to a shape that broadcasts to its own: the reverse of broadcasting."""
    own = ct.type.shape
    if own == shape:
        return ct
    extra = len(own) - len(shape)
    wide = [i for i, dim in enumerate(shape) if dim == 1 and own[i + extra] != 1]
    axes = (*range(extra), *[i + extra for i in wide])
    from_op: Tensor = apply(get_sum(), ct, axis=axes, keepdims=False) if axes else ct
    return from_op if from_op.type.shape == shape else reshape(from_op, shape)


def get_sum() -> Op:
    """The sum op (of the reductions, which need this module)."""
    return get_op("sum")


broadcast_to_op = Op(
    "broadcast_to",
    kind=Kind.SHAPE,
    infer=_broadcast_type,
    kernel=lambda xp, x, *, shape: np.broadcast_to(x, shape),
    vjp=lambda ct, out, x, *, shape: (sum_to(ct, shape_of(x)),),
)


def _concat_type(*types: TensorType, axis: int) -> TensorType:
    first = types[0]
    total: Dim = 0
    for type_ in types:
        if type_.rank != first.rank:
            refuse(ShapeError, f"concat of tensors of different ranks: {first} and {type_}", "reshape one")
        for i, (a, b) in enumerate(zip(first.shape, type_.shape, strict=True)):
            if i != axis:
                require_equal(
                    a, b, f"concat along axis {axis} of {first} and {type_}: other sizes differ", "make them equal"
                )
        total = total + type_.shape[axis]
    return first.with_shape(tuple([total if i == axis else dim for i, dim in enumerate(first.shape)])).strong()


def _concat_vjp(ct: Tensor, out: Tensor, *tensors: Tensor, axis: int) -> tuple[Any, ...]:
    parts, start = [], 0
    start_dim: Dim = start
    for tensor in tensors:
        size = shape_of(tensor)[axis]
        parts.append(apply(slice_axis_op, ct, axis=axis, start=start_dim, size=size))
        start_dim = start_dim + size
    return tuple(parts)


concat_op = Op(
    "concat",
    kind=Kind.SHAPE,
    infer=_concat_type,
    kernel=lambda xp, *arrays, axis: np.concatenate(arrays, axis),
    vjp=_concat_vjp,
    promotes=True,
)


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


def reshape(x: Any, shape: Any, *, copy: bool | None = None) -> Any:
    """The elements of `x` in another shape, in row-major order.

    Args:
        x: tensor.
        shape: the sizes; one may be -1.
        copy: without meaning: values never change, so they can be shared.

    Returns:
        A tensor of that shape.

    Raises:
        ShapeError: the numbers of elements differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.reshape(ag.ops.arange(6), (2, -1)).shape
        (2, 3)
    """
    if type(x) is Tensor and type(x._value) is np.ndarray and type(shape) is tuple and not is_recording():
        try:
            if not shape or min(shape) >= -1:
                return Tensor(x._value.reshape(shape))
        except (TypeError, ValueError):
            pass  # refused below, in the user's terms
    dims = dims_of_shape(shape, open_=True)
    open_ = [i for i, dim in enumerate(dims) if isinstance(dim, int) and dim == -1]
    if len(open_) > 1:
        refuse(ShapeError, f"shape {dims} has more than one -1", "give all sizes but one")
    if open_:
        known = num_elements([dim for i, dim in enumerate(dims) if i not in open_])
        total = num_elements(shape_of(x))
        size = 0 if known_equal(known, 0) else total // known
        dims = tuple([size if i in open_ else dim for i, dim in enumerate(dims)])
    return apply(reshape_op, x, shape=dims)


def permute_dims(x: Any, axes: Sequence[int]) -> Any:
    """`x` with its axes in another order.

    Args:
        x: tensor.
        axes: for each axis of the result, the axis of `x`.

    Returns:
        The permuted tensor.

    Raises:
        ShapeError: `axes` is not a permutation.

    Example:
        >>> import autograph as ag
        >>> ag.ops.permute_dims(ag.ops.zeros((2, 3, 4)), (2, 0, 1)).shape
        (4, 2, 3)
    """
    rank = rank_of(x)
    order = tuple([normalized_axis(axis, rank) for axis in axes])
    if sorted(order) != list(range(rank)):
        refuse(ShapeError, f"{tuple(axes)} is not an order of the {rank} axes", "name each axis once")
    return apply(permute_dims_op, x, axes=order)


def matrix_transpose(x: Any) -> Any:
    """`x` with its last two axes swapped.

    Args:
        x: tensor of at least two dimensions.

    Returns:
        The transposed tensor.

    Raises:
        ShapeError: `x` has fewer dimensions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.matrix_transpose(ag.ops.zeros((5, 2, 3))).shape
        (5, 3, 2)
    """
    rank = rank_of(x)
    if rank < 2:
        refuse(ShapeError, f"a tensor of {rank} dimensions has no matrix to transpose", "use at least two dimensions")
    return apply(permute_dims_op, x, axes=(*range(rank - 2), rank - 1, rank - 2))


def expand_dims(x: Any, axis: int = 0) -> Any:
    """`x` with a new axis of size 1.

    Args:
        x: tensor.
        axis: where the new axis stands in the result.

    Returns:
        A tensor with one dimension more.

    Example:
        >>> import autograph as ag
        >>> ag.ops.expand_dims(ag.ops.zeros((2, 3)), 1).shape
        (2, 1, 3)
    """
    shape = list(shape_of(x))
    shape.insert(normalized_axis(axis, len(shape) + 1), 1)
    return apply(reshape_op, x, shape=tuple(shape))


def squeeze(x: Any, axis: int | Sequence[int]) -> Any:
    """`x` without axes of size 1.

    Args:
        x: tensor.
        axis: the axis or axes to drop.

    Returns:
        A tensor with fewer dimensions.

    Raises:
        ShapeError: an axis is not of size 1.

    Example:
        >>> import autograph as ag
        >>> ag.ops.squeeze(ag.ops.zeros((2, 1)), 1).shape
        (2,)
    """
    shape = shape_of(x)
    axes = normalized_axes(axis, len(shape))
    for i in axes:
        require_equal(shape[i], 1, f"axis {i} of shape {shape} cannot be squeezed", "squeeze axes of size 1 only")
    return apply(reshape_op, x, shape=tuple([dim for i, dim in enumerate(shape) if i not in axes]))


def broadcast_to(x: Any, shape: Any) -> Any:
    """`x` repeated along axes of size 1 and new leading axes.

    Args:
        x: tensor or number.
        shape: the sizes wanted.

    Returns:
        A tensor of that shape.

    Raises:
        ShapeError: `x` does not broadcast to the shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.broadcast_to(ag.constant([1.0, 2.0]), (2, 2)).numpy()
        array([[1., 2.],
               [1., 2.]], dtype=float32)
    """
    return apply(broadcast_to_op, x, shape=dims_of_shape(shape))


def concat(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """Tensors one after the other along an axis.

    Args:
        arrays: tensors of one rank whose other sizes agree.
        axis: the axis along which they are joined; None joins the flattened tensors.

    Returns:
        The joined tensor.

    Raises:
        ShapeError: ranks or other sizes differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.concat([ag.constant([1.0]), ag.constant([2.0, 3.0])]).numpy()
        array([1., 2., 3.], dtype=float32)
    """
    tensors = list(arrays)
    if not tensors:
        refuse(ShapeError, "concat of no tensors", "give at least one")
    if type(axis) is int and not is_recording() and _are_arrays_alike(tensors):
        try:
            return Tensor(np.concatenate([x._value for x in tensors], axis))
        except ValueError:
            pass  # refused below, in the user's terms
    if axis is None:
        tensors, axis = [reshape(x, (-1,)) for x in tensors], 0
    if rank_of(tensors[0]) == 0:
        refuse(ShapeError, "concat of scalars", "use ag.ops.stack")
    return apply(concat_op, *_common(tensors), axis=normalized_axis(axis, rank_of(tensors[0])))


def _are_arrays_alike(tensors: list[Any]) -> bool:
    """Whether all are tensors with values, of one dtype."""
    dtypes = {x._value.dtype if type(x) is Tensor and type(x._value) is np.ndarray else None for x in tensors}
    return len(dtypes) == 1 and None not in dtypes


def _common(tensors: list[Any]) -> list[Any]:
    """Operands in their common dtype."""
    kinds = [(dtype_of(x), type(x) in PYTHON_NUMBERS or (isinstance(x, Tensor) and x.type.weak)) for x in tensors]
    dtype, weak = result_type(*kinds)
    return [
        x if weak or (known is dtype and not flag) else astype(x, dtype)
        for x, (known, flag) in zip(tensors, kinds, strict=True)
    ]


def stack(arrays: Any, axis: int = 0) -> Any:
    """Tensors of one shape along a new axis.

    Args:
        arrays: tensors or numbers, also a list grown in a staged loop.
        axis: the place of the new axis in the result.

    Returns:
        A tensor with one dimension more.

    Raises:
        ShapeError: shapes differ, or there are none.

    Example:
        >>> import autograph as ag
        >>> ag.ops.stack([ag.constant(1.0), ag.constant(2.0)]).numpy()
        array([1., 2.], dtype=float32)
    """
    grown = arrays.__autograph_list__() if hasattr(arrays, "__autograph_list__") else None
    if grown is not None:
        stacked = list_stack(grown)
        if axis == 0:
            return stacked
        order = list(range(1, rank_of(stacked)))
        order.insert(normalized_axis(axis, rank_of(stacked)), 0)
        return permute_dims(stacked, order)
    tensors = list(arrays)
    if not tensors:
        refuse(ShapeError, "stack of no tensors", "give at least one")
    shapes = [shape_of(x) for x in tensors]
    for shape in shapes:
        if len(shape) != len(shapes[0]):
            refuse(ShapeError, f"stack of tensors of shapes {shapes[0]} and {shape}", "give tensors of one shape")
        for a, b in zip(shapes[0], shape, strict=True):
            require_equal(a, b, f"stack of tensors of shapes {shapes[0]} and {shape}", "give tensors of one shape")
    return concat([expand_dims(x, axis) for x in tensors], axis)


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


def size(x: Any) -> Any:
    """The number of elements of a tensor.

    Args:
        x: tensor.

    Returns:
        An int; a symbolic size gives a scalar tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.size(ag.ops.zeros((2, 3)))
        6
    """
    return math.prod(x.shape)
