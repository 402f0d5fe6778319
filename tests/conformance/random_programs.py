"""Writes random small programs: nested control flow over integers, with features that each program draws."""

import collections
import contextlib
import functools
import warnings
from dataclasses import dataclass, field, replace

import numpy as np

from tests.conformance.random_features import BASE, FEATURES, Feature

NAMES = ("a", "b", "c")


@dataclass
class Writer:
    """Writes a program with the choices that `choose` makes among options."""

    choose: object
    features: list[Feature] = field(default_factory=lambda: [BASE])
    loops: int = 0

    def of(self, kind):
        return self.choose([option for feature in self.features for option in getattr(feature, kind)])

    def value(self, depth):
        if depth <= 0 or self.choose([True, False]):
            return self.choose([*NAMES, "x", "1", "2", "-3"])
        return self.fill(self.of("values"), depth - 1)

    def test(self, depth):
        return self.fill(self.of("tests"), depth - 1) if depth > 0 else f"{self.value(1)} > {self.value(0)}"

    def fill(self, template, depth):
        """A template with its holes filled by values and tests."""
        for hole, write in (("{t}", self.test), ("{v}", self.value)):
            while hole in template:
                template = template.replace(hole, write(depth), 1)
        return template.replace("{n}", self.choose(NAMES))

    def block(self, depth, in_loop):
        lines = []
        for _ in range(self.choose([1, 2, 3])):
            lines += self.statement(depth, in_loop)
        return lines

    def statement(self, depth, in_loop):
        kinds = ["template"] * 5 + ["escape"] * in_loop
        if depth > 0:
            kinds += ["branch", "while", "for", "return"]
        return getattr(self, "write_" + self.choose(kinds))(depth - 1, in_loop)

    def write_template(self, depth, in_loop):
        templates = [t for f in self.features for t in f.statements if depth > 0 or not has_block(t)]
        self.loops += 1
        lines = []
        for line in self.fill(self.choose(templates).replace("{k}", f"h{self.loops}"), 2).split("\n"):
            body = line.lstrip()
            if body in ("{block}", "{other}", "{loop}"):
                inside = in_loop or body == "{loop}"
                lines += [line[: -len(body)] + inner for inner in self.block(depth - 1, inside)]
            else:
                lines.append(line)
        return lines

    def write_escape(self, depth, in_loop):
        return [f"if {self.test(1)}:", f"    {self.choose(['break', 'continue'])}"]

    def write_return(self, depth, in_loop):
        return [f"if {self.test(1)}:", f"    return {self.value(2)}, {self.results()}"]

    def write_branch(self, depth, in_loop):
        lines = [f"if {self.test(2)}:", *indented(self.block(depth, in_loop))]
        if self.choose([True, False]):
            lines += ["else:", *indented(self.block(depth, in_loop))]
        return lines

    def write_while(self, depth, in_loop):
        self.loops += 1
        name = f"k{self.loops}"
        body = [f"{name} += 1", *self.block(depth, True)]
        return [f"{name} = 0", f"while {name} < {self.choose(['3', 'n'])}:", *indented(body)]

    def write_for(self, depth, in_loop):
        self.loops += 1
        name = f"i{self.loops}"
        body = [f"{self.choose(NAMES)} = {name}", *self.block(depth, True)]
        return [f"for {name} in {self.choose(['xs', 'range(n)', 'range(2)'])}:", *indented(body)]

    def results(self):
        return ", ".join(f.result for f in self.features if f.result)


class Box:
    """An object whose attributes programs change."""

    def __init__(self, v):
        self.v = v
        self.items = [v]

    @classmethod
    def of(cls, a, b):
        return cls(a) if a > b else cls(b)

    @property
    def double(self):
        return self.v * 2

    @double.setter
    def double(self, value):
        self.v = value // 2

    def add(self, by):
        if by > 0:
            self.v += by
        return self

    def __call__(self, by):
        self.v -= 1
        return self.v if by > 1 else by

    def __add__(self, by):
        return Box(self.v + by)

    def __iadd__(self, by):
        self.v += by
        return self

    def __lt__(self, other):
        return self.v < other

    def __bool__(self):
        return len(self.items) > 1

    def __len__(self):
        return len(self.items)


@dataclass
class Point:
    """A record whose fields programs change."""

    x: int
    y: int

    def norm(self):
        if self.x > self.y:
            return self.x - self.y
        return self.y

    def shift(self, by):
        for k in range(2):
            if by > k:
                self.x += by


Pair = collections.namedtuple("Pair", "u v")


class Odd(Exception):
    """An exception of the user's."""


class Log:
    """A context manager that counts."""

    def __init__(self):
        self.depth = 0
        self.seen = []

    def __enter__(self):
        self.depth += 1
        return self.depth

    def __exit__(self, kind, error, traceback):
        self.depth -= 1

    def note(self, v):
        if v > 0:
            self.seen.append(v)


class Old:
    """A base class, with a private name and operators."""

    def __init__(self, u, w=0):
        self.__sum = u + w
        self.parts = [u, w]

    @property
    def total(self):
        return self.__sum + self.parts[0]

    @total.setter
    def total(self, value):
        self.__sum = value

    def grow(self, by):
        if by > 0:
            self.__sum += by
        return self.__sum

    def __getitem__(self, place):
        return self.parts[place]

    def __setitem__(self, place, value):
        self.parts[place] = value

    def __len__(self):
        return len(self.parts)

    def __contains__(self, value):
        return value == self.parts[0]

    def __gt__(self, value):
        return self.__sum > value

    def __iter__(self):
        for part in self.parts:
            if part != 0:
                yield part


class Young(Old):
    """A class of that base."""

    def grow(self, by):
        if by > 3:
            return super().grow(by) * 2
        return super().grow(by + 1)


@contextlib.contextmanager
def noted(log, v):
    """A context manager written as a generator."""
    log.note(v)
    try:
        yield v + 1
    finally:
        log.note(1)


def indented(lines):
    """Lines one level deeper."""
    return ["    " + line for line in lines]


def has_block(template):
    """Whether a template holds a block."""
    return any(hole in template for hole in ("{block}", "{other}", "{loop}"))


class Bag:
    """An object that gets its attributes later."""


SPACE = {"Bag": Bag, "Box": Box, "Point": Point, "Pair": Pair, "Odd": Odd, "replace": replace, "np": np}
SPACE |= {
    "Log": Log,
    "Old": Old,
    "Young": Young,
    "partial": functools.partial,
    "noted": noted,
    "suppress": contextlib.suppress,
    "ByZero": (ZeroDivisionError, FloatingPointError),
    "nullcontext": contextlib.nullcontext,
}


def write_program(choose):
    """The text of a function `program(x, n, xs)`; `choose` takes one of a list of options."""
    while not is_python(text := write_text(choose)):
        pass
    return text


def is_python(text):
    """Whether Python takes a program: it does not take each `:=` in a comprehension."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(text, "", "exec")
        except SyntaxError:
            return False
    return True


def write_text(choose):
    """A program, which Python may not take."""
    writer = Writer(choose)
    for _ in range(choose([0, 1, 2, 3])):
        feature = FEATURES[choose(list(FEATURES))]
        if feature not in writer.features:
            writer.features.append(feature)
    setup = [line for feature in writer.features for line in feature.setup]
    lines = ["a, b, c = 0, 1, x", "ys = []", *setup, *writer.block(3, False), *writer.block(2, False)]
    lines.append(f"return a + b - c, {writer.results()}")
    return "\n".join(["def program(x, n, xs):", *indented(lines)]) + "\n"
