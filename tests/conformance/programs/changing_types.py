"""Numbers that change dtype, shapes that change between trips."""

import numpy as np

import autograph as ag
from tests.conformance.values import empty, f, m23, v3, v4


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


def int_then_float(xs):
    total = 0
    for x in xs:
        if x > 0:
            total = total + x
    return total


def int_or_float_branch(x):
    y = 1
    if x > 0:
        y = 0.5
    return y


def bool_then_int(n):
    flag = False
    i = 0
    while i < n:
        flag = flag + 1
        i += 1
    return flag


def bool_becomes_comparison(xs):
    found = False
    for x in xs:
        found = found or x > 2
    return found


def division_makes_float(n):
    steps = 0
    while n > 1:
        n = n / 2
        steps += 1
    return n, steps


def counter_and_average(xs):
    mean = 0
    n = 0
    for x in xs:
        n += 1
        mean += (x - mean) / n
    return mean


def two_names_promote(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b / 2
    return a, b


def int_tensor_meets_float(xs):
    smallest = 10
    for x in xs:
        smallest = min(smallest, x)
    return smallest


def float32_takes_number(xs):
    total = 0
    for x in xs:
        total = total + x * 0.5
    return total


def list_item_promotes(xs):
    totals = [0, 0]
    for x in xs:
        if x > 0:
            totals[0] += x
        else:
            totals[1] += 1
    return totals


def attribute_promotes(xs):
    class Stats:
        def __init__(self):
            self.low = 0
            self.n = 0

    stats = Stats()
    for x in xs:
        stats.low = stats.low + x / 2
        stats.n += 1
    return stats.low, stats.n


def closure_promotes(xs):
    total = 0

    def add(v):
        nonlocal total
        total = total + v

    for x in xs:
        add(x)
    return total


def growing_vector(n):
    v = np.zeros(1)
    for i in range(n):
        v = ag.ops.concat([v, v + i]) if isinstance(v, ag.Tensor) else np.concatenate([v, v + i])
    return v


def shrinking_vector(xs):
    total = 0.0
    while len(xs) > 0:
        total = total * 2 + xs[0]
        xs = xs[1:]
    return total


def halving_vector(xs):
    while len(xs) > 1:
        xs = xs[::2] if xs[0] > 0 else xs[1:]
    return xs


def size_differs_in_branches(xs):
    if xs[0] > 0:
        ys = xs[1:]
    else:
        ys = xs
    total = 0.0
    for y in ys:
        total += y
    return total, ys


def rank_differs_unused(x, xs):
    if x > 0:
        t = xs
        y = t[0]
    else:
        t = x
        y = t * 2
    return y


def structure_differs_unused(x):
    if x > 0:
        t = (x, x)
        y = t[0] + t[1]
    else:
        t = [x]
        y = t[0]
    return y


def type_differs_unused(xs):
    total = 0.0
    for x in xs:
        if x > 0:
            note = "positive"
            total += len(note)
        else:
            note = x
            total += note
    return total


def reassigned_to_other_rank(m):
    x = m
    if m[0][0] > 0:
        x = m[0]
        x = x[1]
    else:
        x = m[1][1]
    return x


def number_in_tuple_promotes(n):
    t = (0, 1)
    for i in range(n):
        t = (t[0] + 0.5, t[1] * 2)
    return t


def overflow_free_power(n):
    x = 1
    for _ in range(n):
        x = x * 3
    return x


def accumulate_matrix(m, n):
    p = m
    i = 0
    while i < n:
        p = p @ m
        i += 1
    return p


PROGRAMS = [
    (number_changes_dtype, [(np.int64(3),), (np.int64(0),)]),
    (shadowed, [(f(1.5),), (f(-1),)]),
    (int_then_float, [(v3,), (-v3,), (empty,)]),
    (int_or_float_branch, [(f(2),), (f(-2),)]),
    (bool_then_int, [(np.int64(3),), (np.int64(0),)]),
    (bool_becomes_comparison, [(v3,), (-v3,), (empty,)]),
    (division_makes_float, [(f(9),), (f(0.5),)]),
    (counter_and_average, [(v4,), (empty,)]),
    (two_names_promote, [(np.int64(5),), (np.int64(0),)]),
    (int_tensor_meets_float, [(v4,), (v4 + 20,), (empty,)]),
    (float32_takes_number, [(v3.astype(np.float32),)]),
    (list_item_promotes, [(v4,), (empty,)]),
    (attribute_promotes, [(v4,), (empty,)]),
    (closure_promotes, [(v4,), (empty,)]),
    (growing_vector, [(np.int64(3),), (np.int64(0),)]),
    (shrinking_vector, [(v4,), (empty,)]),
    (halving_vector, [(v4,), (v3,), (-v4,)]),
    (size_differs_in_branches, [(v3,), (-v3,)]),
    (rank_differs_unused, [(f(2), v3), (f(-2), v3)]),
    (structure_differs_unused, [(f(2),), (f(-2),)]),
    (type_differs_unused, [(v3,), (empty,)]),
    (reassigned_to_other_rank, [(m23,), (-m23,)]),
    (number_in_tuple_promotes, [(np.int64(3),), (np.int64(0),)]),
    (overflow_free_power, [(np.int64(30),), (np.int64(0),)]),
    (accumulate_matrix, [(np.array([[1.0, 1.0], [0.0, 2.0]]), np.int64(3)), (np.eye(2), np.int64(0))]),
]
