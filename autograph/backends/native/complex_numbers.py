"""Arithmetic on complex numbers, each of which is two registers."""

from __future__ import annotations

from autograph.backends.native.arithmetic import EMIT, Emit, select
from autograph.backends.native.builder import Builder, float_text
from autograph.backends.native.layout import pair, parts, register
from autograph.runtime.dtypes import DType, complex64, float32, float64


def part_dtype(dtype: DType) -> DType:
    """The dtype of the parts of a complex dtype."""
    return float32 if dtype is complex64 else float64


def divide(b: Builder, dtype: DType, x: str, y: str) -> str:
    """The quotient, by Smith's method as NumPy has it: the larger part of the divisor divides the smaller one."""
    t = register(dtype)

    def op(name: str, p: str, q: str) -> str:
        return b.value(f"{name} {t} {p}, {q}")

    real, imaginary = parts(y)
    sizes = [EMIT["abs"][0](b, part_dtype(dtype), part) for part in (real, imaginary)]
    turned = b.value(f"fcmp olt {t} {sizes[0]}, {sizes[1]}")
    large, small = select(b, turned, t, imaginary, real), select(b, turned, t, real, imaginary)
    zero = b.value(f"fcmp oeq {t} {select(b, turned, t, sizes[1], sizes[0])}, {float_text(0.0, t)}")
    ratio = op("fdiv", small, large)
    scale = op("fdiv", float_text(1.0, t), op("fadd", large, op("fmul", small, ratio)))
    a, c = parts(x)
    first, second = select(b, turned, t, c, a), select(b, turned, t, a, c)
    made = op("fmul", op("fadd", first, op("fmul", second, ratio)), scale)
    across = op("fsub", op("fmul", select(b, turned, t, c, a), ratio), select(b, turned, t, a, c))
    sign = select(b, turned, t, across, b.value(f"fneg {t} {across}"))
    other = op("fmul", sign, scale)
    by_zero = [op("fdiv", part, sizes[0]) for part in (a, c)]
    return pair(*[select(b, zero, t, p, q) for p, q in zip(by_zero, (made, other), strict=True)])


def _each(name: str) -> Emit:
    def emit(b: Builder, dtype: DType, x: str) -> str:
        return pair(*[EMIT[name][0](b, part_dtype(dtype), part) for part in parts(x)])

    return emit


def _joined(name: str, how: str) -> Emit:
    """A bool from those of both parts."""

    def emit(b: Builder, dtype: DType, *texts: str) -> str:
        split = zip(*[parts(text) for text in texts], strict=True)
        real, imaginary = [EMIT[name][0](b, part_dtype(dtype), *each) for each in split]
        return b.value(f"{how} i1 {real}, {imaginary}")

    return emit


def conjugate(b: Builder, dtype: DType, x: str) -> str:
    """The number with the other sign of its imaginary part."""
    real, imaginary = parts(x)
    return pair(real, b.value(f"fneg {register(dtype)} {imaginary}"))


# Ops that take complex numbers of one dtype, with about what they cost in additions.
EMIT_COMPLEX: dict[str, tuple[Emit, int]] = {
    "add": (EMIT["add"][0], 2),
    "subtract": (EMIT["subtract"][0], 2),
    "multiply": (EMIT["multiply"][0], 6),
    "divide": (divide, 20),
    "negative": (_each("negative"), 2),
    "positive": (lambda b, dtype, x: x, 0),
    "stop_gradient": (lambda b, dtype, x: x, 0),
    "equal": (_joined("equal", "and"), 2),
    "not_equal": (_joined("not_equal", "or"), 2),
    "isnan": (_joined("isnan", "or"), 2),
    "isinf": (_joined("isinf", "or"), 2),
    "isfinite": (_joined("isfinite", "and"), 2),
}
