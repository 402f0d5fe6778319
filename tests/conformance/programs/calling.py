"""How functions and methods are called: arguments of every kind, partials, decorators, `super()`, private names."""

import functools

import numpy as np

from tests.conformance.values import f, v3


def largest_of(first, *others, start=0.0, **named):
    best = first
    for other in others:
        if other > best:
            best = other
    for name, value in named.items():
        if value > best and name != "skipped":
            best = value
    return best + start


def arguments_of_all_kinds(x, y):
    many = (x, y, 1.0)
    named = {"a": y * 2, "skipped": 100.0}
    return largest_of(x), largest_of(*many, start=x), largest_of(x, y, **named), largest_of(*many, 7.0, b=x)


def clipped(x, *, low=0.0, high):
    if x < low:
        return low
    return high if x > high else x


def keyword_only_in_loop(v, x):
    total = 0.0
    for y in v:
        total += clipped(y, high=x) - clipped(y, low=-1.0, high=2.0)
    return total


def partials(v, x):
    small = functools.partial(clipped, high=x)
    wide = functools.partial(small, low=-2.0)
    total = 0.0
    for y in v:
        total = total * 2 + small(y) + wide(y)
    return total


def doubled_when_positive(function):
    @functools.wraps(function)
    def run(x, *rest):
        made = function(x, *rest)
        if made > 0:
            made = made * 2
        return made

    return run


@doubled_when_positive
def difference(x, y):
    return x - y if y > 0 else x


def decorated(x, y):
    return difference(x, y), difference(y, x), difference.__name__


def default_from_outside(x, y):
    rate = x * 2

    def scaled(z, by=rate, *, shift=y):
        if z > shift:
            return z * by
        return z

    rate = 0.0
    return scaled(x), scaled(y, 3.0), scaled(rate, shift=-1.0)


class Account:
    __fee = 0.5

    def __init__(self, balance):
        self.__balance = balance
        self.log = []

    @property
    def balance(self):
        return self.__balance

    @staticmethod
    def is_large(amount):
        return amount > 2

    @classmethod
    def empty(cls):
        return cls(0.0)

    def pay(self, amount):
        if amount > self.__balance:
            self.log.append(amount)
            return False
        self.__balance -= amount + (self.__fee if self.is_large(amount) else 0.0)
        return True

    def __call__(self, amount):
        return self.pay(amount)


class Overdrawn(Account):
    __fee = 100.0  # another name than that of the base

    def pay(self, amount):
        paid = super().pay(amount)
        if not paid:
            paid = super().pay(amount / 2)
        return paid


def private_names(v, x):
    account = Account(x)
    paid = 0
    for amount in v:
        if account.pay(amount):
            paid += 1
    return account.balance, paid, account.log


def super_in_loop(v, x):
    account = Overdrawn(x)
    for amount in v:
        account(amount)
    return account.balance, len(account.log), Overdrawn.empty().balance


def call_of_a_method_kept(v, x):
    pay = Overdrawn(x).pay
    results = []
    for amount in v:
        results.append(pay(amount))
    return results


_pairs = [(f(1), f(2)), (f(3), f(-2))]
_rows = [(v3, f(2)), (v3, f(-4))]
PROGRAMS = [
    (arguments_of_all_kinds, _pairs),
    (keyword_only_in_loop, _rows),
    (partials, _rows),
    (decorated, _pairs),
    (default_from_outside, _pairs),
    (private_names, _rows),
    (super_in_loop, _rows),
    (call_of_a_method_kept, [*_rows, (np.zeros(0), f(1))]),
]
