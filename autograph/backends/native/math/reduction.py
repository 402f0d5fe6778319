"""Angles modulo a quarter turn, for angles of any size.

An angle x is m 2**k with m whole. Of 2 / pi times x only what is not a multiple of 4 counts; so of 2 / pi itself only
2**k (2 / pi) modulo 4, which is looked up by the exponent (M. Payne, R. Hanek, Radian reduction for trigonometric
functions, SIGNUM Newsletter 18, 1983). Small angles have 2 / pi as it is. The products are exact: in float32 since 24
bits of x and 29 of the first part fit into a double, in float64 with their rounding errors (T. J. Dekker, A
floating-point technique for extending the available precision, Numerische Mathematik 18, 1971).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import table

_QUARTER = float.fromhex("0x1.921fb54442d18p+0")
_QUARTER_REST = float.fromhex("0x1.1a62633145c07p-54")
# Up to this exponent a float32 has 2 / pi as it is; a float64 up to the first multiple of _STEP from it on.
_SINGLE_FIRST, _DOUBLE_FIRST, _STEP = 22, 52, 4
_SINGLE_ROWS = 128 - _SINGLE_FIRST
_DOUBLE_ROWS = (1024 - _DOUBLE_FIRST) // _STEP


@cache
def _two_over_pi(bits: int) -> Fraction:
    """2 / pi, by Machin's formula."""

    def arctangent(inverse: int) -> int:
        total, power, k = 0, (1 << (bits + 32)) // inverse, 0
        while power:
            total += -power // (2 * k + 1) if k % 2 else power // (2 * k + 1)
            power //= inverse * inverse
            k += 1
        return total

    return Fraction(2 << (bits + 32), 4 * (4 * arctangent(5) - arctangent(239)))


def _modulo_4(exponent: int) -> Fraction:
    """2**exponent (2 / pi) modulo 4, between -2 and 2."""
    moved: Fraction = _two_over_pi(1300) * (1 << exponent)
    return (moved + 2) % 4 - 2 if exponent > 0 else moved


@table("turns_single")
def _turns_single() -> list[float]:
    """Two parts for each exponent, as factors of x itself."""
    found = []
    for k in range(_SINGLE_FIRST, 128):
        exponent = max(k - 23, 0)
        whole = _modulo_4(exponent) / 2**exponent
        unit = Fraction(2) ** (math.frexp(float(whole))[1] - 29)
        first = float(whole // unit * unit)
        found += [first, float(whole - Fraction(first))]
    return found


@table("turns_double")
def _turns_double() -> list[float]:
    """Four parts for each fourth exponent, as factors of x divided by two to that exponent."""
    found = []
    for row in range(_DOUBLE_ROWS):
        whole = _modulo_4(_STEP * row)
        for _ in range(4):
            found.append(float(whole))
            whole -= Fraction(found[-1])
    return found


def reduce_single(x: Lane) -> tuple[Lane, Lane]:
    """For a float32 in float64: the angle that remains, at most an eighth of a turn, and how many quarters went."""
    exponent = (x.bits().shifted_down(52) & 0x7FF) - (1023 + _SINGLE_FIRST)
    row = exponent.above(0).below(_SINGLE_ROWS - 1) << 1
    high, low = row.entry("table.turns_single"), (row + 1).entry("table.turns_single")
    product = x * high
    turns, quarters = _rounded(x.fma(low, product))
    return x.fma(low, product - turns) * _QUARTER, quarters


def _rounded(x: Lane) -> tuple[Lane, Lane]:
    """The nearest whole number, and an integer with the same lowest bits, for at most 2**51."""
    shifted = x + 1.5 * 2.0**52
    return shifted - 1.5 * 2.0**52, shifted.bits()


def reduce_double(x: Lane) -> tuple[Lane, Lane, Lane]:
    """The angle that remains in two parts, at most an eighth of a turn, and how many quarters went."""
    exponent = (x.bits().shifted_down(52) & 0x7FF) - (1023 + _DOUBLE_FIRST)
    row = exponent.above(0).below(_STEP * (_DOUBLE_ROWS - 1)).shifted_down(2)
    place = row << 2
    parts = [(place + i).entry("table.turns_double") for i in range(4)]
    x = x * ((1023 - (row << 2)) << 52).float_of_bits()
    (p0, e0), (p1, e1), (p2, e2) = [_product(x, part) for part in parts[:3]]
    # Multiples of 4 go first: p0 may be up to 2**58.
    high, a = _sum((p0 * 0.25).rint().fma(-4.0, p0), e0)
    high, b = _sum(high, p1)
    middle, c = _sum(a, b)
    middle, d = _sum(middle, e1)
    middle, e = _sum(middle, p2)
    turns, quarters = _rounded(high)
    rest, f = _sum(high - turns, middle)
    small = f + (c + d + e + x.fma(parts[3], e2))
    angle = rest * _QUARTER
    lost = rest.fma(_QUARTER, -angle)
    return angle, small.fma(_QUARTER, rest.fma(_QUARTER_REST, lost)), quarters


def _product(x: Lane, y: Lane) -> tuple[Lane, Lane]:
    product = x * y
    return product, x.fma(y, -product)


def _sum(x: Lane, y: Lane) -> tuple[Lane, Lane]:
    """A sum and its rounding error (D. E. Knuth, The Art of Computer Programming 2, 4.2.2)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)
