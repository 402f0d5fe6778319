"""Registers as words of 64 bits, in which values pass between functions and to the host."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.builder import Builder
from autograph.backends.native.values import Scalar
from autograph.runtime.dtypes import DType


def bits_of(b: Builder, native: Scalar) -> str:
    """A register as a word."""
    dtype = native.dtype
    if dtype.is_floating:
        bits = b.value(f"bitcast {layout.register(dtype)} {native.text} to i{dtype.bits}")
        return bits if dtype.bits == 64 else b.value(f"zext i32 {bits} to i64")
    if dtype.bits == 64:
        return native.text
    how = "sext" if dtype.kind == "int" else "zext"
    return b.value(f"{how} {layout.register(dtype)} {native.text} to i64")


def from_bits(b: Builder, dtype: DType, word: str) -> str:
    """A word as a register."""
    if dtype.is_floating:
        bits = word if dtype.bits == 64 else b.value(f"trunc i64 {word} to i32")
        return b.value(f"bitcast i{dtype.bits} {bits} to {layout.register(dtype)}")
    return word if dtype.bits == 64 else b.value(f"trunc i64 {word} to {layout.register(dtype)}")
