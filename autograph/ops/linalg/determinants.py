"""Determinants and their derivatives, which hold for singular matrices too."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import add, multiply, subtract
from autograph.ops.extents import shape_of
from autograph.ops.linalg.matrices import dot, inexact, require_lapack, require_square, square, unit_like
from autograph.ops.linalg.systems import inv_op, matrix_op, scaled
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import rank_of
from autograph.ops.shape import matrix_transpose
from autograph.runtime.apply import apply
from autograph.runtime.op import Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _scalar_type(x: TensorType) -> TensorType:
    require_square(x, "det")
    return TensorType(x.dtype, x.shape[:-2])


def _others(s: Any) -> Any:
    """The product of all numbers but each, along the last axis."""
    if not s.shape[-1]:
        return s
    return np.stack([np.prod(np.delete(s, i, -1), -1) for i in range(s.shape[-1])], -1)


def _bases(x: Any) -> tuple[Any, Any, Any, Any]:
    """Singular vectors and values, and the determinant of the vectors: NaN for matrices that are not finite."""
    finite = np.isfinite(x).all((-2, -1))[..., None, None]
    u, s, vh = np.linalg.svd(np.where(finite, x, 0))
    return u, s, vh, np.where(finite, (np.linalg.det(u) * np.linalg.det(vh))[..., None, None], np.nan)


def _cofactors(xp: Any, x: Any) -> Any:
    """The matrix of cofactors, from the singular values."""
    u, s, vh, phase = _bases(x)
    return (phase * np.conj((u * _others(s)[..., None, :]) @ vh)).astype(x.dtype, copy=False)


def _cofactor_slope(xp: Any, x: Any, direction: Any) -> Any:
    """How cofactors change along a direction.

    Between the bases of the singular vectors the matrix is diagonal. There a cofactor of the diagonal changes with the
    other elements of the diagonal, and one beside it with its mirror image, by the product of the singular values
    that both leave.
    """
    u, s, vh, phase = _bases(x)
    size = s.shape[-1]
    rest = [_others(np.where(np.arange(size) == i, 1, s)) * (np.arange(size) != i) for i in range(size)]
    left = np.stack(rest, -2) if size else np.zeros_like(x, s.dtype)
    turned = np.swapaxes(u, -1, -2).conj() @ direction @ np.swapaxes(vh, -1, -2).conj()
    diagonal = (left @ np.diagonal(turned, axis1=-2, axis2=-1)[..., None]) * np.eye(size)
    changed = diagonal - left * np.swapaxes(turned, -1, -2)
    return (phase * (u.conj() @ changed @ vh.conj())).astype(x.dtype, copy=False)


def _slope_type(x: TensorType, direction: TensorType) -> TensorType:
    require_lapack(x.dtype, "cofactor_slope")
    require_square(x, "cofactor_slope")
    return x


def _cofactor_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    # Second derivatives of a determinant are symmetric: what they do to tangents they do to cotangents.
    return (apply(cofactor_slope_op, x, ct),)


def _cofactor_jvp(tangents: Any, out: Tensor, x: Tensor) -> Any:
    return apply(cofactor_slope_op, x, tangents[0])


def _slope_vjp(ct: Tensor, out: Tensor, x: Tensor, direction: Tensor) -> tuple[Any, ...]:
    # The third derivatives of det(x), with its inverse: thus for matrices that have one.
    inverse = apply(inv_op, x)
    a, b = dot(inverse, direction), dot(inverse, ct)
    along_a, along_b = trace_of(a), trace_of(b)
    whole = scaled(subtract(multiply(along_a, along_b), trace_of(dot(a, b))), unit_like(x, shape_of(x)[-1]))
    whole = subtract(whole, add(scaled(along_a, b), scaled(along_b, a)))
    whole = dot(add(whole, add(dot(a, b), dot(b, a))), inverse)
    return scaled(apply(det_op, x), matrix_transpose(whole)), apply(cofactor_slope_op, x, ct)


def trace_of(x: Any) -> Any:
    """The trace of matrices (by a sum, since diagonals are gathered in a module above)."""
    unit = unit_like(x, shape_of(x)[-1])
    return sum_over(multiply(x, unit), (rank_of(x) - 2, rank_of(x) - 1))


cofactor_op = matrix_op("cofactor", square("cofactor"), _cofactors, _cofactor_vjp, jvp=_cofactor_jvp)
cofactor_slope_op = matrix_op("cofactor_slope", _slope_type, _cofactor_slope, _slope_vjp)
det_op: Op = matrix_op(
    "det",
    _scalar_type,
    lambda xp, x: np.linalg.det(x),
    lambda ct, out, x: (scaled(ct, apply(cofactor_op, x)),),
)


def det(x: Any, /) -> Any:
    """Determinants; their gradients, to second order, hold for singular matrices too.

    Args:
        x: tensor [..., n, n].

    Returns:
        Tensor [...].

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.det(ag.constant([[2.0, 0.0], [0.0, 4.0]])).item()
        8.0
    """
    return apply(det_op, inexact(x, "det"))
