"""Python's builtins over tensors."""

import functools
import math

import numpy as np

from tests.conformance.values import empty, f, m23, v3, v4

i = np.int64
ties = np.array([2, 1, 2, 3, 1])


def builtins_mix(xs, x):
    return max(x, 2.0), min(x, 2.0), abs(x), int(x), float(x), len(xs), round(x)


def any_all(xs, x):
    return any(xs > 2), all(xs > 2), any([x > 2, x < 0]), all([x > 2, True])


def any_all_of_generators(xs):
    return any(x > 3 for x in xs), all(x > 0 for x in xs), any([x > 3 for x in xs]), all([x > 0 for x in xs])


def sum_with_start(xs):
    return sum(xs), sum(xs, 10.0), sum([x * x for x in xs if x > 0]), sum(x for x in xs if x < 0)


def sorted_items(xs):
    return sorted(xs), sorted(xs, reverse=True)


def sorted_by_key(xs):
    return sorted(xs, key=lambda x: -x), sorted(xs, key=lambda x: x * x, reverse=True)


def sorted_pairs(xs):
    return [place for place, _ in sorted(enumerate(xs), key=lambda pair: pair[1])]


def sorted_grown_list(xs):
    return sorted([x * 2 for x in xs if x > 0])


def extremes_with_key(xs):
    return max(xs, key=lambda x: -x), min(xs, key=lambda x: abs(x - 2))


def extremes_with_default(xs):
    large = [x for x in xs if x > 3]
    return max(large, default=-1.0), min(large, default=-2.0)


def extremes_of_many(x, y):
    return max(x, y, 1.0), min(x, y, 1.0), max([x, y]), min((x, y))


def filter_and_map(xs):
    return list(filter(lambda x: x > 1, xs)), list(map(lambda x: x * 2, xs)), sum(map(abs, xs))


def for_over_filter(xs):
    total = 0.0
    for x in filter(lambda x: x > 0, xs):
        total += x
    return total


def map_differences(xs, ys):
    return list(map(lambda x, y: x - y, xs, ys))


def divmod_and_pow(a, b):
    return divmod(a, b), a // b, a % b, pow(a, 2), a**2, -a // b


def divmod_floats(a, b):
    return divmod(a, b), a // b, a % b, pow(a, 2)


def rounding(x):
    return round(x), round(x, 1), int(x), math.floor(x), math.ceil(x), abs(x)


def numbers_of_tensors(x):
    return int(x) + 1, float(x) * 2, bool(x), bool(x - x), float(int(x))


def lengths(xs):
    ys = [x for x in xs if x > 0]
    return len(xs), len(ys), len(ys) * 2 + 1, len([1, 2])


def range_of_length(xs):
    total = 0.0
    for k in range(len(xs)):
        total += xs[k] * k
    return total


def range_by_twos(n):
    digits = []
    for k in range(n, 0, -2):
        digits.append(k)
    return digits


def math_functions(x):
    return math.sqrt(abs(x)), math.exp(x), math.sin(x) + math.cos(x), math.tanh(x), math.fabs(x)


def math_of_bad_value(x):
    return math.sqrt(x) if x > 0 else math.log(x * x + 1)


def reduced_squares(xs):
    return functools.reduce(lambda a, b: a + b * b, xs, 0.0)


def isinstance_in_branch(x):
    y = 1 if isinstance(x, str) else x
    return (y, isinstance([x], list))


def list_of_rows(xss):
    return [sum(row) for row in xss], len(xss), max([max(row) for row in xss])


def printed(xs):
    for x in xs:
        if x > 2:
            print("large", x, f"{x:.2f}", sep="|")
    return len(xs)


def repr_in_message(n):
    if n > 10:
        raise ValueError(f"n={n:>5}" + " and {:.2f}".format(n * 0.5))
    return n


def zip_to_shortest(xs, ys):
    return [x * y for x, y in zip(xs, ys)], [x + k for x, k in zip(xs, range(2))]


PROGRAMS = [
    (builtins_mix, [(v3, f(1.6)), (v3, f(-2.3))]),
    (any_all, [(v3, f(1.5)), (v4, f(3))]),
    (any_all_of_generators, [(v3,), (v4,), (v4 + 9,), (empty,)]),
    (sum_with_start, [(v3,), (v4,), (empty,)]),
    (sorted_items, [(v4,), (ties,)]),
    (sorted_by_key, [(v4,), (ties,)]),
    (sorted_pairs, [(v4,), (ties,)]),
    (sorted_grown_list, [(v4,), (ties,)]),
    (extremes_with_key, [(v4,), (ties,)]),
    (extremes_with_default, [(v4,), (v3,)]),
    (extremes_of_many, [(f(2), f(3)), (f(-1), f(0.5))]),
    (filter_and_map, [(v3,), (v4,)]),
    (for_over_filter, [(v3,), (v4,)]),
    (map_differences, [(v3, v3 * 2), (v4, v3)]),
    (divmod_and_pow, [(i(10), i(3)), (i(-10), i(3)), (i(10), i(-3)), (i(1), i(0))]),
    (divmod_floats, [(f(10), f(3)), (f(-10.5), f(3))]),
    (rounding, [(f(2.5),), (f(3.5),), (f(-2.67),)]),
    (numbers_of_tensors, [(f(2.7),), (f(-2.7),)]),
    (lengths, [(v3,), (v4,), (empty,)]),
    (range_of_length, [(v3,), (empty,)]),
    (range_by_twos, [(i(7),), (i(0),), (i(-3),)]),
    (math_functions, [(f(0.5),), (f(-1.5),)]),
    (math_of_bad_value, [(f(2),), (f(-2),)]),
    (reduced_squares, [(v3,), (v4,)]),
    (isinstance_in_branch, [(f(2),)]),
    (list_of_rows, [(m23,)]),
    (printed, [(v3,), (v4,)]),
    (repr_in_message, [(i(3),), (i(30),)]),
    (zip_to_shortest, [(v3, v4), (v4, v3)]),
]

NOT_DIFFERENTIABLE = {
    rounding: "steps",
}
