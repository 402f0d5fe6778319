"""Arithmetic on registers: one function an op, for any dtype that native code computes with.

Each takes the builder, the dtype of the operands and their registers, and gives the result's register. Nothing here
traps or is undefined for any operands: divisors of zero, shifts by too much and floats out of an integer's range give
what NumPy gives, since the checks for them stand before the op, possibly in another loop.
"""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import math
from autograph.backends.native.builder import Builder, float_text
from autograph.backends.native.layout import pair, parts, register
from autograph.backends.native.short_floats import from_double, is_short, rounded
from autograph.runtime.dtypes import DType, float32, float64

Emit = Callable[..., str]


def _binary(integer: str, floating: str) -> Emit:
    def emit(b: Builder, dtype: DType, x: str, y: str) -> str:
        if dtype.is_complex and integer == "mul":
            return _complex_product(b, register(dtype), *parts(x), *parts(y))
        if dtype.is_complex:
            pairs = zip(parts(x), parts(y), strict=True)
            return pair(*[b.value(f"{floating} {register(dtype)} {p}, {q}") for p, q in pairs])
        if dtype.is_bool:
            integer_ = {"add": "or", "mul": "and", "sub": "xor"}[integer]
            return b.value(f"{integer_} i1 {x}, {y}")
        return b.value(f"{floating if dtype.is_floating else integer} {register(dtype)} {x}, {y}")

    return emit


def _complex_product(b: Builder, t: str, real: str, imaginary: str, other: str, other_imaginary: str) -> str:
    def op(name: str, x: str, y: str) -> str:
        return b.value(f"{name} {t} {x}, {y}")

    first = op("fsub", op("fmul", real, other), op("fmul", imaginary, other_imaginary))
    return pair(first, op("fadd", op("fmul", real, other_imaginary), op("fmul", imaginary, other)))


def _compare(signed: str, unsigned: str, floating: str) -> Emit:
    def emit(b: Builder, dtype: DType, x: str, y: str) -> str:
        if dtype.is_floating:
            return b.value(f"fcmp {floating} {register(dtype)} {x}, {y}")
        return b.value(f"icmp {signed if dtype.kind == 'int' else unsigned} {register(dtype)} {x}, {y}")

    return emit


def intrinsic(b: Builder, name: str, dtype: DType, *operands: str) -> str:
    """A call of an LLVM intrinsic on floats."""
    type_ = register(dtype)
    suffix = "f32" if dtype.bits == 32 else "f64"
    return b.value(f"call {type_} @llvm.{name}.{suffix}({', '.join(f'{type_} {x}' for x in operands)})")


def select(b: Builder, condition: str, type_: str, x: str, y: str) -> str:
    pairs = zip(parts(x), parts(y), strict=True)
    return "|".join([b.value(f"select i1 {condition}, {type_} {p}, {type_} {q}") for p, q in pairs])


def _zero(dtype: DType) -> str:
    return float_text(0.0, register(dtype)) if dtype.is_floating else "false" if dtype.is_bool else "0"


def _one(dtype: DType) -> str:
    return float_text(1.0, register(dtype)) if dtype.is_floating else "1"


def truth(b: Builder, dtype: DType, x: str) -> str:
    """Whether a number is not zero."""
    if dtype.is_complex:
        zero = float_text(0.0, register(dtype))
        real, imaginary = [b.value(f"fcmp une {register(dtype)} {part}, {zero}") for part in parts(x)]
        return b.value(f"or i1 {real}, {imaginary}")
    return x if dtype.is_bool else _compare("ne", "ne", "une")(b, dtype, x, _zero(dtype))


def divide(b: Builder, dtype: DType, x: str, y: str) -> str:
    return b.value(f"fdiv {register(dtype)} {x}, {y}")


def _safe_divisor(b: Builder, dtype: DType, y: str) -> tuple[str, str, str]:
    """A divisor that cannot trap, whether `y` is zero, and whether it is -1."""
    t = register(dtype)
    zero = b.value(f"icmp eq {t} {y}, 0")
    if dtype.kind == "uint":
        return select(b, zero, t, "1", y), zero, "false"
    minus = b.value(f"icmp eq {t} {y}, -1")
    bad = b.value(f"or i1 {zero}, {minus}")
    return select(b, bad, t, "1", y), zero, minus


def floor_divide(b: Builder, dtype: DType, x: str, y: str) -> str:
    if dtype.is_floating:
        return _float_divmod(b, dtype, x, y)[0]
    t = register(dtype)
    safe, zero, minus = _safe_divisor(b, dtype, y)
    if dtype.kind == "uint":
        return select(b, zero, t, "0", b.value(f"udiv {t} {x}, {safe}"))
    quotient = b.value(f"sdiv {t} {x}, {safe}")
    rest = b.value(f"srem {t} {x}, {safe}")
    inexact = b.value(f"icmp ne {t} {rest}, 0")
    differ = b.value(f"icmp slt {t} {b.value(f'xor {t} {rest}, {safe}')}, 0")
    down = b.value(f"and i1 {inexact}, {differ}")
    floor = select(b, down, t, b.value(f"sub {t} {quotient}, 1"), quotient)
    found = select(b, minus, t, b.value(f"sub {t} 0, {x}"), floor)
    return select(b, zero, t, "0", found)


def remainder(b: Builder, dtype: DType, x: str, y: str) -> str:
    if dtype.is_floating:
        return _float_divmod(b, dtype, x, y)[1]
    t = register(dtype)
    safe, zero, minus = _safe_divisor(b, dtype, y)
    if dtype.kind == "uint":
        return select(b, zero, t, "0", b.value(f"urem {t} {x}, {safe}"))
    rest = b.value(f"srem {t} {x}, {safe}")
    inexact = b.value(f"icmp ne {t} {rest}, 0")
    differ = b.value(f"icmp slt {t} {b.value(f'xor {t} {rest}, {safe}')}, 0")
    down = b.value(f"and i1 {inexact}, {differ}")
    found = select(b, down, t, b.value(f"add {t} {rest}, {safe}"), rest)
    return select(b, b.value(f"or i1 {zero}, {minus}"), t, "0", found)


def _float_divmod(b: Builder, dtype: DType, x: str, y: str) -> tuple[str, str]:
    """Quotient rounded down and remainder with the divisor's sign, by the steps of Python's float division."""
    t, zero, one = register(dtype), _zero(dtype), _one(dtype)
    half = float_text(0.5, t)
    mod = b.value(f"frem {t} {x}, {y}")
    quotient = b.value(f"fdiv {t} {b.value(f'fsub {t} {x}, {mod}')}, {y}")
    inexact = b.value(f"fcmp une {t} {mod}, {zero}")
    signs = [b.value(f"fcmp olt {t} {v}, {zero}") for v in (y, mod)]
    differ = b.value(f"and i1 {inexact}, {b.value(f'xor i1 {signs[0]}, {signs[1]}')}")
    signed_zero = intrinsic(b, "copysign", dtype, zero, y)
    kept = select(b, inexact, t, mod, signed_zero)
    rest = select(b, differ, t, b.value(f"fadd {t} {mod}, {y}"), kept)
    lower = select(b, differ, t, b.value(f"fsub {t} {quotient}, {one}"), quotient)
    floor = intrinsic(b, "floor", dtype, lower)
    far = b.value(f"fcmp ogt {t} {b.value(f'fsub {t} {lower}, {floor}')}, {half}")
    rounded = select(b, far, t, b.value(f"fadd {t} {floor}, {one}"), floor)
    ratio = b.value(f"fdiv {t} {x}, {y}")
    nonzero = b.value(f"fcmp une {t} {lower}, {zero}")
    whole = select(b, nonzero, t, rounded, intrinsic(b, "copysign", dtype, zero, ratio))
    by_zero = b.value(f"fcmp oeq {t} {y}, {zero}")
    return select(b, by_zero, t, ratio, whole), select(b, by_zero, t, mod, rest)


def _extremum(name: str, sign: str) -> Emit:
    def emit(b: Builder, dtype: DType, x: str, y: str) -> str:
        if dtype.is_floating:
            return intrinsic(b, name, dtype, x, y)
        if dtype.is_bool:
            return b.value(f"{'or' if name == 'maximum' else 'and'} i1 {x}, {y}")
        kind = ("s" if dtype.kind == "int" else "u") + name[:3]
        t = register(dtype)
        return b.value(f"call {t} @llvm.{kind}.{t}({t} {x}, {t} {y})")

    return emit


def python_extremum(b: Builder, dtype: DType, x: str, y: str, larger: bool) -> str:
    """Python's `max(x, y)` or `min(x, y)`: the first unless the second is beyond it."""
    if dtype.is_bool:
        return b.value(f"{'or' if larger else 'and'} i1 {x}, {y}")
    beyond = COMPARISONS["greater" if larger else "less"](b, dtype, y, x)
    return select(b, beyond, register(dtype), y, x)


def negative(b: Builder, dtype: DType, x: str) -> str:
    t = register(dtype)
    return b.value(f"fneg {t} {x}" if dtype.is_floating else f"sub {t} 0, {x}")


def absolute(b: Builder, dtype: DType, x: str) -> str:
    if dtype.is_floating:
        return intrinsic(b, "fabs", dtype, x)
    if dtype.kind != "int":
        return x
    t = register(dtype)
    return b.value(f"call {t} @llvm.abs.{t}({t} {x}, i1 false)")


def sign(b: Builder, dtype: DType, x: str) -> str:
    t, zero = register(dtype), _zero(dtype)
    if dtype.is_floating:
        positive = b.value(f"fcmp ogt {t} {x}, {zero}")
        below = b.value(f"fcmp olt {t} {x}, {zero}")
        other = select(b, below, t, float_text(-1.0, t), b.value(f"fadd {t} {x}, {zero}"))
        return select(b, positive, t, _one(dtype), other)
    nonzero = select(b, b.value(f"icmp ne {t} {x}, 0"), t, "1", "0")
    if dtype.kind == "uint":
        return nonzero
    return select(b, b.value(f"icmp slt {t} {x}, 0"), t, "-1", nonzero)


def _shift(name: str) -> Emit:
    def emit(b: Builder, dtype: DType, x: str, y: str) -> str:
        t = register(dtype)
        most = dtype.bits - 1
        far = b.value(f"icmp ugt {t} {y}, {most}")
        count = select(b, far, t, "0", y)
        shifted = b.value(f"{name} {t} {x}, {count}")
        beyond = b.value(f"ashr {t} {x}, {most}") if name == "ashr" else "0"
        return select(b, far, t, beyond, shifted)

    return emit


def _right_shift(b: Builder, dtype: DType, x: str, y: str) -> str:
    return _shift("ashr" if dtype.kind == "int" else "lshr")(b, dtype, x, y)


def _bits(name: str) -> Emit:
    return lambda b, dtype, x, y: b.value(f"{name} {register(dtype)} {x}, {y}")


def _invert(b: Builder, dtype: DType, x: str) -> str:
    t = register(dtype)
    return b.value(f"xor {t} {x}, {'true' if dtype.is_bool else '-1'}")


def _logical(name: str) -> Emit:
    return lambda b, dtype, x, y: b.value(f"{name} i1 {truth(b, dtype, x)}, {truth(b, dtype, y)}")


def _is_nan(b: Builder, dtype: DType, x: str) -> str:
    return b.value(f"fcmp uno {register(dtype)} {x}, {x}") if dtype.is_floating else "false"


def _is_inf(b: Builder, dtype: DType, x: str) -> str:
    if not dtype.is_floating:
        return "false"
    t = register(dtype)
    return b.value(f"fcmp oeq {t} {intrinsic(b, 'fabs', dtype, x)}, {float_text(float('inf'), t)}")


def _is_finite(b: Builder, dtype: DType, x: str) -> str:
    if not dtype.is_floating:
        return "true"
    t = register(dtype)
    return b.value(f"fcmp olt {t} {intrinsic(b, 'fabs', dtype, x)}, {float_text(float('inf'), t)}")


def _signbit(b: Builder, dtype: DType, x: str) -> str:
    if not dtype.is_floating:
        return b.value(f"icmp slt {register(dtype)} {x}, 0") if dtype.kind == "int" else "false"
    t = f"i{dtype.bits}"
    return b.value(f"icmp slt {t} {b.value(f'bitcast {register(dtype)} {x} to {t}')}, 0")


def _rounding(name: str) -> Emit:
    return lambda b, dtype, x: intrinsic(b, name, dtype, x) if dtype.is_floating else x


def convert(b: Builder, source: DType, target: DType, x: str) -> str:
    """A number in another dtype, as `numpy.ndarray.astype` gives it."""
    if source is target:
        return x
    if target.is_bool:
        return truth(b, source, x)
    if target.is_complex:
        return _to_complex(b, source, target, x)
    if source.is_complex:
        return convert(b, float64 if register(source) == "double" else float32, target, parts(x)[0])
    if is_short(target):
        return rounded(b, target, from_double(b, x) if source is float64 else convert(b, source, float32, x))
    if is_short(source):
        source = float32
    s, t = register(source), register(target)
    if s == t and source.is_floating:
        return x
    if source.is_floating:
        if target.is_floating:
            return b.value(f"{'fpext' if target.bits > source.bits else 'fptrunc'} {s} {x} to {t}")
        return _to_integer(b, source, target, x)
    if target.is_floating:
        return b.value(f"{'sitofp' if source.kind == 'int' else 'uitofp'} {s} {x} to {t}")
    if target.bits == source.bits and not source.is_bool:
        return x
    how = "trunc" if target.bits < source.bits else "sext" if source.kind == "int" else "zext"
    return b.value(f"{how} {s} {x} to {t}")


def _to_complex(b: Builder, source: DType, target: DType, x: str) -> str:
    own = float64 if register(target) == "double" else float32
    if not source.is_complex:
        return pair(convert(b, source, own, x), float_text(0.0, register(own)))
    given = float64 if register(source) == "double" else float32
    return pair(*[convert(b, given, own, part) for part in parts(x)])


def _to_integer(b: Builder, source: DType, target: DType, x: str) -> str:
    """Floats out of range (and NaN) give the lowest integer, as the processor's conversion does."""
    s = register(source)
    bits = 32 if target.bits < 64 and target.kind == "int" else 64
    if target.bits == 64 and target.kind == "uint":
        high = b.value(f"fcmp oge {s} {x}, {float_text(2.0**63, s)}")
        lowered = b.value(f"fsub {s} {x}, {float_text(2.0**63, s)}")
        kept = b.value(f"call i64 @llvm.fptosi.sat.i64.{'f32' if source.bits == 32 else 'f64'}({s} {x})")
        upper = b.value(f"call i64 @llvm.fptosi.sat.i64.{'f32' if source.bits == 32 else 'f64'}({s} {lowered})")
        return select(b, high, "i64", b.value(f"xor i64 {upper}, {-(2**63)}"), kept)
    suffix = "f32" if source.bits == 32 else "f64"
    converted = b.value(f"call i{bits} @llvm.fptosi.sat.i{bits}.{suffix}({s} {x})")
    least, most = float_text(-(2.0 ** (bits - 1)), s), float_text(2.0 ** (bits - 1), s)
    above = b.value(f"fcmp oge {s} {x}, {least}")
    below = b.value(f"fcmp olt {s} {x}, {most}")
    inside = b.value(f"and i1 {above}, {below}")
    found = select(b, inside, f"i{bits}", converted, str(-(2 ** (bits - 1))))
    return found if target.bits == bits else b.value(f"trunc i{bits} {found} to {register(target)}")


def libm(name: str) -> Emit:
    """A call of the C library's function: what plain Python gives, and nothing that runs in vectors."""

    def emit(b: Builder, dtype: DType, *operands: str) -> str:
        t = register(dtype)
        called = name + ("f" if dtype is float32 else "")
        return b.value(f"call {t} @{called}({', '.join(f'{t} {x}' for x in operands)})")

    return emit


def _vectorised(name: str) -> Emit:
    """The function of the package `math` that a loop around it runs in vectors."""

    def emit(b: Builder, dtype: DType, *operands: str) -> str:
        if not math.has(name, dtype.bits):
            return libm(name)(b, dtype, *operands)
        t = register(dtype)
        return b.value(f"call {t} @math.{name}.f{dtype.bits}({', '.join(f'{t} {x}' for x in operands)})")

    return emit


def intrinsic_of(name: str) -> Emit:
    return lambda b, dtype, *operands: intrinsic(b, name, dtype, *operands)


COMPARISONS: dict[str, Emit] = {
    "equal": _compare("eq", "eq", "oeq"),
    "not_equal": _compare("ne", "ne", "une"),
    "less": _compare("slt", "ult", "olt"),
    "less_equal": _compare("sle", "ule", "ole"),
    "greater": _compare("sgt", "ugt", "ogt"),
    "greater_equal": _compare("sge", "uge", "oge"),
}


def _in_float32(emit: Emit, rounds: bool = True) -> Emit:
    """What computes with floats of 16 bits as NumPy does: in float32, and rounds what it gives."""

    def run(b: Builder, dtype: DType, *operands: str) -> str:
        if not is_short(dtype):
            return emit(b, dtype, *operands)
        made = emit(b, float32, *operands)
        return rounded(b, dtype, made) if rounds else made

    return run


# What gives bools, or one of its operands.
_EXACT = {
    "maximum", "minimum", "negative", "positive", "stop_gradient", "abs", "sign", "isnan", "isinf", "isfinite",
    "signbit", "copysign", "logical_and", "logical_or", "logical_xor", "logical_not", *COMPARISONS,
}  # fmt: skip

# Ops on numbers of one dtype, with about what they cost in additions.
_EMIT: dict[str, tuple[Emit, int]] = {
    "add": (_binary("add", "fadd"), 1),
    "subtract": (_binary("sub", "fsub"), 1),
    "multiply": (_binary("mul", "fmul"), 1),
    "floor_divide": (floor_divide, 20),
    "remainder": (remainder, 20),
    "maximum": (_extremum("maximum", "sgt"), 1),
    "minimum": (_extremum("minimum", "slt"), 1),
    "negative": (negative, 1),
    "positive": (lambda b, dtype, x: x, 0),
    "stop_gradient": (lambda b, dtype, x: x, 0),
    "abs": (absolute, 1),
    "sign": (sign, 2),
    "logical_and": (_logical("and"), 1),
    "logical_or": (_logical("or"), 1),
    "logical_xor": (_logical("xor"), 1),
    "logical_not": (lambda b, dtype, x: b.value(f"xor i1 {truth(b, dtype, x)}, true"), 1),
    "bitwise_and": (_bits("and"), 1),
    "bitwise_or": (_bits("or"), 1),
    "bitwise_xor": (_bits("xor"), 1),
    "bitwise_invert": (_invert, 1),
    "bitwise_left_shift": (_shift("shl"), 2),
    "bitwise_right_shift": (_right_shift, 2),
    "isnan": (_is_nan, 1),
    "isinf": (_is_inf, 1),
    "isfinite": (_is_finite, 1),
    "signbit": (_signbit, 1),
    "floor": (_rounding("floor"), 1),
    "ceil": (_rounding("ceil"), 1),
    "trunc": (_rounding("trunc"), 1),
    "round": (_rounding("roundeven"), 1),
    **{name: (emit, 1) for name, emit in COMPARISONS.items()},
}

# Ops on floats only.
_EMIT_FLOAT: dict[str, tuple[Emit, int]] = {
    "divide": (divide, 5),
    "sqrt": (intrinsic_of("sqrt"), 8),
    "copysign": (intrinsic_of("copysign"), 1),
    "pow": (_vectorised("pow"), 60),
    "hypot": (_vectorised("hypot"), 20),
    "atan2": (_vectorised("atan2"), 40),
    "logaddexp": (_vectorised("logaddexp"), 60),
    "logaddexp2": (_vectorised("logaddexp2"), 60),
    "nextafter": (_vectorised("nextafter"), 8),
    **{name: (_vectorised(name), 40) for name in ("erf", "erfc", "ndtr", "exp2", "cbrt")},
    **{name: (_vectorised(name), 30) for name in ("exp", "expm1", "log", "log1p", "log2", "log10")},
    **{name: (_vectorised(name), 30) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: (_vectorised(name), 30) for name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
}

EMIT, EMIT_FLOAT = [
    {name: (_in_float32(emit, name not in _EXACT), weight) for name, (emit, weight) in table.items()}
    for table in (_EMIT, _EMIT_FLOAT)
]

# Functions of the C library, with how many operands they take.
LIBM = {
    **dict.fromkeys(("pow", "hypot", "atan2", "fmod"), 2),
    **dict.fromkeys(("exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan"), 1),
    **dict.fromkeys(("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "exp2", "cbrt"), 1),
}

LIBM_DECLARATIONS = "\n".join(
    f"declare {t} @{name}{suffix}({', '.join([t] * count)}) nounwind memory(none)"
    for name, count in LIBM.items()
    for t, suffix in (("float", "f"), ("double", ""))
)
