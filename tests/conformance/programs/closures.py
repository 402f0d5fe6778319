"""`nonlocal`, `global`, closures over loop variables, methods that change `self`."""

from tests.conformance.values import f, v3


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


PROGRAMS = [
    (method_state, [(v3,)]),
    (calls_helper, [(f(10),), (f(1),)]),
    (closure, [(v3,)]),
    (nonlocal_counter, [(v3,)]),
    (lambda_key, [(f(2),), (f(-2),)]),
]
