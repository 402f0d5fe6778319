"""Norms of vectors and matrices, and ranks."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import cast_like, multiply, pow
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater, not_equal
from autograph.ops.complex_parts import conj, real
from autograph.ops.creation import asarray, zeros
from autograph.ops.exponential import sqrt
from autograph.ops.extents import shape_of
from autograph.ops.linalg.decompositions import svdvals
from autograph.ops.linalg.matrices import inexact
from autograph.ops.linalg.systems import default_tolerance
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import min as min_over
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis, dtype_of, normalized_axes, rank_of, reduced_shape, require_matrix
from autograph.ops.selection import where
from autograph.ops.shape import expand_dims
from autograph.ops.statistics import inexact_values
from autograph.runtime.dims import known_equal
from autograph.runtime.dtypes import int64

_INFINITY = float("inf")


def vector_norm(x: Any, /, *, axis: Axis = None, keepdims: bool = False, ord: float = 2) -> Any:
    """The norm of vectors; the gradient of the 2-norm of a zero vector is 0.

    Args:
        x: tensor.
        axis: the axis or axes that count as one vector; None for all.
        keepdims: whether reduced axes stay, with size 1.
        ord: 2 is the length, 1 the sum of sizes, inf and -inf the largest and smallest size, 0 the number of elements
            that are not 0; others by the formula `sum(abs(x) ** ord) ** (1 / ord)`.

    Returns:
        The reduced tensor, real.

    Raises:
        ShapeError: there is no such axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.vector_norm(ag.constant([3.0, 4.0])).item()
        5.0
    """
    values = inexact_values(x)
    if ord == 2:
        return _length(values, axis, keepdims)
    sizes = absolute(values)
    if ord == _INFINITY:
        return _largest(sizes, axis, keepdims)
    if ord == -_INFINITY:
        return min_over(sizes, axis, keepdims)
    if ord == 0:
        return cast_like(sum_over(astype(not_equal(values, 0), int64), axis, keepdims), sizes)
    if ord == 1:
        return sum_over(sizes, axis, keepdims)
    return pow(sum_over(pow(sizes, ord), axis, keepdims), 1 / ord)


def _length(x: Any, axis: Axis, keepdims: bool) -> Any:
    squares = real(multiply(conj(x), x)) if dtype_of(x).is_complex else multiply(x, x)
    total = sum_over(squares, axis, keepdims)
    zero = equal(total, 0)  # where the square root has no gradient
    return where(zero, cast_like(0.0, total), sqrt(where(zero, cast_like(1.0, total), total)))


def _largest(sizes: Any, axis: Axis, keepdims: bool = False) -> Any:
    """The largest of sizes, which of none is 0."""
    shape = shape_of(sizes)
    axes = normalized_axes(axis, len(shape))
    if any(known_equal(shape[i], 0) for i in axes):
        return zeros(reduced_shape(shape, axes, keepdims), sizes.dtype)
    return max_over(sizes, axes, keepdims)


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of matrices.

    Args:
        x: tensor [..., n, m].
        keepdims: whether the two axes stay, with size 1.
        ord: "fro" for the root of the sum of squares, "nuc" for the sum of singular values, 2 and -2 for the largest
            and smallest singular value, 1 and -1 for the largest and smallest sum of a column's sizes, inf and -inf
            of a row's.

    Returns:
        Tensor [...], real.

    Raises:
        ShapeError: `x` is no matrix.
        ValueError: there is no such norm.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.matrix_norm(ag.constant([[3.0, 0.0], [4.0, 0.0]])).item()
        5.0
    """
    require_matrix(x, "matrix_norm")
    values = inexact_values(x)
    rank = rank_of(values)
    if ord == "fro":
        return _length(values, (rank - 2, rank - 1), keepdims)
    if ord in ("nuc", 2, -2):
        singular = svdvals(values)
        reduce: Any = {"nuc": sum_over, 2: _largest, -2: min_over}[ord]
        out = reduce(singular, -1)
        return expand_dims(expand_dims(out, -1), -1) if keepdims else out
    if ord not in (1, -1, _INFINITY, -_INFINITY):
        raise ValueError(f"there is no matrix norm {ord!r}; use 'fro', 'nuc', 1, -1, 2, -2, inf or -inf")
    inner = rank - 2 if abs(ord) == 1 else rank - 1
    outer = rank - 1 if abs(ord) == 1 else rank - 2
    sums = sum_over(absolute(values), inner, True)
    best = (_largest if ord > 0 else min_over)(sums, outer, True)
    return best if keepdims else sum_over(best, (rank - 2, rank - 1))


def matrix_rank(x: Any, /, *, rtol: Any = None) -> Any:
    """The rank of matrices.

    Args:
        x: tensor [..., n, m].
        rtol: singular values up to this share of the largest count as 0: a number, or a tensor of the stack's shape;
            by default `max(n, m)` times the dtype's precision.

    Returns:
        int64 tensor [...].

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.matrix_rank(ag.constant([[1.0, 2.0], [2.0, 4.0]])).item()
        1
    """
    values = asarray(inexact(x, "matrix_rank"))
    singular = svdvals(values)
    tolerance = default_tolerance(values) if rtol is None else asarray(rtol)
    share = expand_dims(tolerance, -1) if rank_of(tolerance) else tolerance
    limit = multiply(_largest(singular, -1, True), share)
    return sum_over(astype(greater(singular, limit), int64), -1)
