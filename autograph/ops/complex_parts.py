"""Parts of complex numbers.

Cotangents pair with tangents as the real part of their product (not conjugated), so rules of holomorphic functions
are those of real ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import multiply
from autograph.ops.casts import astype
from autograph.ops.rules import dtype_of
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import DType, complex64, complex128, float32, float64
from autograph.runtime.op import Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def real_dtype(dtype: DType) -> DType:
    """The dtype of the parts of a complex dtype; other dtypes themselves."""
    return {complex64: float32, complex128: float64}.get(dtype, dtype)


def complex_dtype(dtype: DType) -> DType:
    """The complex dtype whose parts hold a dtype: complex64 for float32 and less, otherwise complex128."""
    if dtype.is_complex:
        return dtype
    return complex64 if dtype.is_floating and dtype.bits <= 32 else complex128


def _part_type(x: TensorType) -> TensorType:
    return TensorType(real_dtype(x.dtype), x.shape)


def _real_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (astype(ct, x.dtype),)


def _imag_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (multiply(ct, -1j) if x.dtype.is_complex else None,)


def _op(name: str, kernel: Any, infer: Any, vjp: Any) -> Op:
    return Op(name, kind=Kind.ELEMENTWISE, infer=infer, kernel=kernel, vjp=vjp, weakens=True)


# Copies: a view of parts would keep the whole alive, and its strides trouble backends.
real_op = _op("real", lambda xp, x: np.array(np.real(x)), _part_type, _real_vjp)
imag_op = _op("imag", lambda xp, x: np.array(np.imag(x)), _part_type, _imag_vjp)
conj_op = _op(
    "conj",
    lambda xp, x: np.conjugate(x) if np.iscomplexobj(x) else np.array(x),
    lambda x: x,
    lambda ct, out, x: (conj(ct),),
)


def real(x: Any) -> Any:
    """The real part, element by element.

    Args:
        x: tensor or number.

    Returns:
        A real tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.real(ag.constant([1 + 2j])).numpy()
        array([1.], dtype=float32)
    """
    return apply(real_op, x)


def imag(x: Any) -> Any:
    """The imaginary part, element by element; 0 for real numbers.

    Args:
        x: tensor or number.

    Returns:
        A real tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.imag(ag.constant([1 + 2j])).numpy()
        array([2.], dtype=float32)
    """
    return apply(imag_op, x)


def conj(x: Any) -> Any:
    """The complex conjugate, element by element; real tensors stay as they are.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape and dtype of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.conj(ag.constant([1 + 2j])).numpy()
        array([1.-2.j], dtype=complex64)
    """
    return apply(conj_op, x) if dtype_of(x).is_complex else x
