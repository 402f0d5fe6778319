"""Generators that `for` loops go over: the loop's body runs at each `yield`."""

import numpy as np

from tests.conformance.values import f, v3, v4


def countdown(x):
    while x > 0:
        yield x
        x = x - 1


def positive(v):
    for x in v:
        if x > 0:
            yield x


def pairs(v):
    previous = v[0]
    for x in v:
        yield previous, x
        previous = x


def numbered(n):
    i = 0
    while i < n:
        if i % 2 == 0:
            yield i, i * i
        else:
            yield i, -i
        i += 1


def chained(x, v):
    yield x
    yield from positive(v)
    yield from countdown(x)
    yield -1.0


def newton(x):
    guess = x
    while True:
        guess = (guess + x / guess) / 2
        yield guess


def sum_of_countdown(x):
    total = 0.0
    for y in countdown(x):
        total = total + y
    return total


def sum_of_positive(v):
    total, count = 0.0, 0
    for x in positive(v):
        total = total + x * x
        count += 1
    return total, count


def differences_of_pairs(v):
    total = 0.0
    for a, b in pairs(v):
        total = total + (b - a) * a
    return total


def breaks_out(x):
    last = 0.0
    for y in countdown(x):
        if y < 2.5:
            break
        last = y
    return last


def breaks_out_of_endless(x):
    steps = 0
    for guess in newton(x):
        steps += 1
        if abs(guess * guess - x) < 1e-9:
            break
    return guess, steps


def continues(v):
    total = 0.0
    for x in positive(v):
        if x > 5:
            continue
        total = total + x
    return total


def returns_from_the_loop(v, limit):
    total = 0.0
    for x in positive(v):
        total = total + x
        if total > limit:
            return total, True
    return total, False


def loop_with_else(v):
    for x in positive(v):
        if x > 3:
            found = x
            break
    else:
        found = -1.0
    return found


def loops_within_loops(x):
    total = 0.0
    for a in countdown(x):
        for b in countdown(a):
            total = total + a * b
    return total


def delegates(x, v):
    total = 1.0
    for y in chained(x, v):
        total = total * 0.5 + y
    return total


def several_yields(n, x):
    total = x * 0
    for i, square in numbered(n):
        total = total + i * x + square
    return total


def appends(v):
    found = []
    for x in positive(v):
        found.append(x * 2)
    return found


def comprehension_over_generator(v):
    return [x + 1 for x in positive(v)]


def summed(v):
    return sum(positive(v))


def listed(x):
    items = list(countdown(x))
    return items, len(items)


class Tree:
    """Something that a generator method goes over."""

    def __init__(self, values, least):
        self.values = values
        self.least = least
        self.seen = 0

    def __iter__(self):
        for value in self.values:
            self.seen += 1
            if value > self.least:
                yield value

    def doubled(self):
        for value in self:
            yield value * 2


def goes_over_an_object(v, x):
    tree = Tree(v, x)
    total = 0.0
    for value in tree:
        total = total + value
    return total, tree.seen


def generator_method(v, x):
    tree = Tree(v, x)
    total = 0.0
    for value in tree.doubled():
        total = total * 2 + value
    return total


def local_generator(v, x):
    count = 0

    def above():
        nonlocal count
        for value in v:
            if value > x:
                count += 1
                yield value - x

    total = 0.0
    for value in above():
        total = total + value
    return total, count


def closure_in_the_loop(v):
    total = 0.0

    def add(value):
        nonlocal total
        total = total + value

    for x in positive(v):
        add(x)
        add(x * x)
    return total


def cleans_up(x):
    log = []

    def guarded():
        try:
            yield x
            yield x + 1
        finally:
            log.append(x)

    total = 0.0
    for value in guarded():
        total = total + value
        if total > 4:
            break
    return total, log


def unrolled(x):
    def three():
        yield 1
        yield x
        yield 3

    total = 0
    for value in three():
        total = total + value * x
    return total


def in_a_staged_loop(x):
    total = 0.0
    while x > 0:
        for y in countdown(x):
            total = total + y
        x = x - 2
    return total


def by_next(x):
    def three():
        yield x
        yield x * 2

    items = three()
    return next(items) + next(items), next(items, 7)


PROGRAMS = [
    (sum_of_countdown, [(f(3),), (f(0),), (f(2.5),)]),
    (sum_of_positive, [(v3,), (v4,), (-np.ones(2),)]),
    (differences_of_pairs, [(v3,), (v4,)]),
    (breaks_out, [(f(5),), (f(1),)]),
    (breaks_out_of_endless, [(f(2),), (f(1),)]),
    (continues, [(v3,), (v4,)]),
    (returns_from_the_loop, [(v4, f(5)), (v4, f(100)), (v3, f(0.5))]),
    (loop_with_else, [(v3,), (v4,)]),
    (loops_within_loops, [(f(3),), (f(1.5),), (f(0),)]),
    (delegates, [(f(2), v3), (f(0.5), v4)]),
    (several_yields, [(np.int64(4), f(2)), (np.int64(0), f(2))]),
    (appends, [(v3,), (v4,)]),
    (comprehension_over_generator, [(v3,), (v4,)]),
    (summed, [(v3,), (v4,)]),
    (listed, [(f(2),), (f(3.5),)]),
    (goes_over_an_object, [(v3, f(0)), (v4, f(3.5))]),
    (generator_method, [(v3, f(0)), (v4, f(3.5))]),
    (local_generator, [(v3, f(0)), (v4, f(3.5))]),
    (closure_in_the_loop, [(v3,), (v4,)]),
    (cleans_up, [(f(1),), (f(5),)]),
    (unrolled, [(f(2),)]),
    (in_a_staged_loop, [(f(3),), (f(4.5),), (f(0),)]),
    (by_next, [(f(2),)]),
]
