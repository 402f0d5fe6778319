"""Random small programs do the same converted as they do in plain Python."""

import contextlib
import linecache
import re
import textwrap

import hypothesis.strategies as st
import reference
from hypothesis import HealthCheck, given, note, settings

from autograph.transpiler import convert
from tests.sampling import LONG

LOCALS = ("a", "b", "c", "d")
NAMES = (*LOCALS, "g")  # `g` is global
FUEL = 60


class OutOfFuel(Exception):
    """Ends a program that would run too long, in plain Python and converted alike."""


class Meter:
    """What a program calls: it notes the order of evaluation and stops endless loops."""

    def __init__(self):
        self.seen = []
        self.n = 1

    def __call__(self, mark, value=None):
        self.seen.append((mark, value))
        if len(self.seen) > FUEL:
            raise OutOfFuel
        return value

    def fail(self, mark, value):
        if self(mark, value):
            raise KeyError(mark)
        return value

    @contextlib.contextmanager
    def manager(self, mark):
        self(f"enter {mark}")
        try:
            yield mark
        finally:
            self(f"exit {mark}")


@st.composite
def expressions(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([*NAMES, "x", "x", "0", "1", "3"]))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    return draw(
        st.sampled_from(
            [
                f"({left} + {right})",
                f"({left} - {right})",
                f"m({draw(marks)}, {left})",
                f"({left} and {right})",
                f"({left} or m({draw(marks)}, {right}))",
                f"({left} if {right} else {draw(st.sampled_from(NAMES))})",
                f"m.fail({draw(marks)}, {left})",
                f"sum([i + {left} for i in xs if i < {right}])",
                "items[0]",
                "m.n",
            ]
        )
    )


marks = st.integers(0, 99)


@st.composite
def conditions(draw):
    left, right = draw(expressions(1)), draw(expressions(1))
    walrus = f"({draw(st.sampled_from(NAMES))} := {right})"
    return draw(
        st.sampled_from(
            [
                f"{left} < {right}",
                f"{left} > 0",
                f"{left}",
                f"not {left}",
                f"m({draw(marks)}, {left}) == {right}",
                f"{left} > {right} and m({draw(marks)}, {left})",
                f"{walrus} > 1",
                f"{left} and {walrus}",
                f"x > {draw(st.integers(-1, 4))}",
            ]
        )
    )


def indented(lines):
    return textwrap.indent("\n".join(lines), "    ").split("\n")


class Programs:
    """Draws statements; what may stand where depends on the loops and blocks around."""

    def __init__(self, draw):
        self.draw = draw
        self.closures = 0

    def one_of(self, *choices):
        return self.draw(st.sampled_from(choices))

    def name(self):
        return self.one_of(*LOCALS, *NAMES)

    def block(self, depth, loop, most=3):
        lines = []
        for _ in range(self.draw(st.integers(1, most))):
            lines += self.statement(depth, loop)
        return lines

    def statement(self, depth, loop):
        simple = [self.assign, self.assign, self.assign, self.augment, self.note, self.store, self.leave, self.remove]
        compound = [self.branch, self.branch, self.branch, self.while_loop, self.for_loop, self.for_loop]
        compound += [self.attempt, self.manage, self.closure, self.match]
        kind = self.one_of(*(simple + compound if depth else simple))
        return kind(depth - 1, loop)

    def assign(self, depth, loop):
        if self.one_of(0, 0, 0, 1):
            return [f"{self.name()}, {self.name()} = {self.draw(expressions())}, {self.draw(expressions())}"]
        return [f"{self.name()} = {self.draw(expressions())}"]

    def augment(self, depth, loop):
        return [f"{self.name()} += {self.draw(expressions())}"]

    def note(self, depth, loop):
        return [f"m({self.draw(marks)}, {self.draw(expressions())})"]

    def store(self, depth, loop):
        value = self.draw(expressions(1))
        targets = ["m.n", "items[0]", f"items[{self.draw(st.integers(0, 2))}]", "items[x]"]
        kind = self.one_of("{} = {}", "{} += {}", "append")
        if kind == "append":
            return [f"items.append({value})"]
        return [kind.format(self.one_of(*targets), value)]

    def match(self, depth, loop):
        patterns = [
            "0",
            "1 | 2",
            "None",
            "[a, b]",
            f"b if {self.draw(conditions())}",
            "int() as c",
            "[1, *d]",
        ]
        lines = []
        for _ in range(self.draw(st.integers(1, 3))):
            lines += [f"case {self.one_of(*patterns)}:", *indented(self.block(depth, loop, 2))]
        lines += ["case _:", *indented(self.block(depth, loop, 2))] if self.one_of(0, 1) else []
        return [f"match {self.one_of(self.draw(expressions(1)), 'items')}:", *indented(lines)]

    def remove(self, depth, loop):
        return [f"del {self.name()}"] if self.one_of(0, 0, 0, 1) else self.assign(depth, loop)

    def leave(self, depth, loop):
        kind = self.one_of("return", "raise", "jump", "jump", "jump")
        if kind == "return":
            return [f"return {self.draw(expressions(1))}" if self.one_of(0, 1, 1) else "return"]
        if kind == "raise":
            return [f"raise {self.one_of('KeyError', 'ValueError')}({self.draw(marks)})"]
        return [self.one_of("break", "continue")] if loop else self.assign(depth, loop)

    def branch(self, depth, loop):
        lines = [f"if {self.draw(conditions())}:", *indented(self.block(depth, loop))]
        if self.one_of(0, 0, 1):
            lines += [f"elif {self.draw(conditions())}:", *indented(self.block(depth, loop, 2))]
        if self.one_of(0, 1):
            lines += ["else:", *indented(self.block(depth, loop))]
        return lines

    def while_loop(self, depth, loop):
        test = self.one_of("True", self.draw(conditions()), self.draw(conditions()))
        body = [f"m({self.draw(marks)})", *self.block(depth, True)]
        lines = [f"while {test}:", *indented(body)]
        return lines + self.loop_else(depth, loop)

    def for_loop(self, depth, loop):
        items = self.one_of("range(3)", "range(x)", "xs", "xs", "[1, 0, 2]", "zip(xs, xs)", "m(7, xs)")
        pair = f"{self.name()}, {self.name()}"
        target = pair if "zip" in items else self.one_of(self.name(), "i")
        lines = [f"for {target} in {items}:", *indented(self.block(depth, True))]
        return lines + self.loop_else(depth, loop)

    def loop_else(self, depth, loop):
        return ["else:", *indented(self.block(depth, loop, 2))] if self.one_of(0, 0, 1) else []

    def attempt(self, depth, loop):
        kind = self.one_of("except", "except", "finally", "both")
        lines = ["try:", *indented(self.block(depth, loop))]
        if kind in ("except", "both"):
            caught = self.one_of("KeyError", "KeyError as e", "(KeyError, NameError)")
            lines += [f"except {caught}:", *indented(self.block(depth, loop))]
            if self.one_of(0, 1):
                lines += ["else:", *indented(self.block(depth, loop, 2))]
        if kind in ("finally", "both"):
            lines += ["finally:", *indented(self.assign(depth, loop) + self.note(depth, loop))]
        return lines

    def manage(self, depth, loop):
        manager = self.one_of(f"m.manager({self.draw(marks)})", "contextlib.suppress(KeyError)")
        return [f"with {manager}:", *indented(self.block(depth, loop))]

    def closure(self, depth, loop):
        name = self.one_of(*LOCALS)
        if self.one_of(0, 1):
            return [f"later.append(lambda: {name})"]
        self.closures += 1
        inner = [f"nonlocal {name}"] if self.one_of(0, 1) else []
        inner += self.block(min(depth, 1), False, 2) + [f"return {name}"]
        function = f"f{self.closures}"
        return [f"def {function}():", *indented(inner), f"later.append({function})", f"m(5, {function}())"]


@st.composite
def programs(draw):
    writer = Programs(draw)
    lines = [f"{name} = {value}" for name, value in zip(LOCALS, (1, 2), strict=False)]
    lines += writer.block(3, False, 4)
    lines += ["if later:", "    return [one() for one in later]"] if writer.one_of(0, 1) else []
    lines += [f"return {draw(st.sampled_from(NAMES))}"] if writer.one_of(0, 1, 1) else []
    # Every name is local, wherever the program happens to assign it.
    lines = [*lines, "if x == -100:", "    a = b = c = d = 0"]
    return "\n".join(["def program(m, x, xs, items, later):", "    global g", *indented(lines)]) + "\n"


def function_of(text):
    file = f"<random program {hash(text)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = {"contextlib": contextlib}
    exec(compile(text, file, "exec"), space)
    return space["program"]


def outcome(function, x, xs):
    meter, items, later = Meter(), [2, 1], []
    function.__globals__["g"] = 1
    try:
        result = function(meter, x, list(xs), items, later)
    except (KeyError, IndexError, ValueError, NameError, TypeError, OutOfFuel) as error:
        # Captured variables that regions read raise NameError where Python's own locals raise its subclass.
        kind = NameError if isinstance(error, NameError) else type(error)
        result = kind, [argument for argument in error.args if isinstance(argument, int)]
    everything = result, meter.seen, meter.n, items, function.__globals__.get("g")
    return re.sub(r"<function \S+ at \w+>", "a function", repr(everything))  # lists may contain themselves


@settings(max_examples=2000 if LONG else 60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.lists(st.integers(0, 2), max_size=3))
def test_converted_programs_do_the_same(text, xs):
    function = function_of(text)
    note(text)
    converted = convert(function, namespace=reference, is_plain=lambda obj: False)
    for x in (-1, 0, 1, 2, 4):
        assert outcome(converted, x, xs) == outcome(function, x, xs)
