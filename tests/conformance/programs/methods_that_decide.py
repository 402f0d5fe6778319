"""Operators, properties and methods of classes, also local ones, in which tensors decide."""

from dataclasses import dataclass, field

import numpy as np

from tests.conformance.values import f

i = np.int64


class Gauge:
    """Decides in each of its operators."""

    def __init__(self, v):
        self.v = v

    @property
    def size(self):
        return self.v if self.v > 0 else -self.v

    @size.setter
    def size(self, value):
        if value > 0:
            self.v = value

    @classmethod
    def of(cls, x):
        return cls(x if x > 1 else 1.0)

    def __getitem__(self, k):
        if k > 0:
            return self.v * k
        return 0.0

    def __setitem__(self, k, value):
        if k > 0:
            self.v = value

    def __contains__(self, x):
        return x > self.v

    def __add__(self, other):
        return Gauge(self.v + other) if other > 0 else self

    def __iadd__(self, other):
        if other > 0:
            self.v += other
        return self

    def __lt__(self, other):
        return self.v < other.v if other.v > 0 else False

    def __neg__(self):
        return Gauge(-self.v if self.v > 0 else self.v)

    def __len__(self):
        return 2


@dataclass
class Log:
    last: float
    seen: list = field(default_factory=list)


def property_decides(x):
    gauge = Gauge(x)
    gauge.size = x - 1
    return gauge.size + gauge.v


def items_decide(x):
    gauge = Gauge(x)
    gauge[x] = 10.0
    return gauge[x], gauge.v, gauge[-1]


def membership_decides(x):
    gauge = Gauge(2.0)
    return x in gauge, x not in gauge, (x in gauge) and x > 5


def operators_decide(x):
    gauge = Gauge(1.0)
    gauge += x
    bigger = gauge + x
    return gauge.v, bigger.v, (-bigger).v, gauge < bigger, len(gauge)


def operators_decide_in_a_loop(n):
    gauge = Gauge(0.0)
    for k in range(n):
        gauge += k - 1
        gauge[k] = gauge.v + gauge.size
    return gauge.v


def classmethod_decides(x):
    return Gauge.of(x).v, Gauge.of(-x).size


def attribute_of_one_path(x):
    gauge = Gauge(x)
    if x > 0:
        gauge.other = 7.0
    return getattr(gauge, "other", 9.0), hasattr(gauge, "other")


def attribute_by_name(x):
    gauge = Gauge(x)
    gauge.v = 8.0
    if x > 0:
        gauge.v = x * 2
    return gauge.v


def local_class(x):
    class Local:
        def __init__(self, a):
            self.a = a

        def get(self):
            return self.a if self.a > 0 else x

    return Local(x + 1).get()


def local_class_with_base(x):
    class Base:
        def get(self, y):
            if y > 0:
                return y * 2
            return -y

    class Local(Base):
        __step = 3

        def get(self, y):
            z = super().get(y)
            for k in range(x):
                z += k + self.__step
            return z

        @property
        def sign(self):
            return 1 if x > 0 else 2

        def numbers(self):
            for k in range(x):
                yield k

    local = Local()
    total = 0
    for k in local.numbers():
        total += k
    return local.get(x), local.sign, total


def local_dataclass(x):
    @dataclass
    class Local:
        a: float

        def is_big(self):
            if self.a > 2:
                return True
            return False

    local = Local(x)
    if local.is_big():
        local.a = 0.0
    return local.a


def lists_of_dataclasses_grow(n):
    log = Log(0.0)
    for k in range(n):
        log.seen.append(k * 1.0)
        log.last = k * 2.0
    return log


_signs = [(f(3),), (f(-3),)]

PROGRAMS = [
    (property_decides, [(f(3),), (f(-3),), (f(0.5),)]),
    (items_decide, _signs),
    (membership_decides, [(f(3),), (f(1),), (f(7),)]),
    (operators_decide, _signs),
    (operators_decide_in_a_loop, [(i(4),), (i(0),)]),
    (classmethod_decides, _signs),
    (attribute_of_one_path, _signs),
    (attribute_by_name, _signs),
    (local_class, _signs),
    (local_class_with_base, [(i(3),), (i(-3),)]),
    (local_dataclass, [(f(3),), (f(1),)]),
    (lists_of_dataclasses_grow, [(i(4),), (i(0),)]),
]
