"""exp, exp2, expm1, tanh, sinh and cosh.

All rest on one reduction (W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980): x = n log 2 + r
with n whole and |r| at most half of log 2, so that exp(x) = 2**n exp(r), and exp(r) is a polynomial. log 2 is split in
two, so that n times its first part is exact. Adding 3 * 2**(digits - 1) rounds to a whole number, which is then in the
low bits. The polynomials stand in tools/minimax.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single


@dataclass(frozen=True)
class Grade:
    """How exact an exponential is: the polynomial `(exp(r) - 1 - r) / r**2` and the parts of log 2."""

    polynomial: tuple[float, ...]
    log2_high: float
    log2_low: float


# For float32, in float32.
SINGLE = Grade(
    (0.49999993403557286, 0.16666519973650024, 0.04166839576772099, 0.008368796675354888, 0.0013814434614592454),
    float.fromhex("0x1.62e4p-1"), float.fromhex("0x1.7f7d1cf79abcap-20"),
)  # fmt: skip
# For float32, in float64.
SHORT = Grade(
    (0.5000000068128033, 0.16666665863466265, 0.041666293298985774, 0.008333497829878855, 0.0013944783863019858,
     0.00019790217817315645),
    math.log(2), 0.0,
)  # fmt: skip
# For float64.
LONG = Grade(
    (0.5, 0.16666666666666682, 0.04166666666666609, 0.008333333333316886, 0.0013888888889117689,
     0.00019841269896757308, 2.4801586924082112e-05, 2.7557234480966643e-06, 2.7557583039251157e-07,
     2.511217209782041e-08, 2.082651325264223e-09),
    float.fromhex("0x1.62e42fefa4p-1"), float.fromhex("-0x1.8432a1b0e2634p-43"),
)  # fmt: skip


@dataclass(frozen=True)
class Reduced:
    """An operand's n and r, and the same n in the low bits of an integer, plus what that is for 0."""

    n: Lane
    r: Lane
    bits: Lane
    zero: int


def reduce(x: Lane, grade: Grade) -> Reduced:
    """Splits x, which must not be so large that n leaves the exponent's range twice."""
    digits, zero = (52, 0x4338000000000000) if x.wide else (23, 0x4B400000)
    magic = 1.5 * 2.0**digits
    shifted = x.fma(1 / math.log(2), magic)
    n = shifted - magic
    r = n.fma(-grade.log2_high, x)
    if grade.log2_low:
        r = n.fma(-grade.log2_low, r)
    return Reduced(n, r, shifted.bits(), zero)


def power_of_two(reduced: Reduced) -> Lane:
    """2**n as a number, for n of normal numbers."""
    digits, bias = (52, 1023) if reduced.bits.wide else (23, 127)
    return ((reduced.bits - (reduced.zero - bias)) << digits).float_of_bits()


def scaled(x: Lane, reduced: Reduced, less: int = 0) -> Lane:
    """`x * 2**(n - less)` with one rounding, also where that is denormal or infinite: in two steps of half of n."""
    digits, bias = (52, 1023) if reduced.bits.wide else (23, 127)
    both = reduced.bits - (reduced.zero - 2 * bias + less)
    half = both.shifted_down(1)
    return x * (half << digits).float_of_bits() * ((both - half) << digits).float_of_bits()


def small_exp(reduced: Reduced, grade: Grade) -> Lane:
    """exp(r)."""
    r = reduced.r
    return (r * r).fma(r.polynomial(grade.polynomial), r) + 1


def exp_of(x: Lane, grade: Grade, less: int = 0) -> Lane:
    """`exp(x) / 2**less`, for all x."""
    low, high = (-746.0, 712.0) if x.wide else (-104.0, 91.0)
    reduced = reduce(x.below(high).above(low), grade)
    return scaled(small_exp(reduced, grade), reduced, less)


def exp_of_two(x: Lane, rest: Lane, grade: Grade) -> Lane:
    """exp of a number in two parts, of which the second is tiny."""
    reduced = reduce(x.below(712.0).above(-746.0), grade)
    reduced = replace(reduced, r=reduced.r + rest)
    return scaled(small_exp(reduced, grade), reduced)


def expm1_of(x: Lane) -> tuple[Lane, Lane]:
    """`exp(x) - 1` for doubles x from -50 to 709, in two parts of which the second is small; 0 loses its sign."""
    reduced = reduce(x, LONG)
    scale = power_of_two(reduced)
    return grown(x, reduced, scale, scale - 1)


def grown(x: Lane, reduced: Reduced, scale: Lane, base: Lane) -> tuple[Lane, Lane]:
    """`scale * (exp(r) - 1) + base` for an exact base, in two parts."""
    r = reduced.r
    # What r lost, and what the sum of the two large terms loses, goes with the small ones.
    lost = reduced.n.fma(-LONG.log2_low, reduced.n.fma(-LONG.log2_high, x) - r)
    small = (r * r).fma(r.polynomial(LONG.polynomial), lost)
    large = r.fma(scale, base)
    rest = small.fma(scale, r.fma(scale, base - large))
    total = large + rest
    return total, (large - total) + rest


def expm1_short(x: Lane) -> Lane:
    """`exp(x) - 1` for doubles x from -50 to 709, good for float32; 0 loses its sign."""
    reduced = reduce(x, SHORT)
    scale = power_of_two(reduced)
    r = reduced.r
    return (r * r).fma(r.polynomial(SHORT.polynomial), r).fma(scale, scale - 1)


@single("exp")
def exp_single(x: Lane) -> Lane:
    return exp_of(x, SINGLE)


@double("exp")
def exp_double(x: Lane) -> Lane:
    return exp_of(x, LONG)


def exp2_of(x: Lane, grade: Grade) -> Lane:
    """2**x for all x: what is left of a whole number is exact."""
    low, high = (-1080.0, 1025.0) if x.wide else (-152.0, 129.0)
    x = x.below(high).above(low)
    digits, zero = (52, 0x4338000000000000) if x.wide else (23, 0x4B400000)
    shifted = x + 1.5 * 2.0**digits
    n = shifted - 1.5 * 2.0**digits
    reduced = Reduced(n, (x - n) * math.log(2), shifted.bits(), zero)
    return scaled(small_exp(reduced, grade), reduced)


@single("exp2")
def exp2_single(x: Lane) -> Lane:
    return exp2_of(x, SINGLE)


@double("exp2")
def exp2_double(x: Lane) -> Lane:
    return exp2_of(x, LONG)


@single("expm1")
def expm1_single(x: Lane) -> Lane:
    return expm1_short(x.double().below(100.0).above(-30.0)).single().signed_as(x)


@double("expm1")
def expm1_double(x: Lane) -> Lane:
    limited = x.below(710.0).above(-50.0)
    reduced = reduce(limited, LONG)
    # Half of it, and that twice, since 2**1024 is no number.
    half = scaled(x.constant(1.0), reduced, 1)
    return (grown(limited, reduced, half, half - 0.5)[0] * 2).signed_as(x)


_TANH = (-0.3333329800208397, 0.13331924125287042, -0.053783830121491516, 0.020795971061458186, -0.005895157325185288)


@single("tanh")
def tanh_single(x: Lane) -> Lane:
    """A polynomial near 0, and `1 - 2 / (exp(2 x) + 1)`, which is exact enough elsewhere."""
    size = abs(x)
    square = x * x
    near = (square * size).fma(square.polynomial(_TANH), size)
    reduced = reduce((size + size).below(20.0), SINGLE)
    more = small_exp(reduced, SINGLE).fma(power_of_two(reduced), 1.0)
    return (size < 0.6).select(near, 1 - 2 / more).signed_as(x)


@double("tanh")
def tanh_double(x: Lane) -> Lane:
    """`y / (y + 2)` for y = exp(2 |x|) - 1 in two parts."""
    size = abs(x)
    y, y_rest = expm1_of((size + size).below(50.0))
    below = y + 2
    below_rest = (2 - below) + y + y_rest
    inverse = 1 / below
    found = y * inverse
    left = (-found).fma(below, y) + (y_rest - found * below_rest)
    return left.fma(inverse, found).signed_as(x)


@single("sinh")
def sinh_single(x: Lane) -> Lane:
    y = expm1_short(abs(x.double()).below(100.0))
    return ((y + y / (y + 1)) * 0.5).single().signed_as(x)


@double("sinh")
def sinh_double(x: Lane) -> Lane:
    size = abs(x)
    y, y_rest = expm1_of(size.below(40.0))
    near = (y + (y / (y + 1) + y_rest)) * 0.5
    return (size < 22.0).select(near, exp_of(size, LONG, 1)).signed_as(x)


@single("cosh")
def cosh_single(x: Lane) -> Lane:
    y = exp_of(abs(x.double()).below(100.0), SHORT)
    return ((y + 1 / y) * 0.5).single()


@double("cosh")
def cosh_double(x: Lane) -> Lane:
    half = exp_of(abs(x), LONG, 1)
    return half + 0.25 / half
