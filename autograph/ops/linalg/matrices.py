"""What the rules of linear algebra share: checks of operands, and pieces of gradients.

Gradients here pair cotangents with tangents as the real part of their product. The books' rules pair with the
conjugate; `conjugated` turns one into the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.casts import astype
from autograph.ops.complex_parts import conj, real_dtype
from autograph.ops.extents import shape_of
from autograph.ops.grids import eye
from autograph.ops.logic import isfinite, isnan, logical_not
from autograph.ops.reductions import all as all_of
from autograph.ops.rules import dtype_of, rank_of, require_matrix
from autograph.ops.shape import matrix_transpose
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import DType, float64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import get_op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_WIDTHS = (32, 64)


def require_lapack(dtype: DType, what: str) -> None:
    """Refuses dtypes that LAPACK does not have.

    Raises:
        DTypeError: it is such a dtype.
    """
    if not dtype.is_inexact or real_dtype(dtype).bits not in _WIDTHS:
        refuse(DTypeError, f"{what} of {dtype.name}", "cast with ag.ops.astype to float32 or float64")


def inexact(x: Any, what: str, least: int = 2) -> Any:
    """An operand as LAPACK takes it: integers in float64.

    Raises:
        ShapeError: it has fewer dimensions than `least`.
        DTypeError: there is no LAPACK for its dtype.
    """
    if least == 2:
        require_matrix(x, what)
    dtype = dtype_of(x)
    if not dtype.is_inexact:
        return astype(x, float64)
    require_lapack(dtype, what)
    return x


def require_square(x: TensorType, what: str) -> None:
    """Refuses matrices that are not square.

    Raises:
        ShapeError: sizes differ.
    """
    require_equal(x.shape[-2], x.shape[-1], f"{what} of {x}, which is not square", "check the sizes")


def square(what: str) -> Callable[..., TensorType]:
    """The rule of functions from square matrices to such."""

    def infer(x: TensorType) -> TensorType:
        require_lapack(x.dtype, what)
        require_square(x, what)
        return x

    return infer


def all_finite(x: Tensor) -> list[Requirement]:
    """The requirement of what takes eigenvalues."""
    ok = all_of(isfinite(x))
    return [Requirement(ok, np.linalg.LinAlgError, ("Array must not contain infs or NaNs",))]


def no_nan(x: Tensor, *rest: Any, **attrs: Any) -> list[Requirement]:
    """The requirement of what takes singular values."""
    ok = all_of(logical_not(isnan(x)))
    return [Requirement(ok, np.linalg.LinAlgError, ("SVD did not converge",))]


def adjoint(x: Any) -> Any:
    """The conjugate transpose."""
    return conj(matrix_transpose(x))


def dot(*factors: Any) -> Any:
    """The product of matrices, from the left."""
    out = factors[0]
    for factor in factors[1:]:
        out = apply(get_op("matmul"), out, factor)
    return out


def unit_like(x: Tensor, size: Dim) -> Any:
    """The unit matrix of a size, in the dtype of a tensor."""
    return eye(size, dtype=x.dtype)


def conjugated(rule: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """A gradient rule of the books as one of ours: cotangents conjugated on the way in and out."""

    def vjp(ct: Any, out: Any, *inputs: Any, **attrs: Any) -> tuple[Any, ...]:
        given = tuple([None if part is None else conj(part) for part in ct]) if isinstance(ct, tuple) else conj(ct)
        made = rule(given, out, *inputs, **attrs)
        return tuple([None if part is None else conj(part) for part in made])

    return vjp


def batch_of(x: Any) -> tuple[Dim, ...]:
    """The sizes before those of the matrix."""
    return shape_of(x)[: rank_of(x) - 2]
