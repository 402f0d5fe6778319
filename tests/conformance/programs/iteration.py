"""Loops over tensors, `range`, `enumerate`, `zip`, `reversed`, `map`, `filter`, `items()`, with unpacking targets."""

import numpy as np

from tests.conformance.values import v3


def range_tensor(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += i
    return total


def range_down(n):
    total = 0
    for i in range(n, 0, -2):
        total = total * 2 + i
    return total


def enumerate_zip(xs):
    total = 0.0
    for i, (a, b) in enumerate(zip(xs, reversed(xs))):
        total += i * a * b
    return total


PROGRAMS = [
    (range_tensor, [(np.int64(10),), (np.int64(0),)]),
    (range_down, [(np.int64(7),), (np.int64(0),)]),
    (enumerate_zip, [(v3,)]),
]
