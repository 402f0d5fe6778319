"""Random small programs with nested control flow give staged what they give in plain Python."""

import linecache
import os

import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase, given, note, settings

import autograph as ag
from tests.conformance.random_programs import Box
from tests.conformance.test_conformance import same

NAMES = ("a", "b", "c")
counter = iter(range(10**9))


class Writer:
    """Writes a program with the choices that hypothesis draws."""

    def __init__(self, draw):
        self.draw = draw
        self.loops = 0

    def one_of(self, *options):
        return self.draw(st.sampled_from(options))

    def value(self, depth=2):
        if depth == 0 or self.one_of(True, False):
            return self.one_of(*NAMES, "x", "1", "2", "-3")
        left, right = self.value(depth - 1), self.value(depth - 1)
        form = self.one_of("({} + {})", "({} - {})", "({} * {}) % 97", "max({}, {})", "({0} if {1} > 0 else {0} + 1)")
        return form.format(left, right)

    def test(self):
        simple = f"{self.value(1)} {self.one_of('<', '<=', '==', '!=', '>')} {self.value(1)}"
        form = self.one_of("{}", "{}", "not {}", "{} and x > 0", "{} or a > b", "0 < {} < 3")
        return form.format(self.value(1)) if form.startswith("0") else form.format(simple)

    def block(self, depth, in_loop):
        lines = []
        for _ in range(self.one_of(1, 2, 3)):
            lines += self.statement(depth, in_loop)
        return lines

    def statement(self, depth, in_loop):
        kinds = ["assign", "assign", "augment", "append"]
        if in_loop:
            kinds += ["break", "continue"]
        if depth:
            kinds += ["if", "if", "while", "for", "return"]
        return getattr(self, "write_" + self.one_of(*kinds))(depth - 1, in_loop)

    def write_assign(self, depth, in_loop):
        return [f"{self.one_of(*NAMES)} = {self.value()}"]

    def write_augment(self, depth, in_loop):
        return [f"{self.one_of(*NAMES)} {self.one_of('+', '-')}= {self.value(1)}"]

    def write_append(self, depth, in_loop):
        return [f"ys.append({self.value(1)})"]

    def write_break(self, depth, in_loop):
        return [f"if {self.test()}:", "    break"]

    def write_continue(self, depth, in_loop):
        return [f"if {self.test()}:", "    continue"]

    def write_return(self, depth, in_loop):
        return [f"if {self.test()}:", f"    return {self.value()}, ys"]

    def write_if(self, depth, in_loop):
        lines = [f"if {self.test()}:", *self.indented(self.block(depth, in_loop))]
        if self.one_of(True, False):
            lines += ["else:", *self.indented(self.block(depth, in_loop))]
        return lines

    def write_while(self, depth, in_loop):
        self.loops += 1
        name = f"k{self.loops}"
        body = [f"{name} += 1", *self.block(depth, True)]
        return [f"{name} = 0", f"while {name} < {self.one_of('3', 'n')}:", *self.indented(body)]

    def write_for(self, depth, in_loop):
        self.loops += 1
        name = f"i{self.loops}"
        body = [f"{self.one_of(*NAMES)} = {name}", *self.block(depth, True)]
        return [f"for {name} in {self.one_of('xs', 'range(n)', 'range(2)')}:", *self.indented(body)]

    def indented(self, lines):
        return ["    " + line for line in lines]


@st.composite
def programs(draw):
    writer = Writer(draw)
    lines = ["a, b, c = 0, 1, x", "ys = []", *writer.block(3, False), *writer.block(2, False), "return a + b - c, ys"]
    return "\n".join(["def program(x, n, xs):", *writer.indented(lines)]) + "\n"


def function_of(text):
    file = f"<random staged program {next(counter)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = {"Box": Box}
    exec(compile(text, file, "exec"), space)
    return space["program"]


@st.composite
def cases(draw):
    return draw(programs()), draw(st.lists(st.integers(-2, 3), min_size=1, max_size=3))


def test_staged_programs_do_the_same():
    accepted, refused = [], []

    # Without shrinking: a failing program is small enough to read, and shrinking would trace thousands.
    @settings(max_examples=60 if os.environ.get("AG_FUZZ") != "long" else 2000, phases=[Phase.generate], database=None)
    @given(cases())
    def run(case):
        text, xs = case
        note(text)
        function = function_of(text)
        staged = ag.function(function)
        items = np.array(xs)
        for x in (-2, 0, 3):
            wanted = function(np.int64(x), np.int64(2), items)
            try:
                got = staged(ag.constant(x), ag.constant(2), ag.constant(items))
            except ag.errors.StagingError:
                refused.append(text)
                return
            assert same(got, wanted), (got, wanted)
        accepted.append(text)

    run()
    assert len(refused) <= 0.1 * len(accepted)
