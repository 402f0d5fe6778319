"""Numbers that change dtype, shapes that change between trips."""

import numpy as np

from tests.conformance.values import f


def number_changes_dtype(n):
    x = 0
    i = 0
    while i < n:
        x = x + 0.5
        i += 1
    return x


def shadowed(x):
    for i in range(3):
        if x > i:
            y = x + i
        else:
            y = x - i
        x = y
    return x


PROGRAMS = [
    (number_changes_dtype, [(np.int64(3),), (np.int64(0),)]),
    (shadowed, [(f(1.5),), (f(-1),)]),
]
