"""Products of vectors and matrices beyond those of the main namespace."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import multiply, subtract
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.contraction import matmul, outer
from autograph.ops.extents import shape_of
from autograph.ops.grids import eye
from autograph.ops.joining import stack
from autograph.ops.linalg.matrices import inexact
from autograph.ops.linalg.systems import inv
from autograph.ops.rules import dtype_of, normalized_axis, rank_of, require_matrix
from autograph.ops.shape import squeeze
from autograph.runtime.apply import apply
from autograph.runtime.sizes import require_equal

__all__ = ["cross", "matrix_power", "outer"]


def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The cross product of vectors of three elements.

    Args:
        x1: tensor.
        x2: tensor that broadcasts against x1.
        axis: the axis of the three elements, of both.

    Returns:
        A tensor of the broadcast shape.

    Raises:
        ShapeError: the axis does not have three elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.cross(ag.constant([1, 0, 0]), ag.constant([0, 1, 0])).numpy()
        array([0, 0, 1])
    """
    for x in (x1, x2):
        shape = shape_of(x)
        size = shape[normalized_axis(axis, len(shape))]
        require_equal(size, 3, f"cross along axis {axis} of shape {shape}, where vectors have 3 elements")
    a, b = _elements(x1, axis), _elements(x2, axis)
    parts = [subtract(multiply(a[i], b[j]), multiply(a[j], b[i])) for i, j in ((1, 2), (2, 0), (0, 1))]
    return stack(parts, axis)


def _elements(x: Any, axis: int) -> list[Any]:
    place = normalized_axis(axis, rank_of(x))
    return [squeeze(apply(slice_axis_op, x, axis=place, start=i, size=1), place) for i in range(3)]


def matrix_power(x: Any, n: int, /) -> Any:
    """Matrices times themselves, n times.

    Args:
        x: tensor [..., m, m].
        n: how many times; 0 gives unit matrices, negative numbers powers of the inverse.

    Returns:
        Tensor [..., m, m].

    Raises:
        ShapeError: the matrices are not square.
        numpy.linalg.LinAlgError: n is negative, and a matrix is singular.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.matrix_power(ag.constant([[1, 1], [0, 1]]), 3).numpy()
        array([[1, 3],
               [0, 1]])
    """
    require_matrix(x, "matrix_power")
    shape = shape_of(x)
    require_equal(shape[-2], shape[-1], f"matrix_power of shape {shape}, which is not square", "check the sizes")
    if n == 0:
        return broadcast_to(eye(shape[-1], dtype=dtype_of(x)), (*shape[:-2], shape[-1], shape[-1]))
    base = inv(inexact(x, "matrix_power")) if n < 0 else x
    out = None
    for bit in reversed(bin(abs(n))[2:]):
        if bit == "1":
            out = base if out is None else matmul(out, base)
        base = matmul(base, base)
    return out
