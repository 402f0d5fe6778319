"""Comparisons, order and searches of structures that hold tensors; generators that are as lazy as Python's."""

import functools
from collections import namedtuple
from dataclasses import dataclass

import numpy as np

i = np.int64
Pair = namedtuple("Pair", "u v")


@dataclass
class Spot:
    x: int
    y: int


def tuples_equal(x):
    t = (x, 2)
    return t == (1, 2), t != (1, 2), (x,) == t, [x] == [1], (x, (1, x)) == (1, (1, 1))


def records_equal(x):
    p, q = Spot(x, 1), Pair(1, x)
    same = 1 if p == Spot(2, 1) else 0
    if q != Pair(1, 2):
        same += 10
    return same, q == (1, 2), {"k": x} == {"k": 2}, {"k": x} == {"j": 2}


def tuples_ordered(x):
    t = (x, 1)
    return t < (2, 0), t <= (2, 1), t > (1, 5), t >= (x, 1, 1), sorted([x, 2, -x])


def grown_lists_equal(n, x):
    ys = []
    for k in range(n):
        ys.append(k)
    return ys == [0, 1, x], ys == [], ys != [0, 1, 2], [0, x] == ys


def optional_equals(x):
    m = None
    if x > 1:
        m = x
    k = m
    if x > 2:
        k = 2
    return m == 2, m != 2, k == m, 1 if m == x else 0


def found_in_views(x):
    d = {"a": x, "b": 3}
    return 3 in d.values(), x in d.values(), 4 in d.values(), "a" in d, x in range(1, 9, 3), (x, 1) in [(2, 1), (3, 1)]


def found_in_items_of_a_range(n, x):
    return x in range(n), x not in range(1, n), any(x == k for k in range(n)), x in [k * k for k in range(n)]


def lazy_any(xs):
    return any(6 // x > 2 for x in xs), all(6 // x > 2 for x in xs)


def filtered(xs, x):
    total = 0
    for y in filter(lambda v: v > x, xs):
        if y > 4:
            break
        total += y
    return total, list(filter(None, xs)), sum(filter(lambda v: v < x, [1, 2, x]))


def lazy_in_loop(xs, x):
    total = 0
    for y in (v * v for v in xs if v != x):
        if y > 20:
            break
        total = total * 2 + y
    return total, max(v - x for v in xs), min([v for v in xs if v > x], default=-1)


def largest_by_key(xs, x):
    return max(xs, key=lambda v: (v - x) * (v - x)), min(x, 2, 3, key=lambda v: -v), max([(x, 1), (2, 5)])


def sorted_numbers(xs, x):
    ys = [y + x for y in xs]
    return sorted(ys), sorted(ys, reverse=True), sorted([x, 1, -x], key=lambda v: v * v), sorted((3, x))


def reduced(xs, x):
    return functools.reduce(lambda a, b: a * 2 + b, xs), functools.reduce(lambda a, b: a + b, [x, 1], 5)


def doubled_or_zero(v):
    if v > 1:
        return v * 2
    return 0


def mapped_function(xs):
    return list(map(doubled_or_zero, xs)), sum(map(doubled_or_zero, [1, 2, 3])), max(xs, key=doubled_or_zero)


def list_of_range(n, x):
    ys = list(range(n))
    ys.append(x)
    return ys, list(range(1, n)), len(list(range(n, 0, -1)))


numbers = np.array([3, 1, 5])
PROGRAMS = [
    (tuples_equal, [(i(1),), (i(3),)]),
    (records_equal, [(i(2),), (i(1),)]),
    (tuples_ordered, [(i(1),), (i(2),), (i(5),)]),
    (grown_lists_equal, [(i(3), i(2)), (i(0), i(1)), (i(2), i(1))]),
    (optional_equals, [(i(0),), (i(2),), (i(4),)]),
    (found_in_views, [(i(2),), (i(3),), (i(7),)]),
    (found_in_items_of_a_range, [(i(3), i(2)), (i(0), i(0)), (i(5), i(4))]),
    (lazy_any, [(np.array([3, 1, 0])[:2],), (np.array([2, 6]),)]),
    (filtered, [(np.array([3, 0, 5, 2]), i(1)), (np.array([4]), i(9))]),
    (lazy_in_loop, [(numbers, i(1)), (numbers, i(3))]),
    (largest_by_key, [(numbers, i(2)), (numbers, i(9))]),
    (sorted_numbers, [(numbers, i(2)), (np.array([2, 2, -1]), i(0))]),
    (reduced, [(numbers, i(2))]),
    (mapped_function, [(numbers,)]),
    (list_of_range, [(i(3), i(7)), (i(0), i(7))]),
]
