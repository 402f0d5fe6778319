"""asin, acos, atan and atan2.

The arctangent of a ratio is that of a ratio of at most tan(pi/8), where it is a polynomial: a larger one is turned by
pi/4 or pi/2, so that its tangent is that of a difference of angles, with one division for all cases. The arcsine is a
polynomial up to 1/2, and beyond it pi/2 less twice the arcsine of sqrt((1 - x) / 2). (W. J. Cody, W. Waite, Software
Manual for the Elementary Functions, 1980.) The polynomials stand in tools/minimax.py.
"""

from __future__ import annotations

import math

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single

_ATAN_SHORT = (
    -0.3333333249896545, 0.19999903893172155, -0.1428200732164036, 0.11044686077559672, -0.08476237544405568,
    0.047439814489309166,
)  # fmt: skip
_ATAN_LONG = (
    -0.33333333333333326, 0.1999999999999765, -0.142857142853859, 0.1111111108806571, -0.09090908141103021,
    0.07692282693699685, -0.06666225963623623, 0.05877015486354058, -0.05218372272904148, 0.045034503137990275,
    -0.03347281868683772, 0.015194112747777409,
)  # fmt: skip
_ASIN_SHORT = (
    0.16666667180256167, 0.07499948897838749, 0.044659972106491044, 0.030112525993185292, 0.024604708606201384,
    0.007509483055598806, 0.03464631757731545,
)  # fmt: skip
_ASIN_LONG = (
    0.16666666666665408, 0.0750000000033701, 0.044642856828333, 0.030381959136767386, 0.02237175805538934,
    0.017359704685574618, 0.013885236270848806, 0.01216920610224117, 0.0065280001478048, 0.019528195375816296,
    -0.01622414167267602, 0.03191219325180759,
)  # fmt: skip
_QUARTER, _QUARTER_REST = math.pi / 2, float.fromhex("0x1.1a62633145c07p-54")


def _ratio_angle(small: Lane, large: Lane, coefficients: tuple[float, ...]) -> tuple[Lane, Lane]:
    """The angle of two sides, the smaller first, in two parts; of two zeros it is 0."""
    turned = small > large * (math.sqrt(2) - 1)
    # The side 1 instead of 0 keeps 0 / 0 away.
    over = turned.select(small - large, small)
    under = turned.select(small + large, large.equals(0.0).select(large.constant(1.0), large))
    z = over / under
    square = z * z
    rest = square * z * square.polynomial(coefficients)
    eighth = turned.select(z.constant(_QUARTER / 2), 0.0)
    high = eighth + z
    return high, ((eighth - high) + z) + (rest + turned.select(z.constant(_QUARTER_REST / 2), 0.0))


def _angle(small: Lane, large: Lane, turns: Lane, backwards: Lane, coefficients: tuple[float, ...]) -> Lane:
    """The angle of two sides behind, or before, so many quarter turns."""
    high, low = _ratio_angle(small, large, coefficients)
    sign = backwards.select(high.constant(-1.0), 1.0)
    base = turns * _QUARTER
    total = high.fma(sign, base)
    return total + low.fma(sign, turns.fma(_QUARTER_REST, high.fma(sign, base - total)))


def _atan(x: Lane, coefficients: tuple[float, ...]) -> Lane:
    size = abs(x)
    one = x.constant(1.0)
    steep = size > 1.0
    found = _angle(steep.select(one, size), steep.select(size, one), steep.select(one, 0.0), steep, coefficients)
    return found.signed_as(x)


def _atan2(y: Lane, x: Lane, coefficients: tuple[float, ...]) -> Lane:
    across, along = abs(y), abs(x)
    steep = across > along
    small, large = steep.select(along, across), steep.select(across, along)
    # Two infinities are as good as two ones, and the sum of the largest numbers must not be infinite.
    both = small.equals(math.inf)
    small, large = both.select(small.constant(1.0), small), both.select(large.constant(1.0), large)
    huge = large > 2.0**1000
    small, large = huge.select(small * 2.0**-60, small), huge.select(large * 2.0**-60, large)
    behind = x.bits() < 0
    turns = steep.select(x.constant(1.0), behind.select(x.constant(2.0), 0.0))
    found = _angle(small, large, turns, steep ^ behind, coefficients).signed_as(y)
    return x.is_nan().select(x, y.is_nan().select(y, found))


def _arcsine(x: Lane, coefficients: tuple[float, ...]) -> tuple[Lane, Lane, Lane]:
    """Whether |x| is beyond 1/2, and the arcsine, in two parts, of |x| or, beyond, of sqrt((1 - |x|) / 2)."""
    size = abs(x)
    far = size > 0.5
    square = far.select((1 - size) * 0.5, size * size)
    root = square.sqrt()
    side = far.select(root, size)
    # What the root lost: its square is not quite the square.
    lost = (-root).fma(root, square) * 0.5 / root.equals(0.0).select(root.constant(1.0), root)
    return far, side, (side * square).fma(square.polynomial(coefficients), far.select(lost, 0.0))


def _asin(x: Lane, coefficients: tuple[float, ...]) -> Lane:
    far, high, low = _arcsine(x, coefficients)
    total = high.fma(-2.0, _QUARTER)
    beyond = total + (high.fma(-2.0, _QUARTER - total) + low.fma(-2.0, _QUARTER_REST))
    return far.select(beyond, high + low).signed_as(x)


def _acos(x: Lane, coefficients: tuple[float, ...]) -> Lane:
    far, high, low = _arcsine(x, coefficients)
    behind = x < 0.0
    # Near 0 a quarter turn less the arcsine; beyond, twice that of the root, or a half turn less that.
    factor = far.select(behind.select(x.constant(-2.0), 2.0), behind.select(x.constant(1.0), -1.0))
    turns = far.select(behind.select(x.constant(2.0), 0.0), x.constant(1.0))
    base = turns * _QUARTER
    total = high.fma(factor, base)
    return total + low.fma(factor, turns.fma(_QUARTER_REST, high.fma(factor, base - total)))


@single("atan")
def atan_single(x: Lane) -> Lane:
    return _atan(x.double(), _ATAN_SHORT).single()


@double("atan")
def atan_double(x: Lane) -> Lane:
    return _atan(x, _ATAN_LONG)


@single("atan2", 2)
def atan2_single(y: Lane, x: Lane) -> Lane:
    return _atan2(y.double(), x.double(), _ATAN_SHORT).single()


@double("atan2", 2)
def atan2_double(y: Lane, x: Lane) -> Lane:
    return _atan2(y, x, _ATAN_LONG)


@single("asin")
def asin_single(x: Lane) -> Lane:
    return _asin(x.double(), _ASIN_SHORT).single()


@double("asin")
def asin_double(x: Lane) -> Lane:
    return _asin(x, _ASIN_LONG)


@single("acos")
def acos_single(x: Lane) -> Lane:
    return _acos(x.double(), _ASIN_SHORT).single()


@double("acos")
def acos_double(x: Lane) -> Lane:
    return _acos(x, _ASIN_LONG)
