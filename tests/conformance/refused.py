"""Programs that are refused: each names the exception, part of its message, and why no graph can say the same.

The line that the message has to name ends with the comment `refused`; the program's arguments are as in `programs`.
"""

import datetime
import os
import random
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograph as ag
from tests.conformance.values import f, v3


@dataclass(frozen=True)
class Refusal:
    """One refused program.

    Attributes:
        program: a function with the comment `refused` behind one line.
        args: its arguments.
        exception: the type of the refusal.
        fragment: part of its message: the rewrite.
        reason: why it is refused.
        rewrite: a program for the same arguments that works.
    """

    program: Any
    args: tuple[Any, ...]
    exception: type[Exception]
    fragment: str
    reason: str
    rewrite: Any = None


def rank_differs(x, v):
    if x > 0:  # refused
        y = x
    else:
        y = v
    return y


def reads_a_clock(x):
    start = time.perf_counter()  # refused
    return x + start


def reads_the_date(x):
    return x + datetime.datetime.now().year  # refused


def host_random(x):
    if x > 0:
        x = x + random.random()  # refused
    return x


def numpy_random(x):
    return x + np.random.rand()  # refused


NOISE = np.random.default_rng(0)


def numpy_generator(x):
    for _ in range(2):
        x = x + NOISE.normal()  # refused
    return x


def asks_the_user(x):
    return x + len(input("how many? "))  # refused


def opens_a_file(x):
    with open("numbers.txt") as file:  # refused
        return x + len(file.read())


def reads_the_environment(x):
    return x if os.environ["HOME"] else -x  # refused


def asks_the_environment(x):
    return x + len(os.environ.get("HOME", ""))  # refused


def alias_on_one_path(x):
    ys, zs = [1], [2]
    if x > 0:
        zs = ys
    ys.append(3)
    return zs[0]  # refused


def alias_behind_an_early_return(x, n):
    ys, zs = [1], [2]
    if x > 0:
        for _ in range(n):
            if x > 5:
                return 1, zs
        zs = ys
    ys.append(3)  # refused
    return 2, zs


def key_of_another_functions_dict(x):
    def note(totals):
        if x > 0:
            totals["high"] = x  # refused

    mine = {"low": x}
    note(mine)
    return len(mine)


def key_of_a_copy(x):
    def note(totals):
        totals = dict(totals)
        if x > 0:
            totals["high"] = x
        return totals

    return len(note({"low": x}))


def counted_down(x):
    while x > 0:
        yield x
        x = x - 1


def next_of_a_generator(x):
    return next(counted_down(x))  # refused


def generator_advanced_in_a_loop(x):
    items = counted_down(3)
    while x > 0:
        x = x - next(items)  # refused
    return x


def sends_to_a_generator(x):
    def echo():
        got = (yield x) + 1  # refused
        yield got

    total = x
    for item in echo():
        total = total + item
    return total


def yields_where_exceptions_are_caught(x):
    def careful():
        try:  # refused
            yield x
        except ValueError:
            yield -x

    total = x
    for item in careful():
        total = total + item
    return total


def text_of_a_kernels_exception(v, i):
    try:
        return v[i]
    except IndexError as error:
        return v[len(str(error))]  # refused


COUNT = ag.Variable(0)


def recursion_that_assigns_a_variable(n):
    def down(k):
        COUNT.assign_add(1)  # refused
        return k if k <= 0 else down(k - 1)

    return down(n)


def recursion_without_an_end(n):
    def down(k):  # refused
        return down(k - 1) if k > 0 else down(k + 1)

    return down(n)


def recursion_that_changes_its_argument(n, v):
    def fill(items, k):
        items.append(k)  # refused
        return items if k <= 0 else fill(items, k - 1)

    return fill([v[0]], n)


def returns_a_generator(x):  # refused
    return counted_down(x)


def alias_of_tensor_on_one_path(x, v):
    w = v + 1
    if x > 0:
        w = v
    v[0] = 100
    return w[0]  # refused


def match_of_optional_structure(x):
    best = None
    if x > 1:
        best = (x, 2)
    match best:
        case (a, b):  # refused
            return a + b
    return x


class Box:
    pass


def all_attributes_of_an_object(x):
    box = Box()
    if x > 0:
        box.size = x
    return "size" in vars(box)  # refused


def attributes_that_were_taken_before(x):
    box = Box()
    held = vars(box)
    if x > 0:  # refused
        box.size = x
    return "size" in held


def dict_that_was_taken_before(x):
    box = Box()
    held = box.__dict__
    if x > 0:  # refused
        box.size = x
    return "size" in held


def asks_for_one_attribute(x):
    box = Box()
    if x > 0:
        box.size = x
    return hasattr(box, "size")


def match_of_uncertain_attributes(x):
    box = Box()
    if x > 0:
        box.size = x
    match box:
        case Box(size=size):  # refused
            x = size * 2
    return x


def asks_before_it_matches(x):
    box = Box()
    if x > 0:
        box.size = x
    if hasattr(box, "size"):
        x = box.size * 2
    return x


_attributes = "which attributes an object has is Python's matter, but for those that are asked for by name"

REFUSED = [
    Refusal(
        match_of_optional_structure,
        (f(3),),
        ag.errors.StagingError,
        "is not None",
        "Python's match looks at structure while the function is traced",
    ),
    Refusal(
        recursion_that_assigns_a_variable,
        (f(3),),
        ag.errors.StagingError,
        "return the new value, and assign it outside",
        "a graph that calls itself has its variables' values only",
    ),
    Refusal(
        recursion_without_an_end,
        (f(3),),
        ag.errors.StagingError,
        "add a base case",
        "the base case says of what type the result is",
    ),
    Refusal(
        recursion_that_changes_its_argument,
        (f(3), v3),
        ag.errors.StagingError,
        "return the new value instead",
        "a graph that calls itself hands on values, not objects",
    ),
    Refusal(
        returns_a_generator,
        (f(3),),
        ag.errors.StagingError,
        "return the items: list(...)",
        "the generator would go on when the graph has ended",
    ),
    Refusal(
        alias_of_tensor_on_one_path,
        (f(1), v3),
        ag.errors.StagingError,
        "t + 0",
        "two names mean one tensor on one path and two on the other, and a change of one shows in the other",
    ),
    *[
        Refusal(program, (f(3),), error, fragment, "a graph has no place to keep a generator's own state")
        for program, error, fragment in [
            (next_of_a_generator, ag.errors.StagingError, "loop over the generator with a for statement"),
            (generator_advanced_in_a_loop, ag.errors.StagingError, "loop over the generator with a for statement"),
            (sends_to_a_generator, ag.errors.ConversionError, "write `yield value` as a statement of its own"),
            (yields_where_exceptions_are_caught, ag.errors.ConversionError, "yield it after"),
        ]
    ],
    Refusal(
        text_of_a_kernels_exception,
        (v3, np.int64(1)),
        ag.errors.GraphTensorError,
        "catch it without looking at it",
        "the message of a kernel is made when the graph runs",
    ),
    Refusal(
        key_of_another_functions_dict,
        (f(1),),
        ag.errors.StagingError,
        "d = dict(d)",
        "which keys a dict has is Python's matter, unless converted code makes it where it is changed",
        key_of_a_copy,
    ),
    Refusal(
        alias_behind_an_early_return,
        (f(1), np.int64(2)),
        ag.errors.StagingError,
        "list(ys)",
        "two names mean one object on one path and two on the other, and a change of one shows in the other",
    ),
    Refusal(
        alias_on_one_path,
        (f(1),),
        ag.errors.StagingError,
        "list(ys)",
        "two names mean one object on one path and two on the other, and a change of one shows in the other",
    ),
    Refusal(
        rank_differs,
        (f(1), v3),
        ag.errors.StagingError,
        "give 'y' one rank on both paths",
        "a value of the graph has one number of dimensions",
    ),
    *[
        Refusal(program, (f(1),), ag.errors.StagingError, "hasattr(obj, 'size')", _attributes, rewrite)
        for program, rewrite in [
            (all_attributes_of_an_object, asks_for_one_attribute),
            (attributes_that_were_taken_before, asks_for_one_attribute),
            (dict_that_was_taken_before, asks_for_one_attribute),
            (match_of_uncertain_attributes, asks_before_it_matches),
        ]
    ],
    *[
        Refusal(program, (f(1),), ag.errors.ImpureCallError, fragment, "it would happen when tracing, not at each call")
        for program, fragment in [
            (reads_a_clock, "pass the time in as an argument"),
            (reads_the_date, "pass the time in as an argument"),
            (host_random, "use ag.random"),
            (numpy_random, "use ag.random"),
            (numpy_generator, "use ag.random"),
            (asks_the_user, "read it outside and pass it in"),
            (opens_a_file, "open files outside"),
            (reads_the_environment, "read it outside and pass it in"),
            (asks_the_environment, "read it outside and pass it in"),
        ]
    ],
]
