"""Names bound in one branch, in a loop that may not run, None first, `del`."""

import numpy as np

from tests.conformance.values import empty, v3


def none_first(xs):
    best = None
    for x in xs:
        if best is None or x > best:
            best = x
    return best


def defined_in_loop(xs):
    last = -1.0
    for x in xs:
        last = x
    return last


def loop_variable_after(n):
    i = -1
    for i in range(n):
        pass
    return i


PROGRAMS = [
    (none_first, [(v3,), (empty,)]),
    (defined_in_loop, [(v3,), (empty,)]),
    (loop_variable_after, [(np.int64(4),), (np.int64(0),)]),
]
