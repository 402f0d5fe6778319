"""pow: exp(y log(x)), with the logarithm in float64 for float32, and in two parts of float64 for float64.

log(x) = n log 2 + 2 s + 2/3 s**3 + s**5 Q(s**2), s = f / (2 + f), x = 2**n (1 + f): all but the last term are found
in two parts, so that about 66 bits are right, of which the product with y costs 10. (T. J. Dekker, A floating-point
technique for extending the available precision, Numerische Mathematik 18, 1971.) Q stands in tools/minimax.py.
"""

from __future__ import annotations

import math

from autograph.backends.native.math.exponentials import LONG, SHORT, exp_of, exp_of_two
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single
from autograph.backends.native.math.logarithms import guarded, log_short, split

_REST = (
    0.4000000000000225,
    0.2857142857010315,
    0.22222222519294588,
    0.18181784421221936,
    0.15386754878163061,
    0.1325687399750276,
    0.13195814335085512,
)
_LOG2 = (float.fromhex("0x1.62e42fefa4p-1"), float.fromhex("-0x1.8432a1b0e2634p-43"))
_TWO_THIRDS = (float.fromhex("0x1.5555555555555p-1"), float.fromhex("0x1.5555555555555p-55"))


def _log_in_two(x: Lane) -> tuple[Lane, Lane]:
    """log(x) of a positive number in two parts."""
    n, m = split(x)
    f, whole = m - 1, m + 1
    whole_rest = m - (whole - 1)
    inverse = 1 / whole
    s = f * inverse
    s_rest = ((-s).fma(whole, f) - s * whole_rest) * inverse
    square = s * s
    square_rest = (s + s).fma(s_rest, s.fma(s, -square))
    cube = square * s
    cube_rest = s.fma(square_rest, square.fma(s_rest, square.fma(s, -cube)))
    third = cube * _TWO_THIRDS[0]
    third_rest = cube_rest.fma(_TWO_THIRDS[0], cube.fma(_TWO_THIRDS[1], cube.fma(_TWO_THIRDS[0], -third)))
    rest = (cube * square).fma(square.polynomial(_REST), s_rest.fma(2.0, third_rest))
    first, second = n * _LOG2[0], s + s
    sum_ = first + second
    total = sum_ + third
    low = ((first - sum_) + second) + ((sum_ - total) + third) + n.fma(_LOG2[1], rest)
    high = total + low
    return high, (total - high) + low


def _signed(x: Lane, y: Lane, found: Lane) -> Lane:
    """The power of x, given that of |x|: its sign, and the cases in which it is none or 1."""
    half = y * 0.5
    whole, even = y.rint().equals(y), half.rint().equals(half)
    odd = whole & (even ^ 1)
    negative = (x.bits() < 0) & odd
    found = negative.select(-found, found)
    none = ((x < 0.0) & (x > -math.inf)) & (whole ^ 1)
    found = none.select(found.constant(math.nan), found)
    one = y.equals(0.0) | x.equals(1.0) | (x.equals(-1.0) & abs(y).equals(math.inf))
    nan = x.is_nan().select(x, y.is_nan().select(y, found))
    return one.select(found.constant(1.0), nan)


@single("pow", 2)
def pow_single(x: Lane, y: Lane) -> Lane:
    size = abs(x.double())
    found = exp_of((guarded(size, log_short(size)) * y.double()).below(200.0).above(-200.0), SHORT)
    return _signed(x, y, found.single())


@double("pow", 2)
def pow_double(x: Lane, y: Lane) -> Lane:
    size = abs(x)
    high, low = _log_in_two(size)
    high = guarded(size, high)
    product = high * y
    rest = low.fma(y, high.fma(y, -product))
    # Beyond the range of exp the rest may be anything.
    rest = (abs(product) < 800.0).select(rest, 0.0)
    return _signed(x, y, exp_of_two(product, rest, LONG))
