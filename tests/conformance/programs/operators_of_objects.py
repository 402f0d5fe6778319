"""Operators of the user's own classes, which Python runs as they are, and which change their objects."""

from dataclasses import dataclass

from tests.conformance.values import f, v3, v4


class Box:
    def __init__(self, v):
        self.v, self.log = v, []

    def __iadd__(self, by):
        self.v += by
        self.log.append(by)
        return self

    def __setitem__(self, key, x):
        self.v = self.v * 10 + x

    def __getitem__(self, key):
        self.v -= 1
        return self.v

    def __add__(self, other):
        return Box(self.v + other)


def added_in_branch(x):
    box = Box(1.0)
    if x > 0:
        box += x
    return box.v, len(box.log)


def added_and_stored_in_loop(xs):
    box = Box(1.0)
    for x in xs:
        if x > 2:
            box += x
        else:
            box[0] = x
    return box.v, box.log


def added_inside_containers(x):
    held = {"boxes": [Box(1.0)]}
    if x > 0:
        held["boxes"][0] += 3.0
    return held["boxes"][0].v


def read_that_changes(x):
    box = Box(5.0)
    y = box[0] if x > 0 else 0.0
    return y, box.v


def added_while(x):
    box = Box(x)
    while box.v < 10:
        box += 3.0
    return box.v, len(box.log)


def sum_of_boxes(x):
    box = Box(x)
    if x > 0:
        box = box + 1.0
    return box.v


both = [(f(2),), (f(-2),)]


@dataclass(order=True)
class Graded:
    grade: object
    number: object = 0


def ordered_records(x):
    p, q = Graded(x), Graded(1.0, 2)
    if p < q:
        return 1, q.grade
    if p >= q:
        return 2, max(p, q).grade
    return 3, x if Graded(1) < Graded(2) <= Graded(x) else -x


def best_record(xs):
    best = Graded(-100.0)
    for x in xs:
        one = Graded(x, 1)
        if one > best:
            best = one
    return best.grade, best.number


PROGRAMS = [
    (added_in_branch, both),
    (added_and_stored_in_loop, [(v4,)]),
    (added_inside_containers, both),
    (read_that_changes, both),
    (added_while, both),
    (sum_of_boxes, both),
    (ordered_records, [(f(2),), (f(1),), (f(-2),)]),
    (best_record, [(v3,)]),
]
