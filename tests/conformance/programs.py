"""Programs that run staged and as plain Python: (function, argument lists of NumPy values or Python numbers)."""

import dataclasses
import math
from typing import NamedTuple

import numpy as np

import autograph as ag

f = np.float64


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


def nested_returns(x):
    if x > 0:
        if x > 10:
            return x * 100
        return x
    return -x


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


def while_break(n):
    i = 0
    while True:
        i += 3
        if i > n:
            break
    return i


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


def early_return(xs, limit):
    for x in xs:
        if x > limit:
            return x * 10
    return limit


def nested_loops_return(xs):
    for x in xs:
        for y in xs:
            if x + y == 7:
                return x * y
    return -1.0


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


def python_for_tensor_break(x):
    n = 0
    for i in range(6):
        x = x / 2
        if x < 1:
            break
        n += 1
    return n


def ternary(x):
    return x * 2 if x > 3 else -x


def logic(x, y):
    if x > 0 and y > 0:
        return 1
    if x > 0 or not y > 0:
        return 2
    return 3


def chain(x):
    return 1 if 0 < x <= 5 else 0


def operand_or(x):
    return x or 5.0


def numeric_truth(n):
    trips = 0
    while n:
        n = n // 2
        trips += 1
    return trips


def number_changes_dtype(n):
    x = 0
    i = 0
    while i < n:
        x = x + 0.5
        i += 1
    return x


def append_all(xs):
    ys = []
    for x in xs:
        ys.append(x * x)
    return ys


def append_some(xs):
    ys = []
    for x in xs:
        if x > 0:
            ys.append(x)
    total = 0.0
    for y in ys:
        total += y
    return total, len(ys)


def comprehension(xs):
    return [x + 1 for x in xs if x > 1]


def list_state(xs):
    counts = [0, 0]
    for x in xs:
        if x > 0:
            counts[0] += 1
        else:
            counts[1] += 1
    return counts


class Point(NamedTuple):
    x: float
    y: float


def namedtuple_state(n):
    p = Point(0.0, 1.0)
    i = 0
    while i < n:
        p = Point(p.y, p.x + p.y)
        i += 1
    return p


@dataclasses.dataclass
class Counter:
    hits: int
    total: float


def attribute_state(xs):
    c = Counter(0, 0.0)
    for x in xs:
        if x > 0:
            c.hits += 1
            c.total += x
    return c.hits, c.total


def dict_state(n):
    d = {"a": 0, "b": 1}
    i = 0
    while i < n:
        d["a"], d["b"] = d["b"], d["a"] + d["b"]
        i += 1
    return d


class Account:
    def __init__(self, balance):
        self.balance = balance

    def add(self, amount):
        if amount > 0:
            self.balance = self.balance + amount
        return self


def method_state(xs):
    account = Account(0.0)
    for x in xs:
        account.add(x)
    return account.balance


def helper(x):
    while x > 2:
        x = x / 3
    return x


def calls_helper(x):
    return helper(x) + helper(x * 5)


def closure(xs):
    scale = 2.0

    def scaled(x):
        return x * scale

    total = 0.0
    for x in xs:
        total += scaled(x)
    return total


def nonlocal_counter(xs):
    count = 0

    def bump():
        nonlocal count
        count += 1

    for x in xs:
        if x > 0:
            bump()
    return count


def lambda_key(x):
    g = lambda v: v + 1 if v > 0 else v - 1
    return g(x) * g(-x)


def shadowed(x):
    for i in range(3):
        if x > i:
            y = x + i
        else:
            y = x - i
        x = y
    return x


def none_first(xs):
    best = None
    for x in xs:
        if best is None or x > best:
            best = x
    return best


def falls_off(x):
    if x > 0:
        return x


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


def while_else(n):
    i = 0
    while i < n:
        if i == 4:
            break
        i += 1
    else:
        i = -i
    return i


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


def raises(x):
    if x > 3:
        raise ValueError("too large")
    return x


def asserts(x):
    assert x >= 0, "negative"
    return x + 1


def divides(a, b):
    return a // b + a % b


def builtins_mix(xs, x):
    return max(x, 2.0), min(x, 2.0), abs(x), int(x), float(x), len(xs), round(x)


def enumerate_zip(xs):
    total = 0.0
    for i, (a, b) in enumerate(zip(xs, reversed(xs))):
        total += i * a * b
    return total


def math_calls(x):
    return math.sqrt(x) + math.exp(-x)


def set_item(xs):
    ys = xs + 0
    for i in range(len(ys)):
        if ys[i] < 0:
            ys[i] = 0
    return ys


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


def in_tuple(n):
    return 1 if n in (2, 3, 5) else 0


def try_finally(x):
    log = 0.0
    try:
        if x > 0:
            log = x
    finally:
        log = log + 1
    return log


def augmented(x):
    y = x
    while y < 100:
        y *= 3
        y -= 1
    return y


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


def any_all(xs, x):
    return any(xs > 2), all(xs > 2), any([x > 2, x < 0]), all([x > 2, True])


def odd_chain(x, y):
    return 1 if 0 < x + y < abs(x) + 9 in (5, 9, 14) else 2


v3 = np.array([1.0, -2.0, 3.0])
v4 = np.array([4.0, -1.0, 3.0, 8.0])
empty = np.zeros(0)
PROGRAMS = [
    (if_else, [(f(3),), (f(-2),), (f(-7),)]),
    (one_branch_only, [(f(3),), (f(-3),)]),
    (nested_returns, [(f(3),), (f(30),), (f(-3),)]),
    (while_sum, [(np.int64(5),), (np.int64(0),)]),
    (float_steps, [(f(1),), (f(0),)]),
    (while_break, [(np.int64(10),), (np.int64(-1),)]),
    (for_continue, [(v3,), (empty,)]),
    (for_break, [(v4, f(2.5)), (v4, f(100))]),
    (early_return, [(v4, f(3.5)), (v4, f(100))]),
    (nested_loops_return, [(v4,), (v3,)]),
    (range_tensor, [(np.int64(10),), (np.int64(0),)]),
    (range_down, [(np.int64(7),), (np.int64(0),)]),
    (python_for_tensor_break, [(f(5),), (f(1000),), (f(0.5),)]),
    (ternary, [(f(5),), (f(1),)]),
    (logic, [(f(1), f(1)), (f(1), f(-1)), (f(-1), f(1)), (f(-1), f(-1))]),
    (chain, [(f(0),), (f(5),), (f(6),)]),
    (operand_or, [(f(0),), (f(2),)]),
    (numeric_truth, [(np.int64(37),), (np.int64(0),)]),
    (number_changes_dtype, [(np.int64(3),), (np.int64(0),)]),
    (append_all, [(v3,), (empty,)]),
    (append_some, [(v3,), (v4,)]),
    (comprehension, [(v3,), (v4,)]),
    (list_state, [(v3,)]),
    (namedtuple_state, [(np.int64(6),), (np.int64(0),)]),
    (attribute_state, [(v3,), (empty,)]),
    (dict_state, [(np.int64(6),)]),
    (method_state, [(v3,)]),
    (calls_helper, [(f(10),), (f(1),)]),
    (closure, [(v3,)]),
    (nonlocal_counter, [(v3,)]),
    (lambda_key, [(f(2),), (f(-2),)]),
    (shadowed, [(f(1.5),), (f(-1),)]),
    (none_first, [(v3,), (empty,)]),
    (falls_off, [(f(2),), (f(-2),)]),
    (defined_in_loop, [(v3,), (empty,)]),
    (loop_variable_after, [(np.int64(4),), (np.int64(0),)]),
    (while_else, [(np.int64(3),), (np.int64(9),)]),
    (gcd, [(np.int64(48), np.int64(18)), (np.int64(7), np.int64(0))]),
    (collatz, [(np.int64(27),), (np.int64(1),)]),
    (newton_sqrt, [(f(2),)]),
    (raises, [(f(2),), (f(5),)]),
    (asserts, [(f(2),), (f(-1),)]),
    (divides, [(np.int64(7), np.int64(-2)), (np.int64(7), np.int64(0))]),
    (builtins_mix, [(v3, f(1.5)), (v3, f(-2.5))]),
    (enumerate_zip, [(v3,)]),
    (math_calls, [(f(2),)]),
    (set_item, [(v3,)]),
    (fibonacci, [(np.int64(30),), (np.int64(0),)]),
    (prime_count, [(np.int64(30),)]),
    (in_tuple, [(np.int64(3),), (np.int64(4),)]),
    (try_finally, [(f(2),), (f(-2),)]),
    (augmented, [(f(1),)]),
    (match_number, [(np.int64(1),), (np.int64(3),), (np.int64(9),)]),
    (walrus, [(np.int64(5),)]),
    (any_all, [(v3, f(1.5)), (v4, f(3))]),
    (odd_chain, [(f(5), f(1)), (f(-5), f(1))]),
    (string_flag, [(f(2), "double"), (f(2), "plain")]),
    (power_iteration, [(np.array([[2.0, 1.0], [1.0, 3.0]]),)]),
]
