"""Conditional expressions, `and`, `or`, `not`, chained comparisons, `in`, truth of numbers, `is None`."""

import numpy as np

from tests.conformance.values import f


def ternary(x):
    return x * 2 if x > 3 else -x


def logic(x, y):
    if x > 0 and y > 0:
        return 1
    if x > 0 or not y > 0:
        return 2
    return 3


def chain(x):
    return 1 if 0 < x <= 5 else 0


def odd_chain(x, y):
    return 1 if 0 < x + y < abs(x) + 9 in (5, 9, 14) else 2


def operand_or(x):
    return x or 5.0


def numeric_truth(n):
    trips = 0
    while n:
        n = n // 2
        trips += 1
    return trips


def in_tuple(n):
    return 1 if n in (2, 3, 5) else 0


PROGRAMS = [
    (ternary, [(f(5),), (f(1),)]),
    (logic, [(f(1), f(1)), (f(1), f(-1)), (f(-1), f(1)), (f(-1), f(-1))]),
    (chain, [(f(0),), (f(5),), (f(6),)]),
    (odd_chain, [(f(5), f(1)), (f(-5), f(1))]),
    (operand_or, [(f(0),), (f(2),)]),
    (numeric_truth, [(np.int64(37),), (np.int64(0),)]),
    (in_tuple, [(np.int64(3),), (np.int64(4),)]),
]

NOT_DIFFERENTIABLE = {
    chain: "a limit is met",
    odd_chain: "a sum is compared for equality",
    operand_or: "zero is false",
}
