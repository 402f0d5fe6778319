"""Python's numbers where tensors decide them: ranges, the functions of `math`, and what they complain about."""

import math

import numpy as np

from tests.conformance.values import f

i, i8 = np.int64, np.int8


def whole_part(x):
    return int(x), math.trunc(x)


def rounded(x):
    return round(x), math.floor(x), math.ceil(x)


def whole_part_or_none(x):
    try:
        return int(x)
    except (ValueError, OverflowError):
        return None


def roots_and_logarithms(x):
    return math.sqrt(x), math.log(x), math.log2(x), math.log10(x), math.log(x, 3)


def powers_of_e(x):
    return math.exp(x) + math.expm1(x)


def circle(x):
    return math.sin(x), math.cos(x), math.tan(x), math.degrees(x), math.radians(x)


def back_from_the_circle(x):
    return math.asin(x), math.acos(x), math.atan(x), math.atan2(x, 2.0)


def hyperbolic(x):
    return math.sinh(x), math.cosh(x), math.asinh(x), math.atanh(x)


def lengths_and_powers(x, y):
    return math.hypot(x, y), math.copysign(x, y), math.pow(x, 2), math.fabs(x)


def is_a_number(x):
    return math.isnan(x), math.isinf(x), math.isfinite(x)


def root_if_there_is_one(x):
    try:
        return math.sqrt(x)
    except ValueError:
        return -1.0


def counter_meets_int8(x, n):
    k = 0
    for j in range(n):
        k = j
    return x + k, x * 0 - k


def doubled_meets_int8(x, n):
    k = 100
    for _ in range(n):
        k = k * 2
    return k - x


def counter_compared_with_int8(x, n):
    k = 0
    for _ in range(n):
        k += 100
    return x < k, x == k, k != x


def counter_stored_in_int8(v, n):
    k = 0
    for _ in range(n):
        k += 100
    v[0] = k
    return v


def negative_meets_unsigned(x, n):
    k = 0
    for _ in range(n):
        k -= 1
    return x + k


def places_in_a_tuple(x):
    t = (1, 2, x)
    return t.index(x), t.count(1), t.count(x)


def place_or_minus_one(xs, x):
    ys = [y * 2 for y in xs]
    try:
        return ys.index(x)
    except ValueError:
        return -1


_bytes = [(i8(3), i(2)), (i8(100), i(130))]

PROGRAMS = [
    (whole_part, [(f(2.7),), (f(-2.7),), (f("nan"),), (f("inf"),), (f("-inf"),)]),
    (rounded, [(f(2.5),), (f(-3.5),), (f("nan"),), (f("inf"),)]),
    (whole_part_or_none, [(f(2.7),), (f("nan"),), (f("inf"),)]),
    (roots_and_logarithms, [(f(4),), (f(0),), (f(-1),), (f("inf"),), (f("nan"),)]),
    (powers_of_e, [(f(4),), (f(1000),), (f("inf"),), (f("nan"),)]),
    (circle, [(f(4.5),), (f("inf"),)]),
    (back_from_the_circle, [(f(0.5),), (f(2),)]),
    (hyperbolic, [(f(0.5),), (f(1),), (f(1000),)]),
    (lengths_and_powers, [(f(3), f(-4)), (f(1e300), f(1))]),
    (is_a_number, [(f(3),), (f("nan"),), (f("-inf"),)]),
    (root_if_there_is_one, [(f(4),), (f(-4),)]),
    (counter_meets_int8, _bytes),
    (doubled_meets_int8, [(i8(3), i(0)), (i8(3), i(3))]),
    (counter_compared_with_int8, [(i8(44), i(3)), (i8(100), i(1)), (np.uint8(44), i(3))]),
    (counter_stored_in_int8, [(np.zeros(2, i8), i(1)), (np.zeros(2, i8), i(2))]),
    (negative_meets_unsigned, [(np.uint8(44), i(3)), (np.uint64(44), i(3)), (np.uint8(44), i(0))]),
    (places_in_a_tuple, [(i(2),), (i(7),)]),
    (place_or_minus_one, [(np.array([1, 2, 3]), i(4)), (np.array([1, 2, 3]), i(3))]),
]

NOT_DIFFERENTIABLE = {
    roots_and_logarithms: "of infinity",
    powers_of_e: "of infinity",
}
