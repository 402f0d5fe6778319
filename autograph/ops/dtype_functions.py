"""Questions about dtypes: limits, kinds, promotion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

from autograph.errors import DTypeError
from autograph.ops.complex_parts import real_dtype
from autograph.ops.rules import dtype_of
from autograph.runtime.dtypes import DType, as_dtype, of_python_number
from autograph.runtime.promotion import promote_types
from autograph.runtime.promotion import result_type as joined_type
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.variable import Variable


@dataclass(frozen=True, slots=True)
class FloatInfo:
    """The limits of a floating-point dtype; for complex dtypes, those of their parts."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType


@dataclass(frozen=True, slots=True)
class IntInfo:
    """The limits of an integer dtype."""

    bits: int
    max: int
    min: int
    dtype: DType


def _dtype(x: Any) -> DType:
    return dtype_of(x) if isinstance(x, Tensor | Variable | np.ndarray | np.generic) else as_dtype(x)


def finfo(type: Any) -> FloatInfo:
    """The limits of a floating-point dtype.

    Args:
        type: dtype or tensor; complex ones stand for their parts.

    Returns:
        `bits`, `eps`, `max`, `min`, `smallest_normal` and `dtype`.

    Raises:
        DTypeError: the dtype has no fractions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.finfo(ag.float32).bits
        32
    """
    dtype = real_dtype(_dtype(type))
    if not dtype.is_floating:
        refuse(DTypeError, f"finfo of {dtype.name}, which is no floating-point dtype", "use iinfo for integers")
    info: Any = ml_dtypes.finfo(dtype.numpy)  # type: ignore[no-untyped-call]
    eps, largest, least, normal = [float(x) for x in (info.eps, info.max, info.min, info.smallest_normal)]
    return FloatInfo(dtype.bits, eps, largest, least, normal, dtype)


def iinfo(type: Any) -> IntInfo:
    """The limits of an integer dtype.

    Args:
        type: dtype or tensor.

    Returns:
        `bits`, `max`, `min` and `dtype`.

    Raises:
        DTypeError: the dtype is not an integer one.

    Example:
        >>> import autograph as ag
        >>> ag.ops.iinfo(ag.int8).max
        127
    """
    dtype = _dtype(type)
    if not dtype.is_integer:
        refuse(DTypeError, f"iinfo of {dtype.name}, which is no integer dtype", "use finfo for floats")
    info = np.iinfo(dtype.numpy)
    return IntInfo(dtype.bits, int(info.max), int(info.min), dtype)


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The dtype that an op on these operands has.

    Args:
        *arrays_and_dtypes: tensors, dtypes and Python numbers; numbers take the width of the others.

    Returns:
        The dtype.

    Raises:
        DTypeError: there are no operands.

    Example:
        >>> import autograph as ag
        >>> ag.ops.result_type(ag.float32, ag.constant(1, ag.float64), 2.5)
        ag.float64
    """
    return joined_type(*[_operand_type(x) for x in arrays_and_dtypes])[0]


def _operand_type(x: Any) -> tuple[DType, bool]:
    if isinstance(x, PYTHON_NUMBERS) and not isinstance(x, np.generic):
        return of_python_number(x), True
    return _dtype(x), isinstance(x, Tensor) and x.type.weak


def can_cast(from_: Any, to: Any) -> bool:
    """Whether promotion takes one dtype to another.

    Args:
        from_: dtype or tensor.
        to: dtype.

    Returns:
        Whether operands of both give the dtype `to`.

    Example:
        >>> import autograph as ag
        >>> ag.ops.can_cast(ag.int8, ag.int16), ag.ops.can_cast(ag.float64, ag.float32)
        (True, False)
    """
    wanted = as_dtype(to)
    return promote_types(_dtype(from_), wanted) is wanted


_KINDS: dict[str, Callable[[DType], bool]] = {
    "bool": lambda dtype: dtype.is_bool,
    "signed integer": lambda dtype: dtype.kind == "int",
    "unsigned integer": lambda dtype: dtype.kind == "uint",
    "integral": lambda dtype: dtype.is_integer,
    "real floating": lambda dtype: dtype.is_floating,
    "complex floating": lambda dtype: dtype.is_complex,
    "numeric": lambda dtype: not dtype.is_bool,
}


def isdtype(dtype: Any, kind: Any) -> bool:
    """Whether a dtype is of a kind.

    Args:
        dtype: dtype.
        kind: a dtype, "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating",
            "numeric", or a tuple of these, of which one has to fit.

    Returns:
        Whether it is.

    Raises:
        ValueError: there is no such kind.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isdtype(ag.int8, "integral"), ag.ops.isdtype(ag.int8, (ag.int16, "bool"))
        (True, False)
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, entry) for entry in kind)
    if isinstance(kind, str):
        if kind not in _KINDS:
            raise ValueError(f"{kind!r} is no kind of dtypes; use one of {', '.join(_KINDS)}")
        return bool(_KINDS[kind](as_dtype(dtype)))
    return as_dtype(dtype) is as_dtype(kind)
