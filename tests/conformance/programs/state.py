"""State in namedtuples, dataclasses, dicts, nested structures, modules and attributes."""

import dataclasses
from typing import NamedTuple

import numpy as np

import autograph as ag
from tests.conformance.values import empty, f, v3, v4


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


class Pair(NamedTuple):
    left: float
    right: float


def namedtuple_replace(xs):
    p = Pair(0.0, 1.0)
    for x in xs:
        p = p._replace(left=p.left + x)
        if p.left > 2:
            p = p._replace(right=p.right * 2)
    return p


@dataclasses.dataclass(frozen=True)
class Frozen:
    position: float
    speed: float


def frozen_dataclass_replace(n):
    body = Frozen(10.0, 0.0)
    for _ in range(n):
        if body.position > 0:
            body = dataclasses.replace(body, position=body.position + body.speed, speed=body.speed - 1.5)
        else:
            body = dataclasses.replace(body, position=-body.position, speed=-body.speed * 0.5)
    return body


@dataclasses.dataclass
class Particle:
    x: float
    v: float = 0.0
    hits: int = 0

    def step(self, force):
        self.v += force
        self.x += self.v
        if self.x < 0:
            self.x = -self.x
            self.hits += 1
        return self


def dataclass_methods(xs):
    p = Particle(1.0)
    for x in xs:
        p.step(x)
    return p.x, p.v, p.hits


def dataclass_returned(x):
    p = Particle(x)
    if x > 0:
        p.v = x * 2
        p.hits = 3
    return p


def new_dataclass_in_loop(n):
    p = Particle(0.0)
    i = 0
    while i < n:
        p = Particle(p.x + 1.5, v=p.x, hits=i)
        i += 1
    return p


def nested_dict(xs):
    state = {"pos": {"x": 0.0, "y": 0.0}, "steps": 0}
    for x in xs:
        if x > 0:
            state["pos"]["x"] += x
        else:
            state["pos"]["y"] -= x
        state["steps"] += 1
    return state


def dict_update(xs):
    d = {"a": 0.0, "b": 1.0}
    for x in xs:
        if x > 1:
            d.update(a=x, b=d["a"])
    return d


def dict_rebuilt(n):
    d = {"a": 0, "b": 1}
    for _ in range(n):
        d = {"a": d["b"], "b": d["a"] + d["b"]}
    return d


class Node:
    def __init__(self, value):
        self.value = value
        self.b = {"c": value, "d": [value, 0.0]}


def deep_place(xs):
    a = [Node(0.0), Node(1.0)]
    for i, x in enumerate(xs):
        if x > 0:
            a[0].b["c"] += x
            a[1].b["d"][0] = x
        else:
            a[1].value -= x
    return a[0].b["c"], a[1].b["d"], a[1].value


class Tank(ag.Module):
    def __init__(self):
        self.level = 0.0
        self.spills = 0

    def fill(self, amount):
        self.level = self.level + amount
        while self.level > 5:
            self.level = self.level - 5
            self.spills += 1


def module_attributes(xs):
    tank = Tank()
    for x in xs:
        if x > 0:
            tank.fill(x)
    return tank.level, tank.spills


class Walker:
    def __init__(self, x):
        self.x = x
        self.path = []

    def walk(self, steps):
        for s in steps:
            self.x = self.x + s
            if self.x > 3:
                self.path.append(self.x)
        return self


def object_with_list(xs):
    w = Walker(0.0)
    w.walk(xs).walk(xs)
    return w.x, w.path


def tuple_state(n):
    t = (0, (1, 2.0))
    for i in range(n):
        t = (t[0] + i, (t[1][0] * 2, t[1][1] + 0.5))
    return t


def list_of_namedtuples(xs):
    ps = [Pair(0.0, 0.0), Pair(1.0, 1.0)]
    for x in xs:
        ps[0] = Pair(ps[0].left + x, ps[1].right)
        if x > 0:
            ps[1] = ps[1]._replace(right=x)
    return ps


def alias_of_object(x):
    a = Particle(x)
    b = a
    if x > 0:
        b.x = x * 10
    a.v = b.x + 1
    return a.x, b.v


def objects_swapped(x):
    a, b = Particle(x), Particle(x * 2)
    if x > 0:
        a, b = b, a
        a.hits = 5
    return a.x, a.hits, b.x


class Chain:
    def __init__(self, value, inner=None):
        self.value = value
        self.inner = inner


def linked_objects(xs):
    chain = Chain(0.0, Chain(1.0, Chain(2.0)))
    for x in xs:
        if x > 0:
            chain.inner.inner.value += x
            chain.inner.value *= 2
    return chain.value, chain.inner.value, chain.inner.inner.value


class Meter:
    __slots__ = ("reading", "trips")

    def __init__(self):
        self.reading = 0.0
        self.trips = 0


def attribute_deleted(x):
    n = Node(x)
    n.extra = 1.0
    if x > 0:
        n.extra = 2.0
    y = n.extra
    del n.extra
    return y, hasattr(n, "extra")


def attribute_added_in_loop(xs):
    n = Node(0.0)
    for x in xs:
        n.last = x
        n.value += n.last
    return n.value


def objects_in_list_loop(xs):
    ps = [Particle(1.0), Particle(2.0, 1.0)]
    for x in xs:
        for p in ps:
            p.step(x)
    return [p.x for p in ps], [p.hits for p in ps]


def momentum(xs):
    w = {"w": xs * 0, "m": xs * 0}
    for i in range(3):
        g = w["w"] - xs
        w["m"] = 0.5 * w["m"] + g
        if i < len(xs):
            w["w"] = w["w"] - 0.1 * w["m"]
    return w


class WithDefault:
    count = 0.0


def attribute_of_the_class_first(v):
    counted = WithDefault()
    for x in v:
        if x > 0:
            counted.count += x
    return counted.count


PROGRAMS = [
    (attribute_of_the_class_first, [(v3,), (-v3,)]),
    (namedtuple_state, [(np.int64(6),), (np.int64(0),)]),
    (attribute_state, [(v3,), (empty,)]),
    (dict_state, [(np.int64(6),)]),
    (namedtuple_replace, [(v3,), (empty,)]),
    (frozen_dataclass_replace, [(np.int64(6),), (np.int64(0),)]),
    (dataclass_methods, [(-v3,), (empty,)]),
    (dataclass_returned, [(f(2),), (f(-2),)]),
    (new_dataclass_in_loop, [(np.int64(4),), (np.int64(0),)]),
    (nested_dict, [(v4,), (empty,)]),
    (dict_update, [(v3,), (empty,)]),
    (dict_rebuilt, [(np.int64(6),), (np.int64(0),)]),
    (deep_place, [(v4,), (empty,)]),
    (module_attributes, [(v4 * 3,), (empty,)]),
    (object_with_list, [(v3,), (v4,)]),
    (tuple_state, [(np.int64(4),), (np.int64(0),)]),
    (list_of_namedtuples, [(v3,), (empty,)]),
    (alias_of_object, [(f(2),), (f(-2),)]),
    (objects_swapped, [(f(2),), (f(-2),)]),
    (linked_objects, [(v3,), (empty,)]),
    (attribute_deleted, [(f(2),), (f(-2),)]),
    (attribute_added_in_loop, [(v3,), (empty,)]),
    (objects_in_list_loop, [(-v3,), (empty,)]),
    (momentum, [(v3,)]),
]
