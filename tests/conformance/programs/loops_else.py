"""Loops with `else`, `while True`, Python loops that a tensor leaves, conditions that become tensors."""

import numpy as np

from tests.conformance.values import f


def while_break(n):
    i = 0
    while True:
        i += 3
        if i > n:
            break
    return i


def while_else(n):
    i = 0
    while i < n:
        if i == 4:
            break
        i += 1
    else:
        i = -i
    return i


def python_for_tensor_break(x):
    n = 0
    for i in range(6):
        x = x / 2
        if x < 1:
            break
        n += 1
    return n


PROGRAMS = [
    (while_break, [(np.int64(10),), (np.int64(-1),)]),
    (while_else, [(np.int64(3),), (np.int64(9),)]),
    (python_for_tensor_break, [(f(5),), (f(1000),), (f(0.5),)]),
]
