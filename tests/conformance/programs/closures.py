"""`nonlocal`, `global`, closures over loop variables, methods that change `self`."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


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


def nonlocal_in_while(n):
    total = 0

    def add(k):
        nonlocal total
        total += k

    while n > 0:
        add(n)
        n -= 1
    return total


def nonlocal_in_branch(x):
    y = 0.0

    def set_y():
        nonlocal y
        if x > 0:
            y = x * 2
        else:
            y = -x

    set_y()
    return y


def nonlocal_two_levels(xs):
    count = 0

    def outer():
        def inner(v):
            nonlocal count
            if v > 0:
                count += 1

        for x in xs:
            inner(x)

    outer()
    return count


def nonlocal_dtype(xs):
    best = 0

    def look(v):
        nonlocal best
        if v > best:
            best = v

    for x in xs:
        look(x)
    return best


HITS = 0


def global_counter(xs):
    global HITS
    HITS = 0
    for x in xs:
        if x > 0:
            HITS += 1
    result = HITS
    HITS = 0
    return result


SCALE = 2.0


def global_read(xs):
    total = 0.0
    for x in xs:
        total += x * SCALE
    return total


def lambda_reads_loop_variable(xs):
    total = 0.0
    for x in xs:
        g = lambda y: x * y
        total += g(2) if x > 0 else g(-1)
    return total


def lambda_reads_late(x):
    y = 1.0
    g = lambda: y * 10
    if x > 0:
        y = x
    return g()


def closures_in_list(x):
    fs = []
    for k in range(3):
        fs.append(lambda v, k=k: v * k)
    total = 0.0
    for g in fs:
        if x > 0:
            total += g(x)
        else:
            total -= g(x) + 1
    return total


def late_binding(x):
    fs = [lambda: x * k for k in range(3)]
    if x > 0:
        x = x + 1
    return [g() for g in fs]


def def_in_loop(xs):
    total = 0.0
    for x in xs:

        def scaled(v):
            if v > 0:
                return v * x
            return x

        total += scaled(x - 1)
    return total


def def_in_branch(x):
    if x > 0:

        def g(v):
            return v * 2

        y = g(x)
    else:

        def g(v):
            return v - 1

        y = g(x)
    return y


def loop_writes_captured(n):
    i = 0
    seen = []

    def note():
        seen.append(i)

    while i < n:
        note()
        i += 2
    return seen, i


class Bank:
    def __init__(self):
        self.money = 10.0
        self.fees = 0

    def withdraw(self, amount):
        if amount > self.money:
            self.fees += 1
            return False
        self.money -= amount
        return True


def methods_mutate_self(xs):
    bank = Bank()
    refused = 0
    for x in xs:
        if not bank.withdraw(x * x):
            refused += 1
    return bank.money, bank.fees, refused


class Accumulator:
    def __init__(self):
        self.total = 0.0

    def __call__(self, x):
        self.total = self.total * 0.5 + x
        return self.total


def callable_object(xs):
    acc = Accumulator()
    best = 0.0
    for x in xs:
        best = max(best, acc(x))
    return best, acc.total


def higher_order(xs):
    def twice(g):
        return lambda v: g(g(v))

    def step(v):
        if v > 1:
            return v / 2
        return v + 3

    total = 0.0
    for x in xs:
        total += twice(step)(x)
    return total


def compose_in_loop(x):
    g = lambda v: v
    for k in range(3):
        g = (lambda inner, k: lambda v: inner(v) + k if v > 0 else inner(v) - k)(g, k)
    return g(x)


def bound_method_as_value(xs):
    bank = Bank()
    take = bank.withdraw
    ok = 0
    for x in xs:
        if x > 0 and take(x):
            ok += 1
    return ok, bank.money


def closure_over_state_list(xs):
    memory = [0.0, 0.0]

    def remember(v):
        memory[0], memory[1] = v, memory[0]

    for x in xs:
        if x > 0:
            remember(x)
    return memory


def default_argument_captures(x):
    y = x * 2

    def g(v, w=y):
        return v + w

    if x > 0:
        y = 100.0
    return g(x) + y


def asked_by_the_condition(n):
    asked, total = 0, 0

    def more():
        nonlocal asked
        asked += 1
        return asked < n

    while more():
        if asked == 2:
            continue
        total += asked
        if total > 7:
            break
    else:
        total += 100
    return asked, total


def changed_by_condition_and_body(n):
    values, count = [1], 0

    def ask():
        nonlocal count
        count += 1
        values.append(count)
        return len(values) < n

    while ask():
        count += 10
        values.append(7)
    return values, count


PROGRAMS = [
    (method_state, [(v3,)]),
    (calls_helper, [(f(10),), (f(1),)]),
    (closure, [(v3,)]),
    (nonlocal_counter, [(v3,)]),
    (lambda_key, [(f(2),), (f(-2),)]),
    (nonlocal_in_while, [(np.int64(4),), (np.int64(0),)]),
    (nonlocal_in_branch, [(f(2),), (f(-2),)]),
    (nonlocal_two_levels, [(v4,), (empty,)]),
    (nonlocal_dtype, [(v4,), (-v4,), (empty,)]),
    (global_counter, [(v4,), (empty,)]),
    (global_read, [(v3,)]),
    (lambda_reads_loop_variable, [(v3,), (empty,)]),
    (lambda_reads_late, [(f(2),), (f(-2),)]),
    (closures_in_list, [(f(2),), (f(-2),)]),
    (late_binding, [(f(2),), (f(-2),)]),
    (def_in_loop, [(v4,), (empty,)]),
    (def_in_branch, [(f(2),), (f(-2),)]),
    (loop_writes_captured, [(np.int64(5),), (np.int64(0),)]),
    (methods_mutate_self, [(v4,), (empty,)]),
    (callable_object, [(v4,), (empty,)]),
    (higher_order, [(v3,), (empty,)]),
    (compose_in_loop, [(f(2),), (f(-2),)]),
    (bound_method_as_value, [(v4,), (empty,)]),
    (closure_over_state_list, [(v4,), (empty,)]),
    (default_argument_captures, [(f(2),), (f(-2),)]),
    (asked_by_the_condition, [(np.int64(6),), (np.int64(3),), (np.int64(0),)]),
    (changed_by_condition_and_body, [(np.int64(6),), (np.int64(0),)]),
]
