"""Broadcasting, and its reverse."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.extents import dims_of_shape, shape_of, size_number
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_equal
from autograph.runtime.op import Kind, Op, get_op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _broadcast_type(x: TensorType, *, shape: tuple[Dim, ...]) -> TensorType:
    joined = broadcast(x.shape, shape)
    if len(joined) != len(shape) or any(known_equal(a, b) is False for a, b in zip(joined, shape, strict=True)):
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


def broadcast_arrays(*arrays: Any) -> list[Any]:
    """Tensors broadcast against each other.

    Args:
        *arrays: tensors.

    Returns:
        A list of tensors of one shape.

    Raises:
        ShapeError: the shapes do not broadcast.

    Example:
        >>> import autograph as ag
        >>> [x.shape for x in ag.ops.broadcast_arrays(ag.ops.zeros((3, 1)), ag.ops.zeros((2,)))]
        [(3, 2), (3, 2)]
    """
    shape = broadcast(*[shape_of(x) for x in arrays])
    return [broadcast_to(x, shape) for x in arrays]


def broadcast_shapes(*shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape that shapes broadcast to.

    Args:
        *shapes: tuples of sizes.

    Returns:
        The broadcast shape.

    Raises:
        ShapeError: the shapes do not broadcast.

    Example:
        >>> import autograph as ag
        >>> ag.ops.broadcast_shapes((3, 1), (2,))
        (3, 2)
    """
    return tuple([size_number(dim) for dim in broadcast(*[dims_of_shape(shape) for shape in shapes])])
