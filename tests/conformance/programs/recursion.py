"""Recursion that tensors end: by itself, mutual, over structures, with sizes that grow."""

import math

import numpy as np

import autograph as ag
from tests.conformance.values import f, v3


def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)


def recursive_fibonacci(n):
    return n if n < 2 else recursive_fibonacci(n - 1) + recursive_fibonacci(n - 2)


def recursive_first(n):
    if n > 0:
        return recursive_first(n - 1) + n
    return 0.5


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def power(x, n):
    if n == 0:
        return 1.0
    if n % 2 == 0:
        half = power(x, n // 2)
        return half * half
    return x * power(x, n - 1)


def root_by_recursion(x, guess):
    better = (guess + x / guess) / 2
    if abs(better - guess) < 1e-10:
        return better
    return root_by_recursion(x, better)


def tree_of_calls(x, n):
    if n < 1:
        return x * x
    return tree_of_calls(x * 1.5, n - 1) * x + tree_of_calls(x - 1, n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def greatest_divisor(a, b):
    return a if b == 0 else greatest_divisor(b, a % b)


def steps_to_one(n, steps=0):
    if n == 1:
        return steps
    if n % 2 == 0:
        return steps_to_one(n // 2, steps + 1)
    return steps_to_one(3 * n + 1, steps=steps + 1)


def vector_grown_by_recursion(v, n):
    if n == 0:
        return v
    return vector_grown_by_recursion(np.concatenate([v, v[:1]]) if isinstance(v, np.ndarray) else joined(v), n - 1)


def joined(v):
    return ag.ops.concat([v, v[:1]])


def structure_in_and_out(x, n):
    def down(state, k):
        if k == 0:
            return state
        low, high = state["range"]
        return down({"range": (low - x, high * x), "count": state["count"] + 1}, k - 1)

    found = down({"range": (x, x + 1), "count": 0}, n)
    return found["range"], found["count"]


def closure_over_tensor(x, n):
    scale = x * 2

    def down(k):
        if k <= 0:
            return scale
        return down(k - 1) + scale * k

    return down(n)


class Series:
    """A recursive method that reads an attribute."""

    def __init__(self, rate):
        self.rate = rate

    def value(self, x, n):
        if n == 0:
            return x
        return self.rate * self.value(x, n - 1) + x


def recursive_method(x, n):
    return Series(x * 0.5).value(x, n)


def recursion_inside_a_loop(x, n):
    total = 0.0
    for k in range(n):
        total = total + power(x, k)
    return total


def loop_inside_recursion(x):
    def search(least, width):
        if width < 1e-3:
            return least
        best = least
        for i in range(5):
            if math.fabs(best * best - x) > math.fabs((least + i * width) ** 2 - x):
                best = least + i * width
        return search(best, width / 2)

    return search(x * 0.0, x * 0 + 1.0)


def raises_at_the_bottom(n):
    if n < 0:
        raise ValueError(f"below zero: {n}")
    return 1.0 if n == 0 else n * raises_at_the_bottom(n - 2)


def caught_at_the_top(n):
    try:
        return raises_at_the_bottom(n)
    except ValueError:
        return -1.0


def none_at_the_bottom(x):
    if x < 0:
        return None
    deeper = none_at_the_bottom(x - 1)
    return x if deeper is None else deeper + x


def either(x, scale):
    if x < 0:
        return x * scale
    return either(x - 2, scale) + other(x - 1, scale)


def other(x, scale):
    if x < 1:
        return x + scale
    return other(x - 1.5, scale) * either(x - 3, scale)


def both_call_both(x):
    return either(x, x * 0.5)


WEIGHT = ag.Variable(1.5, dtype=ag.float64)


def reads_a_variable(n, x):
    def down(k):
        return x if k == 0 else down(k - 1) * float_of(WEIGHT)

    return down(n)


def float_of(variable):
    return variable + 0.0


PROGRAMS = [
    (factorial, [(np.int64(5),), (np.int64(1),), (f(4),)]),
    (recursive_fibonacci, [(np.int64(9),), (np.int64(0),)]),
    (recursive_first, [(np.int64(4),), (f(2.5),)]),
    (is_even, [(np.int64(6),), (np.int64(7),)]),
    (power, [(f(1.3), np.int64(5)), (f(2), np.int64(0)), (f(-1.5), np.int64(4))]),
    (root_by_recursion, [(f(2), f(1)), (f(9), f(5))]),
    (tree_of_calls, [(f(1.3), np.int64(4)), (f(0.5), np.int64(0))]),
    (ackermann, [(np.int64(1), np.int64(3)), (np.int64(2), np.int64(2))]),
    (greatest_divisor, [(np.int64(48), np.int64(36)), (np.int64(7), np.int64(0))]),
    (steps_to_one, [(np.int64(6),), (np.int64(1),)]),
    (vector_grown_by_recursion, [(v3, np.int64(3)), (v3, np.int64(0))]),
    (structure_in_and_out, [(f(2), np.int64(3)), (f(0.5), np.int64(0))]),
    (closure_over_tensor, [(f(2), np.int64(3)), (f(0.5), np.int64(0))]),
    (recursive_method, [(f(2), np.int64(3)), (f(0.5), np.int64(0))]),
    (recursion_inside_a_loop, [(f(1.5), np.int64(4)), (f(2), np.int64(0))]),
    (loop_inside_recursion, [(f(2),), (f(6.25),)]),
    (raises_at_the_bottom, [(f(4),), (f(3),)]),
    (caught_at_the_top, [(f(4),), (f(3),)]),
    (both_call_both, [(f(4),), (f(0.5),)]),
    (none_at_the_bottom, [(f(2.5),), (f(0.5),)]),
]

NOT_DIFFERENTIABLE = {raises_at_the_bottom: "it ends at zero exactly"}
