"""Loops with `else`, `while True`, Python loops that a tensor leaves, conditions that become tensors."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


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


def for_else_found(xs, limit):
    for x in xs:
        if x > limit:
            found = x
            break
    else:
        found = -limit
    return found


def for_else_no_break(xs):
    total = 0.0
    for x in xs:
        total += x * x
    else:
        total = total + 1
    return total


def first_prime_factor(n):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        return -n
    return d


def nested_for_else(xs, ys):
    hits = 0.0
    for x in xs:
        for y in ys:
            if x == y:
                hits += x
                break
        else:
            hits -= 0.5
            continue
        hits *= 2
    else:
        hits += 100
    return hits


def while_else_return(x, limit):
    n = 0
    while x < limit:
        x = x * 2
        n += 1
        if n > 4:
            break
    else:
        if n == 0:
            return x * 3
        return x
    return -x


def while_true_tensor_break(x):
    n = 0
    while True:
        x = x / 2
        if x < 1:
            break
        n += 1
    return n, x


def while_true_two_breaks(x, y):
    while True:
        if x > 50:
            y = y + 1
            break
        x = x * 2
        if y > x:
            y = -y
            break
        x = x + 1
    return x, y


def while_true_return(x):
    while True:
        if x > 20:
            return x
        x = x * 1.5 + 1


def while_true_python_first(x):
    n = 0
    while True:
        n += 1
        if n < 3:
            continue
        x = x * 0.5
        if x < 0.25:
            break
    return x * n


def python_for_tensor_return(x):
    for k in (1, 2, 4, 8):
        if x < k:
            return x * k
        x = x - k
    return x


def python_for_else_tensor_break(x):
    for k in [3, 5, 7]:
        x = x - k
        if x < 0:
            break
    else:
        x = x + 1000
    return x


def python_condition_becomes_tensor(x):
    go = True
    n = 0
    while go:
        x = x * 0.5
        n += 1
        go = x > 1
    return n, x


def tensor_counter_in_python_condition(limit):
    i = 0
    total = 0
    while i < 10:
        total += i
        i = i + limit
    return total


def condition_becomes_tensor_late(x):
    n = 0
    bound = 3
    while n < bound:
        n += 1
        if n == 2:
            bound = x
    return n


def break_from_python_loop_in_tensor_loop(xs):
    total = 0.0
    for x in xs:
        for k in range(1, 4):
            if x * k > 5:
                total += k
                break
            total += x
        else:
            total -= 1
    return total


def tensor_loop_in_python_loop_breaks(xs):
    total = 0.0
    for k in range(3):
        for x in xs:
            total += x * k
            if total > 6:
                break
        if total > 9:
            break
    else:
        total = -total
    return total


def break_inside_with_and_try(xs):
    total = 0.0
    for x in xs:
        try:
            if x < 0:
                continue
            total += x
            if total > 5:
                break
        finally:
            total += 0.25
    else:
        total = -total
    return total


def bisect_root(a, b):
    while True:
        mid = (a + b) / 2
        if b - a < 1e-3:
            return mid
        if mid * mid * mid - 2 > 0:
            b = mid
        else:
            a = mid


def continue_and_else(n):
    odd = 0
    i = 0
    while i < n:
        i += 1
        if i % 2 == 0:
            continue
        if i > 7:
            break
        odd += i
    else:
        odd = odd * 10
    return odd, i


PROGRAMS = [
    (while_break, [(np.int64(10),), (np.int64(-1),)]),
    (while_else, [(np.int64(3),), (np.int64(9),)]),
    (python_for_tensor_break, [(f(5),), (f(1000),), (f(0.5),)]),
    (for_else_found, [(v4, f(3.5)), (v4, f(100)), (empty, f(1))]),
    (for_else_no_break, [(v3,), (empty,)]),
    (first_prime_factor, [(np.int64(15),), (np.int64(7),), (np.int64(2),)]),
    (nested_for_else, [(v4, v3), (v3, v3), (v3, empty), (empty, v3)]),
    (while_else_return, [(f(1), f(10)), (f(1), f(100)), (f(5), f(2))]),
    (while_true_tensor_break, [(f(0.5),), (f(9),)]),
    (while_true_two_breaks, [(f(3), f(1)), (f(1), f(20)), (f(60), f(0))]),
    (while_true_return, [(f(1),), (f(30),)]),
    (while_true_python_first, [(f(0.5),), (f(8),)]),
    (python_for_tensor_return, [(f(0.5),), (f(4.5),), (f(30),)]),
    (python_for_else_tensor_break, [(f(1),), (f(9),), (f(40),)]),
    (python_condition_becomes_tensor, [(f(9),), (f(0.5),)]),
    (tensor_counter_in_python_condition, [(np.int64(3),), (np.int64(20),)]),
    (condition_becomes_tensor_late, [(np.int64(6),), (np.int64(1),)]),
    (break_from_python_loop_in_tensor_loop, [(v4,), (v3,), (empty,)]),
    (tensor_loop_in_python_loop_breaks, [(v4,), (v3,), (empty,)]),
    (break_inside_with_and_try, [(v4,), (v3,), (empty,)]),
    (bisect_root, [(f(0), f(2.1)), (f(1), f(1))]),
    (continue_and_else, [(np.int64(4),), (np.int64(20),), (np.int64(0),)]),
]
