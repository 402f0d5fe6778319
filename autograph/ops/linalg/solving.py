"""Systems that are triangular, or have no exact solution."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.contraction import matmul
from autograph.ops.extents import shape_of
from autograph.ops.grids import eye, tril, triu
from autograph.ops.linalg.matrices import adjoint, inexact
from autograph.ops.linalg.norms import matrix_norm, vector_norm
from autograph.ops.linalg.systems import pinv, solve
from autograph.ops.manipulation import moveaxis
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.shape import expand_dims, reshape, squeeze
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    """The x with `a @ x == b`, for triangular matrices a.

    Args:
        a: tensor [..., n, n]; only its upper triangle is read, with lower=True its lower one.
        b: tensor [..., n, k], or [..., n] of one dimension less than a.
        lower: which triangle counts.

    Returns:
        Tensor of the shape of b.

    Raises:
        ShapeError: the sizes do not fit.
        numpy.linalg.LinAlgError: a diagonal has a zero.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.solve_triangular(ag.constant([[2.0, 1.0], [9.0, 1.0]]), ag.constant([4.0, 2.0])).numpy()
        array([1., 2.], dtype=float32)
    """
    matrix = inexact(a, "solve_triangular")
    part = tril(matrix) if lower else triu(matrix)
    if rank_of(b) == rank_of(matrix) - 1:
        return squeeze(solve(part, expand_dims(b, -1)), -1)
    return solve(part, b)


def cholesky_inverse(x: Any, upper: bool = False) -> Any:
    """Inverses of matrices, from their Cholesky factors.

    Args:
        x: tensor [..., n, n], the lower (or upper) triangular factors.
        upper: which they are.

    Returns:
        Tensor [..., n, n].

    Raises:
        ShapeError: the matrices are not square.
        numpy.linalg.LinAlgError: a diagonal has a zero.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.cholesky_inverse(ag.constant([[2.0, 0.0], [0.0, 1.0]])).numpy()
        array([[0.25, 0.  ],
               [0.  , 1.  ]], dtype=float32)
    """
    factor = inexact(x, "cholesky_inverse")
    shape = shape_of(factor)
    require_equal(shape[-2], shape[-1], f"cholesky_inverse of shape {shape}, which is not square", "check the sizes")
    unit = broadcast_to(eye(shape[-1], dtype=dtype_of(factor)), shape)
    inverse = solve_triangular(factor, unit, lower=not upper)
    return matmul(inverse, adjoint(inverse)) if upper else matmul(adjoint(inverse), inverse)


def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """The shortest x for which `a @ x` is nearest to b.

    Args:
        a: tensor [n, m].
        b: tensor [n, k], or a vector [n].
        rcond: singular values up to this share of the largest count as 0; by default `max(n, m)` times the dtype's
            precision.

    Returns:
        Tensor [m, k], or [m].

    Raises:
        ShapeError: the sizes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.lstsq(ag.constant([[1.0], [1.0]]), ag.constant([1.0, 2.0])).numpy()
        array([1.4999999], dtype=float32)
    """
    left, right = inexact(a, "lstsq"), inexact(b, "lstsq", least=1)
    if rank_of(left) != 2 or rank_of(right) not in (1, 2):
        refuse(
            ShapeError,
            f"lstsq of shapes {shape_of(left)} and {shape_of(right)}",
            "give a matrix, and a vector or matrix",
        )
    return matmul(pinv(left, rtol=rcond), right)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of vectors or matrices, as NumPy has it.

    Args:
        x: tensor.
        ord: which norm: of vectors a number, inf or -inf, of matrices "fro", "nuc", 1, -1, 2, -2, inf or -inf; None
            for the root of the sum of squares.
        axis: the axis of the vectors, or the two of the matrices; None for all, without `ord` flattened.
        keepdims: whether the axes stay, with size 1.

    Returns:
        The reduced tensor, real.

    Raises:
        ShapeError: there are not one or two axes.
        ValueError: there is no such norm.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.norm(ag.constant([[3.0, 0.0], [4.0, 0.0]]), axis=0).numpy()
        array([5., 0.], dtype=float32)
    """
    rank = rank_of(x)
    if ord is None:
        return vector_norm(x, axis=axis, keepdims=keepdims)
    axes = tuple(range(rank)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    if len(axes) == 1:
        return vector_norm(x, axis=axes[0], keepdims=keepdims, ord=ord)
    if len(axes) != 2:
        refuse(ShapeError, f"norm {ord!r} over {len(axes)} axes", "name one axis, or two")
    moved = moveaxis(x, axes, (-2, -1))
    out = matrix_norm(moved, ord=ord)
    if not keepdims:
        return out
    places = {normalized_axis(axis, rank) for axis in axes}
    return reshape(out, tuple([1 if i in places else dim for i, dim in enumerate(shape_of(x))]))
