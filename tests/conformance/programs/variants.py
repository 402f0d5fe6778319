"""Values that have one structure on one path and another on the other: returned, measured, looped over, asked."""

import collections
from dataclasses import dataclass

import numpy as np

from tests.conformance.values import f, v3

i = np.int64
Pair = collections.namedtuple("Pair", "a b")


@dataclass
class Point:
    x: float
    y: float


@dataclass
class Mark:
    x: float


def shorter_and_shorter(x):
    if x > 5:
        return 1, x
    if x > 3:
        return (x,)
    return ()


def tuple_or_number(x):
    if x > 0:
        result = (x, x)
    else:
        result = x
    return result


def text_or_number(x):
    kind = "positive" if x > 0 else x
    return kind


def returned_from_a_loop(x):
    for k in range(5):
        if k == x:
            return k, k + 1
        if k + x == 0:
            return "opposite"
    return None


def lists_and_dicts(x, v):
    if x > 0:
        return [x], {"v": v}
    return [x, x], {"v": v, "w": 1}


def measured(x):
    result = (x,) if x > 0 else (x, x + 1)
    return len(result), result[0], sum(result), 1 in result


def looped_over(x):
    total = 0.0
    for part in (x,) if x > 0 else (x, 2 * x):
        total = total * 2 + part
    return total


def second_part_missing(x):
    result = (x,) if x > 0 else (x, x + 1)
    return result[1]


def asked_for_its_class(x):
    mark = Point(x, 2 * x) if x > 0 else Mark(x)
    if isinstance(mark, Point):
        return mark.y
    return mark.x


def changed_whatever_it_is(x):
    mark = Point(x, 1.0) if x > 0 else Mark(x)
    mark.x = mark.x * 3
    return mark


def three_kinds(x):
    found = None
    if x > 0:
        found = (x, 1)
    elif x > -5:
        found = x
    return found, found is None


def other_keys(x):
    d = {"a": x} if x > 0 else {"a": x, "b": 1}
    return d, d["a"], len(d), "b" in d, d.get("b", 7)


def key_of_one_dict(x):
    d = {"a": x} if x > 0 else {"a": x, "b": x}
    return d["b"]


def grown_by_choice(x):
    taken = ()
    for k in range(3):
        if x > k:
            taken = taken + (k * x,)  # noqa: RUF005
    return taken


def changed_in_a_loop(x, n):
    result = x
    for k in range(n):
        if k == 2:
            result = (k, x)
    return result


def made_by_a_chosen_function(x):
    make = (lambda a: (a, a)) if x > 0 else (lambda a: a)
    return make(x)


def looked_up_by_a_word(x):
    table = {"low": 1, "high": (2, x)}
    return table["low" if x > 0 else "high"]


def asked_step_by_step(x):
    result = x if x > 3 else (x, 2 * x) if x > 0 else "negative"
    if isinstance(result, str):
        return -1.0
    if isinstance(result, tuple):
        return result[1]
    return result


def namedtuple_or_tuple(x):
    result = Pair(x, 2) if x > 0 else (x,)
    return result, result[0] * 2


def empty_or_not(x):
    result = () if x > 0 else (x, x)
    if result:
        return 1.0
    return result or (2.0,)


def operands_of_any_kind(x):
    return (x and (x, 1)), (x or "zero")


def letter_of_a_word(x):
    word = "a" if x > 0 else "abcdef"
    return word[5]


def number_in_a_word(x):
    return int("12" if x > 0 else "b")


_signs = [(f(1.5),), (f(-1.5),)]

PROGRAMS = [
    (shorter_and_shorter, [(i(6),), (i(4),), (i(0),)]),
    (tuple_or_number, _signs),
    (text_or_number, _signs),
    (returned_from_a_loop, [(i(1),), (i(-2),), (i(9),)]),
    (lists_and_dicts, [(f(1), v3), (f(-1), v3)]),
    (measured, [(i(1),), (i(-1),)]),
    (looped_over, _signs),
    (second_part_missing, _signs),
    (asked_for_its_class, _signs),
    (changed_whatever_it_is, _signs),
    (three_kinds, [(f(1),), (f(-1),), (f(-7),)]),
    (other_keys, _signs),
    (key_of_one_dict, _signs),
    (grown_by_choice, [(f(1),), (f(-1),), (f(10),)]),
    (changed_in_a_loop, [(f(1), i(2)), (f(1), i(5))]),
    (made_by_a_chosen_function, _signs),
    (looked_up_by_a_word, _signs),
    (asked_step_by_step, [(f(1),), (f(-1),), (f(5),)]),
    (namedtuple_or_tuple, _signs),
    (empty_or_not, _signs),
    (operands_of_any_kind, [(i(0),), (i(3),)]),
    (letter_of_a_word, _signs),
    (number_in_a_word, _signs),
]
