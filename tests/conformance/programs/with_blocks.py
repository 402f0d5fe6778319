"""`with` blocks that contain staged control flow, `return` and exceptions."""

import contextlib

import numpy as np

import autograph as ag
from tests.conformance.values import f, v3


class Scaled:
    """A context that changes an object's attribute for a while."""

    def __init__(self, owner, factor):
        self.owner = owner
        self.factor = factor

    def __enter__(self):
        self.owner.scale = self.owner.scale * self.factor
        return self.owner

    def __exit__(self, kind, error, traceback):
        self.owner.scale = self.owner.scale / self.factor
        self.owner.left = self.owner.left + 1


class Swallows:
    """A context that swallows one kind of exception, and counts."""

    def __init__(self, kind):
        self.kind = kind
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.count = self.count + 100
            return False
        self.count = self.count + 1
        return issubclass(kind, self.kind)


class Owner:
    """What contexts change."""

    def __init__(self, scale):
        self.scale = scale
        self.left = 0


def branch_inside(x):
    owner = Owner(1.0)
    with Scaled(owner, 4.0) as inside:
        y = x * inside.scale if x > 0 else x - inside.scale
    return y, owner.scale, owner.left


def returns_from_inside(x):
    owner = Owner(1.0)
    with Scaled(owner, 2.0):
        if x > 3:
            return x * owner.scale
        x = x + owner.scale
    return x * 10 + owner.left


def returns_on_every_path(x):
    owner = Owner(x)
    with Scaled(owner, 2.0):
        if x > 0:
            return owner.scale
        return -owner.scale


def loop_inside(v):
    owner, total = Owner(1.0), 0.0
    with Scaled(owner, 3.0):
        for x in v:
            if x < 0:
                continue
            total = total + x * owner.scale
    return total, owner.scale


def inside_a_loop(x):
    owner = Owner(1.0)
    for i in range(3):
        with Scaled(owner, 2.0):
            if x > 5:
                break
            x = x * owner.scale + i
    return x, owner.left


def inside_a_staged_loop(x):
    owner = Owner(1.0)
    while x < 20:
        with Scaled(owner, 2.0):
            if x > 10:
                x = x + 7
                continue
            x = x * owner.scale
    return x, owner.left, owner.scale


def generator_manager(x):
    log = []

    @contextlib.contextmanager
    def logged(name):
        log.append(x)
        yield name
        log.append(x * 2)

    with logged("one") as name:
        y = x + len(name) if x > 0 else x
    return y, log


def two_managers(x):
    first, second = Owner(1.0), Owner(2.0)
    with Scaled(first, 2.0) as a, Scaled(second, a.scale) as b:
        while x < 10:
            x = x * b.scale
    return x, first.left + second.left, second.scale


def null_context(x):
    with contextlib.nullcontext(x) as y:
        if y > 0:
            y = y * 2
    return y


def raises_inside(x):
    owner = Owner(1.0)
    try:
        with Scaled(owner, 8.0):
            if x > 1:
                raise ValueError("inside")
            x = x * owner.scale
    except ValueError:
        x = x - 100
    return x, owner.scale, owner.left


def swallows_what_was_raised(x):
    guard = Swallows(ValueError)
    with guard:
        x = x + 1
        if x > 3:
            raise ValueError("large")
        x = x * 2
    return x, guard.count


def does_not_swallow_others(x):
    guard = Swallows(KeyError)
    with guard:
        if x > 3:
            raise ValueError("large")
        x = x * 2
    return x, guard.count


def suppressed(v, i):
    last = v[0]
    with contextlib.suppress(IndexError):
        last = v[i] * 3
    return last


def tape_inside(x):
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = x * x
        if x > 0:
            y = y * x
    return tape.gradient(y, x)


def nested_functions_return(x):
    def inner(value):
        owner = Owner(value)
        with Scaled(owner, 2.0):
            for i in range(3):
                if value > i:
                    return owner.scale, i
        return value, owner.left

    return inner(x)


PROGRAMS = [
    (branch_inside, [(f(2),), (f(-2),)]),
    (returns_from_inside, [(f(2),), (f(4),)]),
    (returns_on_every_path, [(f(2),), (f(-2),)]),
    (loop_inside, [(v3,), (np.ones(2),)]),
    (inside_a_loop, [(f(1),), (f(6),)]),
    (inside_a_staged_loop, [(f(1),), (f(30),), (f(12),)]),
    (generator_manager, [(f(2),), (f(-2),)]),
    (two_managers, [(f(1),), (f(20),)]),
    (null_context, [(f(1),), (f(-1),)]),
    (raises_inside, [(f(0.5),), (f(3),)]),
    (swallows_what_was_raised, [(f(1),), (f(3),)]),
    (does_not_swallow_others, [(f(1),), (f(5),)]),
    (suppressed, [(v3, np.int64(1)), (v3, np.int64(9))]),
    (nested_functions_return, [(f(-1),), (f(1),), (f(9),)]),
]
