"""Errors of Python's own in a branch or a trip: raised when it is taken, and only then."""

import collections
import json

import numpy as np

Point = collections.namedtuple("Point", "a")
whole = np.int64


class Thing:
    def method(self, a):
        return a


def helper(a, b):
    return a + b


def operands_do_not_fit(x):
    y = x
    if x > 0:
        y = {} + 1
    return y


def attribute_of_none(x):
    ys, none = [0], None
    if x > 0:
        ys.append(1)
        none.foo()
    return ys


def text_and_number(x):
    return "a" + 1 if x > 0 else 3


def number_called(x):
    three = 3
    return (x > 0 and three(1)) or 4


def argument_missing(x):
    return helper(x) if x > 0 else helper(x, 1)


def method_argument_missing(x):
    if x > 0:
        return Thing().method()
    return Thing().method(x)


def no_such_attribute(x):
    if x > 0:
        return Thing().name
    if x < -5:
        Point(1).a = 2
    return 1


def item_of_a_tuple_assigned(x):
    pair = (1, 2)
    if x > 0:
        pair[0] = 3
    return pair


def builtins_of_wrong_things(x):
    if x > 3:
        return len(5)
    if x > 2:
        return int("abc")
    if x > 1:
        return sum(y for y in 5)
    if x > 0:
        return 3 in 5
    return 1


def unpacks_too_many(x):
    y = 1
    if x > 0:
        _, y = (1, 2, 3)
    return y


def library_says_no(x):
    y = 1
    if x > 0:
        y = json.loads("{bad")
    return y


def key_cannot_be_hashed(x):
    found = {}
    if x > 0:
        found[[1]] = 2
    return len(found)


def items_that_are_not_there(x):
    ys = [1]
    if x > 1:
        ys.remove(5)
    elif x > 0:
        return ys.index(7)
    return len(ys)


def different_errors(x):
    if x > 0:
        y = [] + 1
    else:
        y = None.foo
    return y


def caught_when_taken(x):
    y = 0
    try:
        if x > 0:
            y = "a" + 1
        y += 5
    except TypeError as error:
        print(error)
        y = 7
    finally:
        y += 10
    return y


def in_a_trip(xs):
    y = 0
    for x in xs:
        if x > 5:
            y = "a" + 1
        y += 1
    return y


def on_the_first_trip(n):
    k = 0
    while k < n:
        k += 1
        if k > 2:
            {}.foo()
    return k


def differences(xs):
    before, total = None, 0
    for i, x in enumerate(xs):
        if i > 0:
            total = total + (x - before)
        before = x
    return total


_SIGNS = [(whole(-2),), (whole(2),)]

PROGRAMS = [
    (operands_do_not_fit, _SIGNS),
    (attribute_of_none, _SIGNS),
    (text_and_number, _SIGNS),
    (number_called, _SIGNS),
    (argument_missing, _SIGNS),
    (method_argument_missing, _SIGNS),
    (no_such_attribute, [*_SIGNS, (whole(-9),)]),
    (item_of_a_tuple_assigned, _SIGNS),
    (builtins_of_wrong_things, [(whole(0),), (whole(1),), (whole(2),), (whole(3),), (whole(4),)]),
    (unpacks_too_many, _SIGNS),
    (library_says_no, _SIGNS),
    (key_cannot_be_hashed, _SIGNS),
    (items_that_are_not_there, [(whole(0),), (whole(1),), (whole(2),)]),
    (different_errors, _SIGNS),
    (caught_when_taken, _SIGNS),
    (in_a_trip, [(np.array([-1, -2, -3]),), (np.array([1, -2, 8]),)]),
    (on_the_first_trip, [(whole(0),), (whole(2),), (whole(4),)]),
    (differences, [(np.array([1, -2, 8]),), (np.array([5]),)]),
]
