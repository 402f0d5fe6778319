"""sin, cos and tan.

The angle modulo a quarter turn (see `reduction`) has polynomials for sine and cosine, of which the number of quarters
chooses one and its sign. In float64 the angle's second part enters to first order. The polynomials stand in
tools/minimax.py.
"""

from __future__ import annotations

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single
from autograph.backends.native.math.reduction import reduce_double, reduce_single

_SIN_SINGLE = (-0.166666546002774, 0.008332160162787506, -0.00019515200251926507)
_COS_SINGLE = (0.04166664566664607, -0.0013887315441831177, 2.4433062320962306e-05)
_SIN_SHORT = (-0.16666666640770597, 0.008333329301757153, -0.00019839311271600796, 2.7181120676822665e-06)
_COS_SHORT = (0.04166666661944314, -0.0013888883495955973, 2.4799459073171896e-05, -2.7205665134979516e-07)
_SIN_LONG = (
    -0.1666666666666663, 0.008333333333322104, -0.0001984126982957763, 2.755731361710374e-06, -2.505074707028607e-08,
    1.5896188796526474e-10,
)  # fmt: skip
_COS_LONG = (
    0.041666666666666595, -0.0013888888888873036, 2.4801587288838578e-05, -2.755731417540331e-07,
    2.087570029950903e-09, -1.1358507773848436e-11,
)  # fmt: skip


def _odd(x: Lane, coefficients: tuple[float, ...]) -> Lane:
    square = x * x
    return (square * x).fma(square.polynomial(coefficients), x)


def _even(x: Lane, coefficients: tuple[float, ...]) -> Lane:
    square = x * x
    return square.fma(square.fma(square.polynomial(coefficients), -0.5), 1)


def _chosen(sine: Lane, cosine: Lane, quarters: Lane) -> Lane:
    """The sine after so many quarter turns."""
    found = (quarters & 1).equals(0).select(sine, cosine)
    sign = (quarters & 2) << (62 if quarters.wide else 30)
    return (found.bits() ^ sign).float_of_bits()


def _single(x: Lane, ahead: int) -> Lane:
    angle, quarters = reduce_single(x.double())
    short = angle.single()
    return _chosen(_odd(short, _SIN_SINGLE), _even(short, _COS_SINGLE), (quarters + ahead).low())


def _double(x: Lane) -> tuple[Lane, Lane, Lane]:
    """Sine and cosine of the angle that remains, and the quarters."""
    angle, rest, quarters = reduce_double(x)
    square = angle * angle
    half = square * 0.5
    lead = 1 - half
    sine = angle + (square * angle).fma(square.polynomial(_SIN_LONG), rest * lead)
    small = (square * square).fma(square.polynomial(_COS_LONG), -(angle * rest))
    return sine, lead + (((1 - lead) - half) + small), quarters


@single("sin")
def sin_single(x: Lane) -> Lane:
    return x.equals(0.0).select(x, _single(x, 0))


@single("cos")
def cos_single(x: Lane) -> Lane:
    return _single(x, 1)


@single("tan")
def tan_single(x: Lane) -> Lane:
    angle, quarters = reduce_single(x.double())
    sine, cosine = _odd(angle, _SIN_SHORT), _even(angle, _COS_SHORT)
    return x.equals(0.0).select(x, _tangent(sine, cosine, quarters).single())


@double("sin")
def sin_double(x: Lane) -> Lane:
    return _or_small(x, _chosen(*_double(x)))


@double("cos")
def cos_double(x: Lane) -> Lane:
    sine, cosine, quarters = _double(x)
    return (abs(x) < 2.0**-30).select(x.constant(1.0), _chosen(sine, cosine, quarters + 1))


@double("tan")
def tan_double(x: Lane) -> Lane:
    return _or_small(x, _tangent(*_double(x)))


def _or_small(x: Lane, found: Lane) -> Lane:
    """What is found, or x itself where that is the nearest: for angles whose products are denormal, and for -0."""
    return (abs(x) < 2.0**-30).select(x, found)


def _tangent(sine: Lane, cosine: Lane, quarters: Lane) -> Lane:
    even = (quarters & 1).equals(0)
    return even.select(sine, -cosine) / even.select(cosine, sine)
