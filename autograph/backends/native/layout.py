"""How dtypes lie in memory and in registers."""

from __future__ import annotations

from typing import Any

from autograph.backends.native.builder import Builder, float_text
from autograph.runtime.dtypes import DType
from autograph.runtime.types import TensorType, Type


def in_register(dtype: DType) -> bool:
    """Whether native code computes with a dtype; the others are only moved, and computed by the host's kernels."""
    return not dtype.is_complex and not (dtype.is_floating and dtype.bits == 16)


def is_register(type_: Type) -> bool:
    """Whether values of a type live in registers: scalars that native code computes with."""
    return isinstance(type_, TensorType) and not type_.shape and in_register(type_.dtype)


def register(dtype: DType) -> str:
    """The LLVM type of a number in a register."""
    if dtype.is_bool:
        return "i1"
    if dtype.is_floating:
        return "float" if dtype.bits == 32 else "double"
    return f"i{dtype.bits}"


def memory(dtype: DType) -> str:
    """The LLVM type of an element in memory."""
    if not in_register(dtype):
        return f"i{8 * dtype.numpy.itemsize}"
    return "i8" if dtype.is_bool else register(dtype)


def item_bytes(dtype: DType) -> int:
    """The bytes of one element."""
    return dtype.numpy.itemsize


def load(b: Builder, dtype: DType, pointer: str, notes: str = "") -> str:
    """Reads an element into a register."""
    loaded = b.load(memory(dtype), pointer, notes)
    return b.value(f"trunc i8 {loaded} to i1") if dtype.is_bool else loaded


def store(b: Builder, dtype: DType, value: str, pointer: str, notes: str = "") -> None:
    """Writes a register into memory."""
    if dtype.is_bool:
        value = b.value(f"zext i1 {value} to i8")
    b.store(memory(dtype), value, pointer, notes)


def constant(value: Any, dtype: DType) -> str:
    """A Python or NumPy number as a constant."""
    if dtype.is_bool:
        return "true" if value else "false"
    return float_text(float(value), register(dtype)) if dtype.is_floating else str(int(value))
