"""Factors of general square matrices as ops: triangular ones, eigenvalues, and the exponential.

Source of the gradients: S. Smith, "Differentiation of the Cholesky algorithm" (1995) for triangular factors; Boeddeker
et al., "On the computation of complex-valued gradients" (2017) for eigenvectors; Al-Mohy and Higham, "Computing the
Fréchet derivative of the matrix exponential" (2009) for the exponential.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.ops.arithmetic import add, divide, multiply, subtract
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.complex_parts import complex_dtype, conj, real
from autograph.ops.creation import zeros_like
from autograph.ops.extents import shape_of
from autograph.ops.gathering import take_along_axis
from autograph.ops.grids import tril, triu
from autograph.ops.joining import concat
from autograph.ops.linalg.diagonals import diagonal, diagonal_matrix
from autograph.ops.linalg.matrices import adjoint, all_finite, conjugated, dot, require_square, square, unit_like
from autograph.ops.linalg.systems import solve
from autograph.ops.rules import rank_of
from autograph.ops.shape import expand_dims
from autograph.ops.sorting import argsort
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import int64
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


@functools.cache
def _scipy(name: str) -> Callable[..., Any]:
    """A function of `scipy.linalg`, which is loaded with the first call."""
    function: Callable[..., Any] = getattr(importlib.import_module("scipy.linalg"), name)
    return function


# -- LU -------------------------------------------------------------------------------------------------


def _lu_type(x: TensorType) -> tuple[TensorType, ...]:
    require_square(x, "lu_factor")
    places = TensorType(int64, x.shape[:-1])
    return x, places, places


def _lu_kernel(xp: Any, x: Any) -> tuple[Any, Any, Any]:
    factors, pivots = np.array(x), np.zeros(x.shape[:-1], np.int64)
    order = np.broadcast_to(np.arange(x.shape[-1]), x.shape[:-1]).copy()
    for index in np.ndindex(x.shape[:-2]):
        if x.shape[-1]:
            factors[index], pivots[index] = _scipy("lu_factor")(x[index], check_finite=False)
        for row, other in enumerate(pivots[index]):
            order[(*index, [row, other])] = order[(*index, [other, row])]
    return factors, pivots, order


def _lu_vjp(ct: tuple[Any, ...], out: tuple[Tensor, ...], x: Tensor) -> tuple[Any, ...]:
    if ct[0] is None:
        return (None,)
    packed, _, order = out
    unit = unit_like(x, shape_of(x)[-1])
    lower, upper = add(tril(packed, k=-1), unit), triu(packed)
    inner = add(tril(dot(adjoint(lower), tril(ct[0], k=-1)), k=-1), triu(dot(triu(ct[0]), adjoint(upper))))
    turned = solve(adjoint(lower), inner)  # L⁻ᴴ · inner
    total = adjoint(solve(upper, adjoint(turned)))  # · U⁻ᴴ
    back = expand_dims(argsort(order, -1), -1)
    return (take_along_axis(total, back, rank_of(x) - 2),)


# [..., n, n] -> both factors in one matrix, the row that each row was exchanged with, the order of the rows
lu_op = Op("lu", kind=Kind.CONTRACTION, infer=_lu_type, kernel=_lu_kernel, vjp=conjugated(_lu_vjp))


# -- eigenvalues ----------------------------------------------------------------------------------------


def _eig_type(x: TensorType) -> tuple[TensorType, TensorType]:
    require_square(x, "eig")
    dtype = complex_dtype(x.dtype)
    return TensorType(dtype, x.shape[:-1]), TensorType(dtype, x.shape)


def _eig_kernel(xp: Any, x: Any) -> tuple[Any, Any]:
    values, vectors = np.linalg.eig(x)
    dtype = np.result_type(x.dtype, np.complex64)
    return values.astype(dtype, copy=False), vectors.astype(dtype, copy=False)


def _eig_vjp(ct: tuple[Any, Any], out: tuple[Tensor, Tensor], x: Tensor) -> tuple[Any, ...]:
    values, vectors = out
    unit = unit_like(vectors, shape_of(x)[-1])
    inner = None if ct[0] is None else diagonal_matrix(ct[0], unit)
    if ct[1] is not None:
        moved = dot(adjoint(vectors), ct[1])
        sizes = expand_dims(real(diagonal(moved)), -2)  # vectors have length 1
        moved = subtract(moved, dot(adjoint(vectors), multiply(vectors, sizes)))
        gaps = conj(subtract(expand_dims(values, -2), expand_dims(values, -1)))
        turned = divide(multiply(moved, subtract(1, unit)), add(gaps, unit))
        inner = turned if inner is None else add(inner, turned)
    total = solve(adjoint(vectors), dot(inner, adjoint(vectors)))
    return (total if x.dtype.is_complex else real(total),)


eig_op = Op(
    "eig",
    kind=Kind.CONTRACTION,
    infer=_eig_type,
    kernel=_eig_kernel,
    vjp=conjugated(_eig_vjp),
    effects=Effect.FAIL,
    requires=all_finite,
)


# -- exponential ----------------------------------------------------------------------------------------


def _expm_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    # The upper right part of exp([[xᴴ, ct], [0, xᴴ]]).
    turned, rank = adjoint(x), rank_of(x)
    size = shape_of(x)[-1]
    top = concat([turned, ct], rank - 1)
    bottom = concat([zeros_like(turned), turned], rank - 1)
    whole = apply(expm_op, concat([top, bottom], rank - 2))
    rows = apply(slice_axis_op, whole, axis=rank - 2, start=0, size=size)
    return (apply(slice_axis_op, rows, axis=rank - 1, start=size, size=size),)


def _expm_kernel(xp: Any, x: Any) -> Any:
    return np.asarray(_scipy("expm")(x)).astype(x.dtype, copy=False)


expm_op: Op = Op("expm", kind=Kind.CONTRACTION, infer=square("expm"), kernel=_expm_kernel, vjp=conjugated(_expm_vjp))
