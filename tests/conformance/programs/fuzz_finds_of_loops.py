"""Programs that random loops, lists and comparisons found to differ from plain Python once, reduced."""

import numpy as np

from tests.conformance.programs.fuzz_finds import squares
from tests.conformance.values import f

i = np.int64


def ranges_between_small_integers(k, u):
    ys, count = [], 0
    for i in range(2, k):
        count += 1
    for i in range(5, u):
        count += 1000
    for i in range(k, -120, -120):
        ys.append(i * 1000)
    for i in range(0, 250, u):
        ys.append(i * 1000)
    for place, i in enumerate(range(u, u + 5), k):
        ys.append(place * 1000 - i)
    return count, ys


def removed_by_place(n, k):
    ys = squares(n)
    zs = squares(n)
    del zs[k]
    return ys.pop(k), ys, zs, len([k, n] * k)


def deleted(n, k):
    ys = squares(n)
    del ys[k]
    del ys[-1]
    return ys


def popped_in_front_of_the_first(n):
    ys = squares(n)
    return ys.pop(-5), ys


def changed_before_a_certain_raise(n, x):
    ys, d, count = [], {"u": 0}, 0
    try:
        for k in range(n):
            count += 1
            ys.append(x)
            if k > 1:
                d["u"] = k
                ys.append(x + 1)
                raise KeyError(k)
    except KeyError:
        count += 10
    try:
        if n > 0:
            d["v"] = 1
            ys.append(x * 2)
            raise ValueError(n)
    except ValueError:
        count += 100
    return ys, d["u"], len(d), count


def stored_in_an_empty_list(n, x):
    ys, zs, count = [], [], 0
    try:
        for k in range(n):
            ys.append(x)
            zs[k] = k
    except Exception:
        count = 1
    for k in range(n - 1):
        ys.append(x)
        zs[k] = 1
    return ys, count


def largest_beside_nan(x, y):
    return max(0, x), max(x, 0.0), min(x, y, 2.0), min(1.5, y, x), max(y, x), max(x, y)


PROGRAMS = [
    (
        ranges_between_small_integers,
        [(np.int8(-128), np.uint8(3)), (np.int8(127), np.uint8(150)), (np.int8(-128), np.uint8(250))],
    ),
    (removed_by_place, [(i(3), np.int8(2)), (i(200), np.int8(-100)), (i(200), np.uint8(150)), (i(3), i(1))]),
    (deleted, [(i(4), i(-4)), (i(4), i(-5)), (i(4), i(4)), (i(1), i(0)), (i(0), i(0)), (i(200), np.int8(-3))]),
    (popped_in_front_of_the_first, [(i(5),), (i(6),), (i(4),), (i(3),), (i(0),)]),
    (changed_before_a_certain_raise, [(i(4), i(1)), (i(0), i(1)), (i(1), i(5))]),
    (stored_in_an_empty_list, [(i(0), i(3)), (i(1), i(3)), (i(2), i(3))]),
    (
        largest_beside_nan,
        [(f(np.nan), f(1)), (f(1), f(np.nan)), (f(-0.0), f(0)), (f(3), f(-2)), (np.float32(-1), f(0))],
    ),
]

NOT_DIFFERENTIABLE = {largest_beside_nan: "a number is NaN"}
