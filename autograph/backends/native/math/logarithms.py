"""log, log2, log10 and log1p.

x = 2**n (1 + f) with 1 + f between the roots of 1/2 and 2, so that log(x) = n log 2 + log(1 + f), where log(1 + f) is
a polynomial in f in float32. In float64, which needs more terms, it is one in s = f / (2 + f), since then
log(1 + f) = 2 atanh(s), and its first terms f - f**2 / 2 are exact in two parts (P. T. P. Tang, Table-driven
implementation of the logarithm function, ACM TOMS 16, 1990, without the table). The polynomials stand in
tools/minimax.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single

_SINGLE = (
    0.3333331260437096, -0.2500000959897797, 0.2000211863962058, -0.16667995853077827, 0.14219552705169655,
    -0.12405589247480844, 0.11888160402921186, -0.11675648854837173, 0.0674664029961159,
)  # fmt: skip
_SHORT = (
    0.3333333339918388, -0.25000001125718363, 0.19999989260209905, -0.16666532459057237, 0.14286179140515134,
    -0.12505713582330413, 0.1110547074754667, -0.09889383967700839, 0.0904020091997118, -0.09286954118305249,
    0.09115754302808693, -0.04822601321105164,
)  # fmt: skip
_LONG = (
    0.6666666666666734, 0.39999999999416375, 0.2857142874201526, 0.22222198610817173, 0.18183562403201284,
    0.15314098887027336, 0.14795474636355305,
)  # fmt: skip
# log 2 in two parts; n times the first is exact.
_LOG2_SINGLE = (float.fromhex("0x1.62e4p-1"), float.fromhex("0x1.7f7d1cf79abcap-20"))
_LOG2 = (float.fromhex("0x1.62e42fefa4p-1"), float.fromhex("-0x1.8432a1b0e2634p-43"))


@dataclass(frozen=True)
class Base:
    """What log(1 + f) is multiplied with, in two parts, and what n is, in two parts of which the first is short."""

    factor: float
    factor_rest: float
    step: float
    step_rest: float


TWO = Base(float.fromhex("0x1.71547652b82fep+0"), float.fromhex("0x1.777d0ffda0d24p-56"), 1.0, 0.0)
TEN = Base(
    float.fromhex("0x1.bcb7b1526e50ep-2"), float.fromhex("0x1.95355baaafad3p-57"),
    float.fromhex("0x1.34413509f8p-2"), float.fromhex("-0x1.80433b83b532ap-44"),
)  # fmt: skip


def split(x: Lane, denormals: bool = True) -> tuple[Lane, Lane]:
    """A positive number's n and 1 + f, both floats."""
    digits, least, root = (52, 2.0**-1022, 0x3FE6A09E667F3BCD) if x.wide else (23, 2.0**-126, 0x3F3504F3)
    if denormals:
        denormal = x < least
        x = denormal.select(x * 2.0**digits, x)
    moved = x.bits() - root
    if x.wide:
        # As 2**52 plus something, for want of a fast conversion of long integers.
        field = (moved + (1024 << 52)).shifted_down(52)
        n = (field | 0x4330000000000000).float_of_bits() - (2.0**52 + 1024)
    else:
        n = (moved >> 23).to_float("float")
    if denormals:
        n = denormal.select(n - float(digits), n)
    return n, ((moved & (2**digits - 1)) + root).float_of_bits()


def guarded(x: Lane, found: Lane) -> Lane:
    """The logarithm of x, with minus infinity at 0, infinity at infinity and none below 0."""
    edge = x.equals(0.0).select(x.constant(-math.inf), (x > 0.0).select(x.constant(math.inf), math.nan))
    return (x > 0.0).select((x < math.inf).select(found, edge), edge)


@single("log")
def log_single(x: Lane) -> Lane:
    n, m = split(x)
    return guarded(x, _joined_single(n, m - 1))


def _joined_single(n: Lane, f: Lane) -> Lane:
    """n log 2 + log(1 + f)."""
    rest = (f * f).fma(f.fma(f.polynomial(_SINGLE), -0.5), n * _LOG2_SINGLE[1])
    return n.fma(_LOG2_SINGLE[0], f + rest)


def log_short(x: Lane) -> Lane:
    """log(x) in float64 for x > 0 that is not denormal, good for float32; relatively so near 1 too."""
    n, m = split(x, denormals=False)
    return n.fma(math.log(2), log1p_short(m - 1))


def log1p_short(f: Lane) -> Lane:
    """log(1 + f) for 1 + f between the roots, good for float32."""
    return (f * f).fma(f.fma(f.polynomial(_SHORT), -0.5), f)


def log1p_long(f: Lane) -> tuple[Lane, Lane]:
    """log(1 + f) for 1 + f between the roots, good for float64, in two parts: the first is f less half its square."""
    s = f / (f + 2)
    z = s * s
    half = f * f * 0.5
    main = f - half
    rest = s * z.fma(z.polynomial(_LONG), half)
    return main, rest + ((f - main) - half)


@double("log")
def log_double(x: Lane) -> Lane:
    n, m = split(x)
    main, rest = log1p_long(m - 1)
    return guarded(x, n.fma(_LOG2[0], main + n.fma(_LOG2[1], rest)))


def _in_base(x: Lane, base: Base) -> Lane:
    n, m = split(x)
    main, rest = log1p_long(m - 1)
    product = main * base.factor
    lost = main.fma(base.factor, -product)
    low = rest.fma(base.factor, main.fma(base.factor_rest, lost))
    if base.step_rest:
        low = n.fma(base.step_rest, low)
    step = n * base.step
    high = step + product
    return guarded(x, high + (((step - high) + product) + low))


@double("log2")
def log2_double(x: Lane) -> Lane:
    return _in_base(x, TWO)


@double("log10")
def log10_double(x: Lane) -> Lane:
    return _in_base(x, TEN)


@single("log2")
def log2_single(x: Lane) -> Lane:
    n, m = split(x.double(), denormals=False)
    return guarded(x, log1p_short(m - 1).fma(1 / math.log(2), n).single())


@single("log10")
def log10_single(x: Lane) -> Lane:
    n, m = split(x.double(), denormals=False)
    return guarded(x, (log1p_short(m - 1).fma(1 / math.log(10), n * math.log10(2))).single())


def log1p_of(x: Lane, short: bool, halvings: Lane | None = None) -> Lane:
    """log(1 + x), plus so many times log 2, for doubles.

    1 + x is 2**n (1 + f), of which f is found from x itself, without what 1 + x loses.
    """
    whole, n, f = _split_of_one_more(x)
    if halvings is not None:
        n = n + halvings
    if short:
        return guarded(whole, n.fma(math.log(2), log1p_short(f)))
    main, rest = log1p_long(f)
    return guarded(whole, n.fma(_LOG2[0], main + n.fma(_LOG2[1], rest)))


def _split_of_one_more(x: Lane) -> tuple[Lane, Lane, Lane]:
    """1 + x, and its n and f."""
    whole = x + 1
    n, m = split(whole, denormals=False)
    scale = (m.bits() - whole.bits() + (1023 << 52 if x.wide else 127 << 23)).float_of_bits()
    return whole, n, (x < 2.0**60).select(x.fma(scale, scale - 1), m - 1)


@single("log1p")
def log1p_single(x: Lane) -> Lane:
    whole, n, f = _split_of_one_more(x)
    return guarded(whole, _joined_single(n, f)).signed_as(x)


@double("log1p")
def log1p_double(x: Lane) -> Lane:
    return log1p_of(x, False).signed_as(x)
