"""How dtypes lie in memory and in registers.

A complex number takes two registers, named together; a float of 16 bits takes one that is wider.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.backends.native.builder import Builder, float_text
from autograph.backends.native.short_floats import is_short, narrowed, widened
from autograph.runtime.dtypes import DType, float16
from autograph.runtime.types import TensorType, Type

_BETWEEN = "|"


def is_real(dtype: DType) -> bool:
    """Whether a number of a dtype is one register."""
    return not dtype.is_complex


def in_blas(dtype: DType) -> bool:
    """Whether BLAS multiplies matrices of real numbers of a dtype."""
    return dtype.is_floating and not is_short(dtype)


def is_register(type_: Type) -> bool:
    """Whether values of a type are passed on in registers: numbers that fit in a word."""
    if not isinstance(type_, TensorType) or type_.shape:
        return False
    return is_real(type_.dtype) and not is_short(type_.dtype)


def register(dtype: DType) -> str:
    """The LLVM type of a number in a register (of complex ones, of each of the two)."""
    if dtype.is_bool:
        return "i1"
    if dtype.is_floating:
        return "double" if dtype.bits == 64 else "float"
    if dtype.is_complex:
        return "double" if dtype.bits == 128 else "float"
    return f"i{dtype.bits}"


def memory(dtype: DType) -> str:
    """The LLVM type of an element in memory."""
    if is_short(dtype):
        return "half" if dtype is float16 else "i16"
    if dtype.is_complex:
        return f"[2 x {register(dtype)}]"
    return "i8" if dtype.is_bool else register(dtype)


def item_bytes(dtype: DType) -> int:
    """The bytes of one element."""
    return dtype.numpy.itemsize


def pair(real: str, imaginary: str) -> str:
    """A complex number's name."""
    return f"{real}{_BETWEEN}{imaginary}"


def parts(text: str) -> list[str]:
    """The registers of a number: two of a complex one."""
    return text.split(_BETWEEN)


def load(b: Builder, dtype: DType, pointer: str, notes: str = "") -> str:
    """Reads an element into a register."""
    if dtype.is_complex:
        t = register(dtype)
        return pair(*[b.load(t, b.at(t, pointer, place), notes) for place in (0, 1)])
    loaded = b.load(memory(dtype), pointer, notes)
    if is_short(dtype):
        return widened(b, dtype, loaded)
    return b.value(f"trunc i8 {loaded} to i1") if dtype.is_bool else loaded


def store(b: Builder, dtype: DType, value: str, pointer: str, notes: str = "") -> None:
    """Writes a register into memory."""
    if dtype.is_complex:
        t = register(dtype)
        for place, part in enumerate(parts(value)):
            b.store(t, part, b.at(t, pointer, place), notes)
        return
    if is_short(dtype):
        value = narrowed(b, dtype, value)
    elif dtype.is_bool:
        value = b.value(f"zext i1 {value} to i8")
    b.store(memory(dtype), value, pointer, notes)


def constant(value: Any, dtype: DType) -> str:
    """A Python or NumPy number as a constant."""
    if dtype.is_bool:
        return "true" if value else "false"
    if dtype.is_complex:
        number = complex(value)
        return pair(*[float_text(part, register(dtype)) for part in (number.real, number.imag)])
    if is_short(dtype):
        with np.errstate(over="ignore"):
            value = np.asarray(value).astype(dtype.numpy)
    return float_text(float(value), register(dtype)) if dtype.is_floating else str(int(value))
