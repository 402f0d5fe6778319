"""The same elements in another shape or order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.extents import dims_of_shape, shape_of
from autograph.ops.rules import normalized_axes, normalized_axis, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.context import is_recording
from autograph.runtime.dims import Dim, known_equal, num_elements
from autograph.runtime.op import Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


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


def expand_dims(x: Any, axis: int | Sequence[int] = 0) -> Any:
    """`x` with new axes of size 1.

    Args:
        x: tensor.
        axis: where the new axis stands in the result, or the new axes.

    Returns:
        A tensor with more dimensions.

    Raises:
        ShapeError: an axis does not exist, or occurs twice.

    Example:
        >>> import autograph as ag
        >>> ag.ops.expand_dims(ag.ops.zeros((2, 3)), 1).shape
        (2, 1, 3)
    """
    shape = list(shape_of(x))
    if isinstance(axis, list | tuple):
        for place in normalized_axes(tuple(axis), len(shape) + len(axis)):
            shape.insert(place, 1)
    else:
        shape.insert(normalized_axis(axis, len(shape) + 1), 1)
    return apply(reshape_op, x, shape=tuple(shape))


def squeeze(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    """`x` without axes of size 1.

    Args:
        x: tensor.
        axis: the axis or axes to drop; None for all of size 1.

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
    if axis is None:
        axis = [i for i, dim in enumerate(shape) if dim == 1]  # symbols are never 1
    axes = normalized_axes(axis, len(shape))
    for i in axes:
        require_equal(shape[i], 1, f"axis {i} of shape {shape} cannot be squeezed", "squeeze axes of size 1 only")
    return apply(reshape_op, x, shape=tuple([dim for i, dim in enumerate(shape) if i not in axes]))
