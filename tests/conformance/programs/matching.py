"""`match` and the walrus."""

import numpy as np


def match_number(n):
    match n:
        case 1:
            return 10
        case 2 | 3:
            return 20
        case _:
            return 30


def walrus(n):
    total = 0
    while (n := n - 1) > 0:
        total += n
    return total


PROGRAMS = [
    (match_number, [(np.int64(1),), (np.int64(3),), (np.int64(9),)]),
    (walrus, [(np.int64(5),)]),
]
