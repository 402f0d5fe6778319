"""Factors of matrices, with gradients.

Source of the gradients: M. Giles, "An extended collection of matrix derivative results for forward and reverse mode
automatic differentiation" (2008); for complex matrices, the invariance of losses to phases.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograph.errors import GradientError
from autograph.ops.arithmetic import add, divide, multiply, negative, subtract
from autograph.ops.axis_parts import pad_axis_op, slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.complex_parts import imag, real, real_dtype
from autograph.ops.extents import shape_of
from autograph.ops.grids import tril
from autograph.ops.linalg.diagonals import diagonal, diagonal_matrix
from autograph.ops.linalg.matrices import adjoint, conjugated, dot, inexact, no_nan, require_square, square, unit_like
from autograph.ops.linalg.systems import solve
from autograph.ops.shape import expand_dims
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least, known_equal, min_dim
from autograph.runtime.dtypes import bool_
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


class QR(NamedTuple):
    """An orthogonal and an upper triangular factor."""

    Q: Any
    R: Any


class Eigh(NamedTuple):
    """Eigenvalues in ascending order and eigenvectors as columns."""

    eigenvalues: Any
    eigenvectors: Any


class SVD(NamedTuple):
    """Left singular vectors, singular values in descending order, right singular vectors as rows."""

    U: Any
    S: Any
    Vh: Any


def _symmetric(x: Any) -> Any:
    return divide(add(x, adjoint(x)), 2)


# -- cholesky -------------------------------------------------------------------------------------------


def _cholesky_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    inner = tril(dot(adjoint(out), ct))
    half = subtract(inner, diagonal_matrix(divide(diagonal(inner), 2), unit_like(x, shape_of(x)[-1])))
    right = adjoint(solve(adjoint(out), adjoint(half)))  # half · out⁻¹
    return (_symmetric(solve(adjoint(out), right)),)


_INDEFINITE = "Matrix is not positive definite"


def _positive_definite(xp: Any, x: Any) -> Any:
    try:
        np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        return np.bool_(False)
    return np.bool_(True)


# Whether all matrices of a stack have a Cholesky factor.
positive_definite_op = Op(
    "positive_definite",
    kind=Kind.CONTRACTION,
    infer=lambda x: TensorType(bool_),
    kernel=_positive_definite,
    vjp=lambda ct, out, x: (None,),
)

cholesky_op = Op(
    "cholesky",
    kind=Kind.CONTRACTION,
    infer=square("cholesky"),
    kernel=lambda xp, x: np.linalg.cholesky(x),
    vjp=conjugated(_cholesky_vjp),
    effects=Effect.FAIL,
    requires=lambda x: [Requirement(apply(positive_definite_op, x), np.linalg.LinAlgError, (_INDEFINITE,))],
)


def cholesky(x: Any, /, *, upper: bool = False) -> Any:
    """The triangular matrix L with `L @ L.T == x` (or `U.T @ U == x`), for symmetric positive definite matrices.

    Args:
        x: tensor [..., n, n]; only its lower triangle is read. Its gradient is symmetric.
        upper: whether to give the upper triangular factor.

    Returns:
        Tensor [..., n, n].

    Raises:
        ShapeError: the matrices are not square.
        numpy.linalg.LinAlgError: a matrix is not positive definite.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.cholesky(ag.constant([[4.0, 2.0], [2.0, 2.0]])).numpy()
        array([[2., 0.],
               [1., 1.]], dtype=float32)
    """
    factor = apply(cholesky_op, inexact(x, "cholesky"))
    return adjoint(factor) if upper else factor


# -- eigenvalues ----------------------------------------------------------------------------------------


def _eigh_type(x: TensorType) -> tuple[TensorType, TensorType]:
    require_square(x, "eigh")
    return TensorType(real_dtype(x.dtype), x.shape[:-1]), x


def _gaps(values: Any, unit: Any) -> Any:
    """`1 / (values[j] - values[i])` at [i, j], 0 on the diagonal."""
    gap = subtract(expand_dims(values, -2), expand_dims(values, -1))
    return divide(subtract(1, unit), add(gap, unit))


def _eigh_vjp(ct: tuple[Any, Any], out: tuple[Tensor, Tensor], x: Tensor) -> tuple[Any, ...]:
    values, vectors = out
    unit = unit_like(values, shape_of(x)[-1])
    inner = None if ct[0] is None else diagonal_matrix(ct[0], unit)
    if ct[1] is not None:
        turned = multiply(dot(adjoint(vectors), ct[1]), _gaps(values, unit))
        inner = turned if inner is None else add(turned, inner)
    return (_symmetric(dot(vectors, astype(inner, x.dtype), adjoint(vectors))),)


eigh_op = Op(
    "eigh",
    kind=Kind.CONTRACTION,
    infer=_eigh_type,
    kernel=lambda xp, x: tuple(np.linalg.eigh(x)),
    vjp=conjugated(_eigh_vjp),
)


def eigh(x: Any, /) -> Eigh:
    """Eigenvalues and eigenvectors of symmetric (or Hermitian) matrices.

    Args:
        x: tensor [..., n, n]; only its lower triangle is read. Its gradient is symmetric; that of eigenvectors is
            infinite where eigenvalues are equal.

    Returns:
        `eigenvalues` [..., n], ascending, and `eigenvectors` [..., n, n], in columns.

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.eigh(ag.constant([[2.0, 0.0], [0.0, 1.0]])).eigenvalues.numpy()
        array([1., 2.], dtype=float32)
    """
    return Eigh(*apply(eigh_op, inexact(x, "eigh")))


def eigvalsh(x: Any, /) -> Any:
    """Eigenvalues of symmetric (or Hermitian) matrices.

    Args:
        x: tensor [..., n, n]; only its lower triangle is read.

    Returns:
        Tensor [..., n], ascending.

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.eigvalsh(ag.constant([[2.0, 0.0], [0.0, 1.0]])).numpy()
        array([1., 2.], dtype=float32)
    """
    return eigh(x).eigenvalues


# -- singular values ------------------------------------------------------------------------------------


def _svd_type(x: TensorType, *, full: bool) -> tuple[TensorType, ...]:
    *batch, rows, columns = x.shape
    least = min_dim(rows, columns)
    left, right = (rows, columns) if full else (least, least)
    return (
        TensorType(x.dtype, (*batch, rows, left)),
        TensorType(real_dtype(x.dtype), (*batch, least)),
        TensorType(x.dtype, (*batch, right, columns)),
    )


def _svd_vjp(ct: tuple[Any, ...], out: tuple[Tensor, ...], x: Tensor, *, full: bool) -> tuple[Any, ...]:
    u, s, vh = out
    rows, columns = shape_of(x)[-2:]
    least = min_dim(rows, columns)
    if full and known_equal(rows, columns) is not True:
        if ct[0] is not None or ct[2] is not None:
            refuse(
                GradientError,
                f"the gradient of all singular vectors of matrices of shape {(rows, columns)}, which are not unique",
                "ask for full_matrices=False",
            )
        u, vh = _leading(u, -1, least), _leading(vh, -2, least)
    unit = unit_like(s, least)
    inner = None if ct[1] is None else astype(diagonal_matrix(ct[1], unit), x.dtype)
    total = None if inner is None else dot(u, inner, vh)
    for part in _vector_terms(ct, u, s, vh, unit):
        total = part if total is None else add(total, part)
    return (total,)


def _vector_terms(ct: tuple[Any, ...], u: Any, s: Any, vh: Any, unit: Any) -> list[Any]:
    """What the cotangents of the singular vectors give."""
    terms: list[Any] = []
    if ct[0] is None and ct[2] is None:
        return terms  # singular values may be equal then
    gaps = multiply(_gaps(s, unit), divide(1, add(expand_dims(s, -2), expand_dims(s, -1))))
    wide, tall = expand_dims(s, -2), expand_dims(s, -1)
    if ct[0] is not None:
        inside = dot(adjoint(u), ct[0])
        turned = multiply(multiply(subtract(inside, adjoint(inside)), gaps), wide)
        if inside.dtype.is_complex:
            phases = divide(multiply(imag(diagonal(inside)), 1j), s)
            turned = add(turned, diagonal_matrix(phases, unit))
        outside = divide(subtract(ct[0], dot(u, inside)), wide)
        terms += [dot(u, turned, vh), dot(outside, vh)]
    if ct[2] is not None:
        inside = dot(vh, adjoint(ct[2]))
        turned = multiply(multiply(subtract(inside, adjoint(inside)), gaps), tall)
        outside = divide(subtract(ct[2], dot(adjoint(inside), vh)), tall)
        terms += [dot(u, turned, vh), dot(u, outside)]
    return terms


def _leading(x: Any, axis: int, size: Dim) -> Any:
    return apply(slice_axis_op, x, axis=len(shape_of(x)) + axis, start=0, size=size)


svd_op = Op(
    "svd",
    kind=Kind.CONTRACTION,
    infer=_svd_type,
    kernel=lambda xp, x, *, full: tuple(np.linalg.svd(x, full_matrices=full)),
    vjp=conjugated(_svd_vjp),
    effects=Effect.FAIL,
    requires=no_nan,
)


def svd(x: Any, /, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """The singular value decomposition `x == U @ diag(S) @ Vh`.

    Args:
        x: tensor [..., n, m].
        full_matrices: whether U and Vh are square. Gradients of the vectors need False (or square matrices, and
            singular values that differ).
        compute_uv: False for the singular values only.

    Returns:
        `U` [..., n, n] (or [..., n, k]), `S` [..., k], descending, and `Vh` [..., m, m] (or [..., k, m]).

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.svd(ag.constant([[3.0, 0.0], [0.0, 4.0]])).S.numpy()
        array([4., 3.], dtype=float32)
    """
    factors = SVD(*apply(svd_op, inexact(x, "svd"), full=full_matrices and compute_uv))
    return factors if compute_uv else factors.S


def svdvals(x: Any, /) -> Any:
    """Singular values.

    Args:
        x: tensor [..., n, m].

    Returns:
        Tensor [..., min(n, m)], descending.

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.svdvals(ag.constant([[3.0, 0.0], [0.0, 4.0]])).numpy()
        array([4., 3.], dtype=float32)
    """
    return svd(x, full_matrices=False).S


# -- QR -------------------------------------------------------------------------------------------------


def _qr_type(x: TensorType, *, mode: str) -> tuple[TensorType, ...]:
    *batch, rows, columns = x.shape
    inner = rows if mode == "complete" else min_dim(rows, columns)
    return TensorType(x.dtype, (*batch, rows, inner)), TensorType(x.dtype, (*batch, inner, columns))


def _qr_vjp(ct: tuple[Any, Any], out: tuple[Tensor, Tensor], x: Tensor, *, mode: str) -> tuple[Any, ...]:
    q, r = out
    rows, columns = shape_of(x)[-2:]
    is_wide = known_at_least(columns - rows, 0) is True
    if not is_wide and (mode == "complete" or known_at_least(rows - columns, 0) is not True):
        refuse(
            GradientError,
            f"the gradient of qr (mode {mode!r}) of matrices of shape {(rows, columns)}",
            "use mode='reduced' and sizes of which one is known to be the larger",
        )
    q_ct, r_ct = ct
    if known_equal(rows, columns) is True or not is_wide:
        return (_tall_qr(q_ct, r_ct, q, r),)
    # The first columns decide Q; the rest are Q times the rest of R.
    rest = columns - rows
    right = apply(slice_axis_op, x, axis=len(shape_of(x)) - 1, start=rows, size=rest)
    right_ct = None
    if r_ct is not None:
        last = len(shape_of(r)) - 1
        right_ct = apply(slice_axis_op, r_ct, axis=last, start=rows, size=rest)
        r_ct = apply(slice_axis_op, r_ct, axis=last, start=0, size=rows)
        pulled = dot(right, adjoint(right_ct))
        q_ct = pulled if q_ct is None else add(q_ct, pulled)
    left = _tall_qr(q_ct, r_ct, q, _leading(r, -1, rows))
    return (_joined(left, multiply(right, 0) if right_ct is None else dot(q, right_ct)),)


def _joined(left: Any, right: Any) -> Any:
    from_left = shape_of(left)[-1]
    axis = len(shape_of(left)) - 1
    wide = apply(pad_axis_op, left, axis=axis, before=0, after=shape_of(right)[-1])
    return add(wide, apply(pad_axis_op, right, axis=axis, before=from_left, after=0))


def _tall_qr(q_ct: Any, r_ct: Any, q: Any, r: Any) -> Any:
    inner = None if r_ct is None else dot(r, adjoint(r_ct))
    if q_ct is not None:
        from_q = negative(dot(adjoint(q_ct), q))
        inner = from_q if inner is None else add(inner, from_q)
    lower = tril(inner)
    twice = diagonal_matrix(real(diagonal(lower)), unit_like(r, shape_of(r)[-1]))
    mirrored = subtract(add(lower, adjoint(lower)), twice)
    total = dot(q, mirrored) if q_ct is None else add(q_ct, dot(q, mirrored))
    return adjoint(solve(r, adjoint(total)))  # total · r⁻ᴴ


qr_op = Op(
    "qr",
    kind=Kind.CONTRACTION,
    infer=_qr_type,
    kernel=lambda xp, x, *, mode: tuple(np.linalg.qr(x, mode)),
    vjp=conjugated(_qr_vjp),
)


def qr(x: Any, /, *, mode: str = "reduced") -> QR:
    """An orthogonal (or unitary) and an upper triangular factor of matrices.

    Args:
        x: tensor [..., n, m].
        mode: "reduced" for Q [..., n, k] and R [..., k, m] with k = min(n, m); "complete" for k = n.

    Returns:
        `Q` and `R`.

    Raises:
        ShapeError: `x` is no matrix.
        ValueError: there is no such mode.

    Example:
        >>> import autograph as ag
        >>> q, r = ag.ops.linalg.qr(ag.constant([[3.0, 1.0], [4.0, 2.0]]))
        >>> bool(ag.ops.all(ag.ops.abs(q @ r - ag.constant([[3.0, 1.0], [4.0, 2.0]])) < 1e-5))
        True
    """
    if mode not in ("reduced", "complete"):
        raise ValueError(f"mode is {mode!r}, and has to be 'reduced' or 'complete'")
    return QR(*apply(qr_op, inexact(x, "qr"), mode=mode))
