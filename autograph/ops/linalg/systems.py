"""Linear systems, inverses and logarithms of determinants."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import add, maximum, multiply, negative, subtract
from autograph.ops.broadcasting import sum_to
from autograph.ops.comparison import not_equal
from autograph.ops.complex_parts import imag, real_dtype
from autograph.ops.dtype_functions import finfo
from autograph.ops.extents import shape_of
from autograph.ops.linalg.matrices import adjoint, conjugated, dot, inexact, no_nan, require_square, square, unit_like
from autograph.ops.reductions import all as all_of
from autograph.ops.rules import rank_of
from autograph.ops.shape import expand_dims, matrix_transpose, squeeze
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import float64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast, require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


class Slogdet(NamedTuple):
    """The sign (or phase) of a determinant and the logarithm of its size."""

    sign: Any
    logabsdet: Any


def _solve_type(a: TensorType, b: TensorType) -> TensorType:
    require_square(a, "solve")
    require_equal(a.shape[-1], b.shape[-2], f"solve of {a} and {b}: the sizes of the system differ", "check the sizes")
    dtype = a.dtype if a.dtype.is_inexact else float64
    return TensorType(dtype, (*broadcast(a.shape[:-2], b.shape[:-2]), *b.shape[-2:]))


def _solve_vjp(ct: Tensor, out: Tensor, a: Tensor, b: Tensor) -> tuple[Any, ...]:
    back = apply(solve_op, adjoint(a), ct)
    return sum_to(negative(dot(back, adjoint(out))), shape_of(a)), sum_to(back, shape_of(b))


def _inv_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    turned = adjoint(out)
    return (negative(dot(turned, ct, turned)),)


def scaled(ct: Any, x: Any) -> Any:
    """Matrices times numbers, one for each."""
    return multiply(expand_dims(expand_dims(ct, -1), -1), x)


def _slogdet_type(x: TensorType) -> tuple[TensorType, TensorType]:
    require_square(x, "slogdet")
    return TensorType(x.dtype, x.shape[:-2]), TensorType(real_dtype(x.dtype), x.shape[:-2])


def _slogdet_vjp(ct: tuple[Any, Any], out: tuple[Tensor, Tensor], x: Tensor) -> tuple[Any, ...]:
    scale = ct[1]
    if ct[0] is not None and x.dtype.is_complex:
        turned = multiply(imag(multiply(ct[0], out[0])), 1j)
        scale = turned if scale is None else add(scale, turned)
    return (None if scale is None else scaled(scale, matrix_transpose(apply(inv_op, x))),)


def _pinv_type(x: TensorType, rtol: TensorType) -> TensorType:
    *batch, rows, columns = x.shape
    return TensorType(x.dtype, (*batch, columns, rows))


def _pinv_vjp(ct: Tensor, out: Tensor, x: Tensor, rtol: Tensor) -> tuple[Any, ...]:
    rows, columns = shape_of(x)[-2:]
    turned, back = adjoint(out), adjoint(ct)
    total = negative(dot(turned, ct, turned))
    total = add(total, dot(subtract(unit_like(x, rows), dot(x, out)), back, out, turned))
    return add(total, dot(turned, out, back, subtract(unit_like(x, columns), dot(out, x)))), None


def _regular(x: Tensor, *rest: Any) -> list[Requirement]:
    sign, _ = apply(slogdet_op, x)
    return [Requirement(all_of(not_equal(sign, 0)), np.linalg.LinAlgError, ("Singular matrix",))]


def matrix_op(name: str, infer: Any, kernel: Any, vjp: Any, requires: Any = None, **fields: Any) -> Op:
    """Declares an op of matrices, which may fail where it requires something."""
    effects = Effect.NONE if requires is None else Effect.FAIL
    return Op(
        name,
        kind=Kind.CONTRACTION,
        infer=infer,
        kernel=kernel,
        vjp=vjp,
        requires=requires,
        effects=effects,
        **fields,
    )


solve_op = matrix_op(
    "solve", _solve_type, lambda xp, a, b: np.linalg.solve(a, b), conjugated(_solve_vjp), _regular, promotes=True
)
inv_op = matrix_op("inv", square("inv"), lambda xp, x: np.linalg.inv(x), conjugated(_inv_vjp), _regular)
slogdet_op = matrix_op("slogdet", _slogdet_type, lambda xp, x: tuple(np.linalg.slogdet(x)), _slogdet_vjp)
pinv_op = matrix_op(
    "pinv", _pinv_type, lambda xp, x, rtol: np.linalg.pinv(x, rcond=rtol), conjugated(_pinv_vjp), no_nan
)


def solve(x1: Any, x2: Any, /) -> Any:
    """The x with `x1 @ x == x2`.

    Args:
        x1: tensor [..., n, n].
        x2: tensor [..., n, k], or a vector [n].

    Returns:
        Tensor of the shape of x2, with the stacks broadcast.

    Raises:
        ShapeError: the sizes do not fit.
        numpy.linalg.LinAlgError: a matrix is singular.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.solve(ag.constant([[2.0, 0.0], [0.0, 4.0]]), ag.constant([2.0, 2.0])).numpy()
        array([1. , 0.5], dtype=float32)
    """
    a = inexact(x1, "solve")
    if not rank_of(x2):
        refuse(ShapeError, "solve with a right side without dimensions", "give a vector or matrices")
    b = inexact(x2, "solve", least=1)
    if rank_of(b) == 1:
        return squeeze(apply(solve_op, a, expand_dims(b, 1)), -1)
    return apply(solve_op, a, b)


def inv(x: Any, /) -> Any:
    """Inverses of matrices.

    Args:
        x: tensor [..., n, n].

    Returns:
        Tensor [..., n, n].

    Raises:
        ShapeError: the matrices are not square.
        numpy.linalg.LinAlgError: a matrix is singular.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.inv(ag.constant([[2.0, 0.0], [0.0, 4.0]])).numpy()
        array([[0.5 , 0.  ],
               [0.  , 0.25]], dtype=float32)
    """
    return apply(inv_op, inexact(x, "inv"))


def slogdet(x: Any, /) -> Slogdet:
    """Signs of determinants and logarithms of their sizes.

    Args:
        x: tensor [..., n, n].

    Returns:
        `sign` [...] (a complex number of size 1 for complex matrices) and `logabsdet` [...].

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.slogdet(ag.constant([[-1.0, 0.0], [0.0, 1.0]])).sign.item()
        -1.0
    """
    return Slogdet(*apply(slogdet_op, inexact(x, "slogdet")))


def pinv(x: Any, /, *, rtol: Any = None) -> Any:
    """Moore-Penrose pseudo-inverses.

    Args:
        x: tensor [..., n, m].
        rtol: singular values up to this share of the largest count as 0: a number, or a tensor of the stack's shape;
            by default `max(n, m)` times the dtype's precision.

    Returns:
        Tensor [..., m, n].

    Raises:
        ShapeError: `x` is no matrix.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.pinv(ag.constant([[2.0, 0.0], [0.0, 0.0]])).numpy()
        array([[0.5, 0. ],
               [0. , 0. ]], dtype=float32)
    """
    values = inexact(x, "pinv")
    return apply(pinv_op, values, default_tolerance(values) if rtol is None else rtol)


def default_tolerance(x: Any) -> Any:
    """The share of the largest singular value below which others are rounding errors."""
    rows, columns = x.shape[-2:]
    return maximum(rows, columns) * finfo(x.dtype).eps
