"""Plain conditionals, loops and arithmetic."""

import math

import numpy as np

import autograph as ag
from tests.conformance.values import empty, f, v3, v4


def if_else(x):
    if x > 0:
        y = x * 2
    elif x < -5:
        y = x - 1
    else:
        y = -x
    return y


def one_branch_only(x):
    y = 1.0
    if x > 0:
        y = x
    return y + 1


def while_sum(n):
    i = 0
    total = 0
    while i < n:
        total += i
        i += 1
    return total


def float_steps(limit):
    x = 0.0
    trips = 0
    while x < limit:
        x += 0.1
        trips += 1
    return trips


def for_continue(xs):
    total = 0.0
    for x in xs:
        if x < 0:
            continue
        total += x
    return total


def for_break(xs, limit):
    total = 0.0
    for x in xs:
        total = total + x
        if total > limit:
            break
    return total


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def newton_sqrt(a):
    x = a
    while abs(x * x - a) > 1e-9:
        x = 0.5 * (x + a / x)
    return x


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def prime_count(n):
    count = 0
    for k in range(2, n):
        prime = True
        d = 2
        while d * d <= k:
            if k % d == 0:
                prime = False
                break
            d += 1
        if prime:
            count += 1
    return count


def augmented(x):
    y = x
    while y < 100:
        y *= 3
        y -= 1
    return y


def string_flag(x, mode):
    if mode == "double":
        x = x * 2
    return x


def power_iteration(m):
    v = ag.ops.ones((2,), ag.float64) if isinstance(m, ag.Tensor) else np.ones(2)
    for _ in range(20):
        v = m @ v
        v = v / abs(v).max()
    return v


def math_calls(x):
    return math.sqrt(x) + math.exp(-x)


def divides(a, b):
    return a // b + a % b


PROGRAMS = [
    (if_else, [(f(3),), (f(-2),), (f(-7),)]),
    (one_branch_only, [(f(3),), (f(-3),)]),
    (while_sum, [(np.int64(5),), (np.int64(0),)]),
    (float_steps, [(f(1),), (f(0),)]),
    (for_continue, [(v3,), (empty,)]),
    (for_break, [(v4, f(2.5)), (v4, f(100))]),
    (gcd, [(np.int64(48), np.int64(18)), (np.int64(7), np.int64(0))]),
    (collatz, [(np.int64(27),), (np.int64(1),)]),
    (newton_sqrt, [(f(2),)]),
    (fibonacci, [(np.int64(30),), (np.int64(0),)]),
    (prime_count, [(np.int64(30),)]),
    (augmented, [(f(1),)]),
    (string_flag, [(f(2), "double"), (f(2), "plain")]),
    (power_iteration, [(np.array([[2.0, 1.0], [1.0, 3.0]]),)]),
    (math_calls, [(f(2),)]),
    (divides, [(np.int64(7), np.int64(-2)), (np.int64(7), np.int64(0))]),
]

NOT_DIFFERENTIABLE = {
    float_steps: "the number of trips jumps",
}
