"""asinh, acosh and atanh, as logarithms of 1 plus something that is exact for small operands too.

Source: W. Kahan, Branch cuts for complex elementary functions, 1987.
"""

from __future__ import annotations

import math

from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single
from autograph.backends.native.math.logarithms import log1p_of

# From here on the logarithm of twice the operand is as good, and squares of larger numbers may be infinite.
_LARGE = 2.0**100


def _asinh(x: Lane, short: bool) -> Lane:
    size = abs(x)
    square = size * size
    large = size > _LARGE
    small = size + square / (1 + (square + 1).sqrt())
    return log1p_of(large.select(size, small), short, large.select(x.constant(1.0), 0.0)).signed_as(x)


def _acosh(x: Lane, short: bool) -> Lane:
    beyond = x - 1
    large = x > _LARGE
    small = beyond + (beyond * (beyond + 2)).sqrt()
    found = log1p_of(large.select(x, small), short, large.select(x.constant(1.0), 0.0))
    return (x < 1.0).select(x.constant(math.nan), found)


def _atanh(x: Lane, short: bool) -> Lane:
    size = abs(x)
    return (log1p_of((size + size) / (1 - size), short) * 0.5).signed_as(x)


@single("asinh")
def asinh_single(x: Lane) -> Lane:
    return _asinh(x.double(), True).single()


@double("asinh")
def asinh_double(x: Lane) -> Lane:
    return _asinh(x, False)


@single("acosh")
def acosh_single(x: Lane) -> Lane:
    return _acosh(x.double(), True).single()


@double("acosh")
def acosh_double(x: Lane) -> Lane:
    return _acosh(x, False)


@single("atanh")
def atanh_single(x: Lane) -> Lane:
    return _atanh(x.double(), True).single()


@double("atanh")
def atanh_double(x: Lane) -> Lane:
    return _atanh(x, False)
