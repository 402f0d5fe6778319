"""Functions made by functions: what they store into variables of the one around them is state of loops and branches."""

import contextlib
import functools
from dataclasses import dataclass

import numpy as np

from tests.conformance.values import v3

whole = np.int64


def counter():
    count = 0

    def inc(by=1):
        nonlocal count
        count += by
        return count

    def get():
        return count

    return inc, get


def counted_in_loop(xs):
    inc, get = counter()
    for _ in xs:
        inc()
    return get()


def counted_in_branch(x):
    inc, get = counter()
    if x > 0:
        inc()
    return get()


def counted_both_ways(xs):
    inc, get = counter()
    for x in xs:
        if x > 0:
            inc(x)
        else:
            inc()
    return get()


def counted_in_fractions(xs):
    inc, get = counter()
    for x in xs:
        inc(x * 0.5)
    return get()


def counter_made_in_loop(xs):
    total = 0
    for x in xs:
        inc, get = counter()
        inc(x)
        inc()
        total += get()
    return total


def counter_made_in_branch(x, xs):
    if x > 0:
        inc, get = counter()
    else:
        inc, get = counter()
        inc(5)
    for v in xs:
        inc(v)
    return get()


class Holder:
    def __init__(self):
        self.inc, self.get = counter()

    def __call__(self, x):
        return self.inc(x)


def counter_in_object(xs):
    holder, total = Holder(), 0
    for x in xs:
        if x > 1:
            total += holder(x)
        holder.inc()
    return total, holder.get()


def counters_in_list(xs):
    counters = [counter(), counter()]
    for x in xs:
        counters[0][0](x)
        if x > 1:
            counters[1][0]()
    return counters[0][1](), counters[1][1]()


def counter_in_dict(xs):
    inc, get = counter()
    tools = {"inc": inc, "get": get}
    for x in xs:
        if x > 1:
            tools["inc"](x)
    return tools["get"]()


def counters_of_items(x):
    counters = [counter() for _ in range(3)]
    for k, (inc, _) in enumerate(counters):
        if x > k:
            inc(k + 1)
    return [get() for _, get in counters]


def counter_chosen(x, xs):
    inc_one, get_one = counter()
    inc_two, get_two = counter()
    inc = inc_one if x > 0 else inc_two
    for v in xs:
        inc(v)
    return get_one(), get_two()


def counted_in_try(x):
    inc, get = counter()
    try:
        inc()
        if x > 0:
            raise ValueError("positive")
        inc()
    except ValueError:
        inc(10)
    return get()


def counted_in_finally(x):
    inc, get = counter()
    try:
        try:
            if x > 0:
                raise KeyError("positive")
            inc()
        finally:
            inc(10)
    except KeyError:
        inc(100)
    return get()


def counted_in_with(x):
    inc, get = counter()

    @contextlib.contextmanager
    def counting():
        inc()
        try:
            yield
        finally:
            inc(10)

    with counting():
        if x > 0:
            inc(100)
    return get()


def nested_factories(xs):
    def make():
        a = 0

        def middle():
            b = 0

            def inner(v):
                nonlocal a, b
                a += v
                b += 1
                return a, b

            return inner

        return middle, lambda: a

    middle, get = make()
    one, two = middle(), middle()
    last = 0
    for x in xs:
        _, last = one(x) if x > 0 else two(x)
    return get(), last


def two_that_share(xs):
    def make():
        n = 0

        def up():
            nonlocal n
            n += 1

        def down():
            nonlocal n
            n -= 1

        return up, down, lambda: n

    up, down, get = make()
    for x in xs:
        up() if x > 0 else down()
    return get()


def best_seen(xs):
    def make():
        best, where = None, None

        def see(i, v):
            nonlocal best, where
            if best is None or v > best:
                best, where = v, i

        return see, lambda: (best, where)

    see, found = make()
    for i, x in enumerate(xs):
        see(i, x)
    return found()


def collected_by_closure(xs):
    def make():
        ys = []

        def put(v):
            nonlocal ys
            ys = [*ys, v]

        def add(v):
            ys.append(v)

        return put, add, lambda: ys

    put, add, get = make()
    for x in xs:
        if x > 0:
            add(x)
        else:
            put(x)
    return get()


def fibonacci_by_closure(n):
    def make():
        a, b = 0, 1

        def step():
            nonlocal a, b
            a, b = b, a + b
            return a

        return step

    step, last = make(), 0
    for _ in range(n):
        last = step()
    return last


def counted_by_decorator(xs):
    calls = 0

    def counted(function):
        @functools.wraps(function)
        def wrapper(*args):
            nonlocal calls
            calls += 1
            return function(*args)

        return wrapper

    @counted
    def double(v):
        return v * 2

    total = 0
    for x in xs:
        if x > 0:
            total += double(x)
    return total, calls


def counted_by_partial(xs):
    inc, get = counter()
    twice = functools.partial(inc, 2)
    for x in xs:
        if x > 0:
            twice()
    return get()


def counted_by_map(xs):
    inc, get = counter()
    total = 0
    for y in map(inc, xs):
        total += y
    return total, [inc(x) for x in xs], sum(inc(x) for x in xs if x > 0), get()


def counted_keys(xs, x, y):
    inc, get = counter()

    def key(v):
        inc()
        return -v

    return max(xs, key=key), min(x, y, key=key), sorted([x, y], key=key), max([3, 4], key=key), get()


def counted_generator(x, xs):
    def make():
        n = 0

        def items():
            nonlocal n
            for v in xs:
                n += 1
                yield v

        return items, lambda: n

    items, get = make()
    total = 0
    if x > 0:
        for y in items():
            total += y
    return total, get()


def counted_until_return(xs):
    inc, get = counter()
    for x in xs:
        inc()
        if x > 2:
            return get()
    return -get()


def counts_in_the_condition(n):
    inc, get = counter()
    while get() < n:
        inc()
    return get()


def counter_in_each_call(n):
    def product(k):
        inc, get = counter()
        if k > 1:
            inc(k)
            return get() * product(k - 1)
        return get() + 1

    return product(n)


@dataclass
class Sum:
    total: int = 0

    def adder(self):
        n = 0

        def add(v):
            nonlocal n
            n += 1
            self.total += v
            return n

        return add


def closure_over_self(xs):
    box, last = Sum(), 0
    add = box.adder()
    for x in xs:
        if x > 0:
            last = add(x)
    return last, box.total


LEVEL = 0


def raise_level():
    global LEVEL
    LEVEL += 1


def global_of_a_helper(xs):
    global LEVEL
    LEVEL = 0
    for x in xs:
        if x > 0:
            raise_level()
    found = LEVEL
    LEVEL = 0
    return found


V = np.array([1, -2, 3])
_ROWS = [(V,)]
_SIGNS = [(whole(2),), (whole(-2),)]
_CHOICES = [(whole(2), V), (whole(-2), V)]
_COUNTS = [(whole(4),), (whole(0),)]

PROGRAMS = [
    (counted_in_loop, _ROWS),
    (counted_in_branch, _SIGNS),
    (counted_both_ways, [(v3,), *_ROWS]),
    (counted_in_fractions, [*_ROWS, (v3,)]),
    (counter_made_in_loop, _ROWS),
    (counter_made_in_branch, _CHOICES),
    (counter_in_object, _ROWS),
    (counters_in_list, _ROWS),
    (counter_in_dict, _ROWS),
    (counters_of_items, _SIGNS),
    (counter_chosen, _CHOICES),
    (counted_in_try, _SIGNS),
    (counted_in_finally, _SIGNS),
    (counted_in_with, _SIGNS),
    (nested_factories, _ROWS),
    (two_that_share, _ROWS),
    (best_seen, _ROWS),
    (collected_by_closure, _ROWS),
    (fibonacci_by_closure, _COUNTS),
    (counted_by_decorator, _ROWS),
    (counted_by_partial, _ROWS),
    (counted_by_map, _ROWS),
    (counted_keys, [(V, whole(2), whole(1)), (V, whole(1), whole(2))]),
    (counted_generator, _CHOICES),
    (counted_until_return, _ROWS),
    (counts_in_the_condition, _COUNTS),
    (counter_in_each_call, _COUNTS),
    (closure_over_self, _ROWS),
    (global_of_a_helper, _ROWS),
]
