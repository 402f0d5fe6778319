"""Tensors joined along axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.extents import shape_of
from autograph.ops.lists import list_stack
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.shape import expand_dims, permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.context import is_recording
from autograph.runtime.dims import Dim
from autograph.runtime.op import Kind, Op
from autograph.runtime.promotion import result_type
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import TensorType


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
    if not is_recording() and _are_arrays_alike(tensors) and len({x._value.shape for x in tensors}) == 1:
        return Tensor(np.stack([x._value for x in tensors], normalized_axis(axis, tensors[0]._value.ndim + 1)))
    shapes = [shape_of(x) for x in tensors]
    for shape in shapes:
        if len(shape) != len(shapes[0]):
            refuse(ShapeError, f"stack of tensors of shapes {shapes[0]} and {shape}", "give tensors of one shape")
        for a, b in zip(shapes[0], shape, strict=True):
            require_equal(a, b, f"stack of tensors of shapes {shapes[0]} and {shape}", "give tensors of one shape")
    return concat([expand_dims(x, axis) for x in tensors], axis)
