"""Floats of 16 bits: registers hold them as `float`, and what is computed is rounded to what 16 bits hold."""

from __future__ import annotations

from autograph.backends.native.builder import Builder
from autograph.runtime.dtypes import DType, bfloat16, float16


def is_short(dtype: DType) -> bool:
    """Whether a dtype is a float of 16 bits."""
    return dtype is float16 or dtype is bfloat16


def widened(b: Builder, dtype: DType, loaded: str) -> str:
    """The register of an element as it lies in memory: a `half`, or an `i16`."""
    if dtype is float16:
        return b.value(f"fpext half {loaded} to float")
    bits = b.value(f"zext i16 {loaded} to i32")
    return b.value(f"bitcast i32 {b.value(f'shl i32 {bits}, 16')} to float")


def narrowed(b: Builder, dtype: DType, x: str) -> str:
    """A `float` as an element lies in memory, rounded."""
    if dtype is float16:
        return b.value(f"fptrunc float {x} to half")
    return b.value(f"trunc i32 {b.value(f'lshr i32 {_rounded_bits(b, x)}, 16')} to i16")


def rounded(b: Builder, dtype: DType, x: str) -> str:
    """A `float` rounded to the nearest number that 16 bits hold, the even one of two."""
    if dtype is float16:
        return widened(b, dtype, narrowed(b, dtype, x))
    return b.value(f"bitcast i32 {b.value(f'and i32 {_rounded_bits(b, x)}, -65536')} to float")


def _rounded_bits(b: Builder, x: str) -> str:
    """Bits of which the upper half is the rounded number."""
    bits = b.value(f"bitcast float {x} to i32")
    last = b.value(f"and i32 {b.value(f'lshr i32 {bits}, 16')}, 1")
    moved = b.value(f"add i32 {b.value(f'add i32 {bits}, 32767')}, {last}")
    sign = b.value(f"and i32 {bits}, {-(2**31)}")
    nan = b.value(f"or i32 {sign}, {0x7FC00000}")
    return b.value(f"select i1 {b.value(f'fcmp uno float {x}, {x}')}, i32 {nan}, i32 {moved}")


def from_double(b: Builder, x: str) -> str:
    """A `double` as a `float` that rounds to 16 bits as the `double` does: what is cut off sets the last bit."""
    near = b.value(f"fptrunc double {x} to float")
    back = b.value(f"fpext float {near} to double")
    bits = b.value(f"bitcast float {near} to i32")
    sizes = [b.value(f"call double @llvm.fabs.f64(double {value})") for value in (back, x)]
    beyond = b.value(f"zext i1 {b.value(f'fcmp ogt double {sizes[0]}, {sizes[1]}')} to i32")
    odd = b.value(f"or i32 {b.value(f'sub i32 {bits}, {beyond}')}, 1")
    inexact = b.value(f"fcmp one double {back}, {x}")
    return b.value(f"bitcast i32 {b.value(f'select i1 {inexact}, i32 {odd}, i32 {bits}')} to float")
