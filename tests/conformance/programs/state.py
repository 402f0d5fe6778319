"""State in namedtuples, dataclasses, dicts, nested structures, modules and attributes."""

import dataclasses
from typing import NamedTuple

import numpy as np

from tests.conformance.values import empty, v3


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


PROGRAMS = [
    (namedtuple_state, [(np.int64(6),), (np.int64(0),)]),
    (attribute_state, [(v3,), (empty,)]),
    (dict_state, [(np.int64(6),)]),
]
