"""hypot, logaddexp, logaddexp2, and the number next to another."""

from __future__ import annotations

import math

from autograph.backends.native.math.exponentials import LONG, SHORT, Grade, exp2_of, exp_of
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single
from autograph.backends.native.math.logarithms import log1p_of


@single("hypot", 2)
def hypot_single(x: Lane, y: Lane) -> Lane:
    wide, other = x.double(), y.double()
    return _infinite(x, y, wide.fma(wide, other * other).sqrt().single())


@double("hypot", 2)
def hypot_double(x: Lane, y: Lane) -> Lane:
    """Both are divided by the larger's power of two, so that no square is infinite or denormal."""
    first, second = abs(x), abs(y)
    swapped = first < second
    large, small = swapped.select(second, first), swapped.select(first, second)
    exponent = (large.bits() & (0x7FF << 52)).above(1 << 52).below(2045 << 52)
    scale = ((2046 << 52) - exponent).float_of_bits()
    one, other = large * scale, small * scale
    return _infinite(x, y, one.fma(one, other * other).sqrt() * exponent.float_of_bits())


def _infinite(x: Lane, y: Lane, found: Lane) -> Lane:
    """Infinity if either is infinite, even where the other is not a number."""
    either = abs(x).equals(math.inf) | abs(y).equals(math.inf)
    return either.select(found.constant(math.inf), found)


def _logaddexp(x: Lane, y: Lane, grade: Grade, base_two: bool = False) -> Lane:
    apart = x - y
    larger = (apart > 0.0).select(x, y)
    less = -abs(apart)
    if grade is SHORT:
        less = less.above(-200.0)  # below, it would be slow, and is 0 as a float32
    more = log1p_of((exp2_of if base_two else exp_of)(less, grade), grade is SHORT)
    found = larger + (more * (1 / math.log(2)) if base_two else more)
    # Equal infinities have no difference.
    return x.equals(y).select(x + (1.0 if base_two else math.log(2)), found)


@single("logaddexp", 2)
def logaddexp_single(x: Lane, y: Lane) -> Lane:
    return _logaddexp(x.double(), y.double(), SHORT).single()


@double("logaddexp", 2)
def logaddexp_double(x: Lane, y: Lane) -> Lane:
    return _logaddexp(x, y, LONG)


@single("logaddexp2", 2)
def logaddexp2_single(x: Lane, y: Lane) -> Lane:
    return _logaddexp(x.double(), y.double(), SHORT, base_two=True).single()


@double("logaddexp2", 2)
def logaddexp2_double(x: Lane, y: Lane) -> Lane:
    return _logaddexp(x, y, LONG, base_two=True)


def _nextafter(x: Lane, y: Lane) -> Lane:
    """Numbers of one sign are ordered as their bits are."""
    bits = x.bits()
    up = (y > x) ^ (x < 0.0)
    moved = bits + up.select(bits.constant(1), -1)
    least = bits.constant(1).float_of_bits().signed_as(y)
    found = x.equals(0.0).select(least, moved.float_of_bits())
    nan = x.is_nan().select(x, y.is_nan().select(y, found))
    return x.equals(y).select(y, nan)


@single("nextafter", 2)
def nextafter_single(x: Lane, y: Lane) -> Lane:
    return _nextafter(x, y)


@double("nextafter", 2)
def nextafter_double(x: Lane, y: Lane) -> Lane:
    return _nextafter(x, y)
