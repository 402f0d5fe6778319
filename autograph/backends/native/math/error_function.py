"""erf, erfc and the mass of the normal distribution.

erf is a polynomial up to 0.9 and 1 - erfc beyond, for which in float32 `1 - exp(a polynomial)` is enough. erfc(x) is
`exp(P(t) - x**2) / (1 + x / 3)`, t = (x - 3) / (x + 3), for all x from 0 on (after M. Schonfelder, Chebyshev expansions
for the error and related functions, Mathematics of Computation 32, 1978), with x**2 in two parts. The polynomials stand
in tools/minimax.py.
"""

from __future__ import annotations

import math

from autograph.backends.native.math.exponentials import (
    LONG,
    SHORT,
    SINGLE,
    Grade,
    exp_of_two,
    power_of_two,
    reduce,
    small_exp,
)
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single

# Less 1, so that its largest term is exact.
_NEAR = (
    0.1283791667643692, -0.3761263497986061, 0.11283715032915963, -0.02686050846573884, 0.005203859166161016,
    -0.000817563937175494, 8.513104451224776e-05,
)  # fmt: skip
_FAR = (
    -0.00016644813741897843, -1.1277972400613827, -0.6369760882367477, -0.10411367357894667, 0.022315210150780772,
    -0.0030654894443859996, 0.0001982195529572751,
)  # fmt: skip


_NEAR_LONG = (
    0.1283791670955126, -0.37612638903183726, 0.11283791670953704, -0.02686617064480663, 0.0052239776216031816,
    -0.0008548326754918013, 0.00012055321042153143, -1.492529973885681e-05, 1.6455213926450978e-06,
    -1.6275476097675862e-07, 1.4046047386244005e-08, -8.481850547111802e-10,
)  # fmt: skip
_TAIL_SHORT = (
    -1.027215861383994, -0.8225221341347075, 0.21128598226731304, -0.022541177782047526, -0.020113111189005623,
    0.011957902425391622, -8.633507654522988e-05, -0.0028018547405568137, 0.0009394381395200634,
    0.00046475235053415414, -0.0004017786359654863, -6.855064199357996e-05, 0.0001187384953810423,
    3.813510242954432e-05,
)  # fmt: skip
_TAIL_LONG = (
    -1.0272158614211673, -0.8225221340194067, 0.21128598913595004, -0.02254118221768854, -0.020113320406243102,
    0.011957869712945985, -8.396700058728553e-05, -0.0028001963565787453, 0.0009273607516099347,
    0.0004506233764670687, -0.00037525141354211055, -2.1723331866987845e-05, 0.00010671272715809341,
    -1.947750159753521e-05, -2.3855917454521603e-05, 1.0284400913845023e-05, 3.8807270945844224e-06,
    -3.4020890640354125e-06, -2.1199635057603147e-07, 8.833818827523547e-07, -1.430423012400381e-07,
    -1.9361805646462883e-07, 6.279167194945108e-08, 3.778147979292184e-08, -1.0744456221451917e-08,
    -5.328048236022238e-09,
)  # fmt: skip
_HALF_ROOT = math.sqrt(0.5)


@single("erf")
def erf_single(x: Lane) -> Lane:
    size = abs(x).below(4.0)
    near = size.fma((size * size).polynomial(_NEAR), size)
    reduced = reduce(size.polynomial(_FAR), SINGLE)
    far = (-small_exp(reduced, SINGLE)).fma(power_of_two(reduced), 1.0)
    return (size < 0.9).select(near, far).signed_as(x)


@double("erf")
def erf_double(x: Lane) -> Lane:
    size = abs(x).below(6.0)
    near = size.fma((size * size).polynomial(_NEAR_LONG), size)
    return (size < 0.9).select(near, 1 - _tail(size, *_square(size), LONG)).signed_as(x)


@single("erfc")
def erfc_single(x: Lane) -> Lane:
    return _erfc(x.double(), 11.0, SHORT).single()


@double("erfc")
def erfc_double(x: Lane) -> Lane:
    return _erfc(x, 28.0, LONG)


@single("ndtr")
def ndtr_single(x: Lane) -> Lane:
    return _ndtr(x.double(), 15.0, SHORT).single()


@double("ndtr")
def ndtr_double(x: Lane) -> Lane:
    return _ndtr(x, 39.0, LONG)


def _square(x: Lane) -> tuple[Lane, Lane]:
    square = x * x
    return square, x.fma(x, -square)


def _tail(size: Lane, square: Lane, square_rest: Lane, grade: Grade) -> Lane:
    """erfc of a number from 0 on, given also its square in two parts."""
    inverse = 1 / (size + 3)
    rest = ((size - 3) * inverse).polynomial(_TAIL_LONG if grade is LONG else _TAIL_SHORT)
    exponent = rest - square
    # What the sum lost: the larger of the two is first the one, then the other.
    part = exponent + square
    lost = (rest - part) + ((part - exponent) - square)
    return exp_of_two(exponent, lost - square_rest, grade) * (inverse * 3)


def _erfc(x: Lane, most: float, grade: Grade) -> Lane:
    size = abs(x).below(most)
    tail = _tail(size, *_square(size), grade)
    return (x < 0.0).select(2 - tail, tail)


def _ndtr(x: Lane, most: float, grade: Grade) -> Lane:
    """Half of erfc of minus x times the root of 1/2, whose square is known to the last digit."""
    size = abs(x).below(most)
    square, square_rest = _square(size)
    tail = _tail(size * _HALF_ROOT, square * 0.5, square_rest * 0.5, grade) * 0.5
    return (x > 0.0).select(1 - tail, tail)
