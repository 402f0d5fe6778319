"""Random programs with nested control flow: the gradients of their graphs are those of the eager tape, to second order.

The eager tape sees single ops only, so it knows nothing of the rules for branches, loops, lists and variables.
"""

import linecache

import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase, given, note, settings

import autograph as ag
from tests.sampling import LONG

NAMES = ("a", "b", "c")
counter = iter(range(10**9))


class Writer:
    """Writes a float program with the choices that hypothesis draws."""

    def __init__(self, draw):
        self.draw = draw
        self.loops = 0

    def one_of(self, *options):
        return self.draw(st.sampled_from(options))

    def value(self, depth=2):
        if depth == 0 or self.one_of(True, False):
            return self.one_of(*NAMES, "x", "(v + 0.0)", "0.5", "1.5")
        form = self.one_of(
            "({} + {})", "({} - {})", "ops.tanh({} * {})", "ops.sin({}) * {}", "({1} / (1.0 + {0} * {0}))",
            "({0} if {1} > 0.3 else {1} * {1})", "ops.maximum({}, {})",
        )  # fmt: skip
        return form.format(self.value(depth - 1), self.value(depth - 1))

    def test(self):
        simple = f"{self.value(1)} {self.one_of('<', '>')} {self.value(1)}"
        return self.one_of("{}", "not {}", "{} and x > 0.2", "{} or a > b").format(simple)

    def block(self, depth, in_loop):
        return [line for _ in range(self.one_of(1, 2, 3)) for line in self.statement(depth, in_loop)]

    def statement(self, depth, in_loop):
        kinds = ["assign", "assign", "append", "variable", "read_list"]
        kinds += ["jump"] if in_loop else []
        kinds += ["if", "if", "while", "for", "leave"] if depth else []
        return getattr(self, "write_" + self.one_of(*kinds))(depth - 1, in_loop)

    def write_assign(self, depth, in_loop):
        return [f"{self.one_of(*NAMES)} = {self.value()}"]

    def write_append(self, depth, in_loop):
        return [f"ys.append({self.value(1)} + 0.1 * x)"]

    def write_variable(self, depth, in_loop):
        return [f"v.assign({self.one_of('ops.tanh({})', 'ops.sin({}) + v').format(self.value())})"]

    def write_read_list(self, depth, in_loop):
        return [f"{self.one_of(*NAMES)} = ys[0] * {self.value(1)}"]

    def write_jump(self, depth, in_loop):
        return [f"if {self.test()}:", f"    {self.one_of('break', 'continue')}"]

    def write_leave(self, depth, in_loop):
        return [f"if {self.test()}:", f"    return {self.value()} + v"]

    def write_if(self, depth, in_loop):
        lines = [f"if {self.test()}:", *indented(self.block(depth, in_loop))]
        return lines + (["else:", *indented(self.block(depth, in_loop))] if self.one_of(True, False) else [])

    def write_while(self, depth, in_loop):
        self.loops += 1
        name = f"k{self.loops}"
        return [f"{name} = 0", f"while {name} < n:", *indented([f"{name} += 1", *self.block(depth, True)])]

    def write_for(self, depth, in_loop):
        head = f"for {self.one_of(*NAMES)} in {self.one_of('xs', '(x, a)')}:"
        return [head, *indented(self.block(depth, True))]


def indented(lines):
    return ["    " + line for line in lines]


@st.composite
def programs(draw):
    writer = Writer(draw)
    head = ["a, b, c = 0.1, x, x * 0.5", "ys = [x * 1.0]"]
    tail = ["for y in ys:", "    a = a + y * y", "return a + b * c + v"]
    lines = [*head, *writer.block(3, False), *writer.block(2, False), *tail]
    return "\n".join(["def program(x, n, xs, v):", *indented(lines)]) + "\n"


def function_of(text):
    file = f"<random float program {next(counter)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = {"ops": ag.ops}
    exec(compile(text, file, "exec"), space)
    return space["program"]


def first(f, v):
    def slopes(x, n, xs):
        with ag.GradientTape() as tape:
            tape.watch([x, xs])
            y = f(x, n, xs, v)
        return y, tape.gradient(y, [x, xs, v], unconnected_gradients="zero")

    return slopes


def second(f, v):
    def curvature(x, n, xs):
        with ag.GradientTape() as tape:
            tape.watch([x, xs])
            _, (by_x, by_xs, by_v) = first(f, v)(x, n, xs)
            total = by_x + ag.ops.sum(by_xs) + by_v
        return tape.gradient(total, [x, xs, v], unconnected_gradients="zero")

    return curvature


def outcome(run, v, *args):
    v.assign(0.7)
    return run(*args), v.numpy()


def test_graphs_have_the_gradients_of_their_ops():
    accepted, refused = [], []

    @settings(max_examples=500 if LONG else 4, phases=[Phase.generate], database=None, derandomize=not LONG)
    @given(programs(), st.floats(-1.5, 1.5), st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=3))
    def run(text, x, xs):
        note(text)
        program = function_of(text)
        v = ag.Variable(0.7, dtype=ag.float64)
        args = ag.constant(x, ag.float64), ag.constant(2), ag.constant(np.array(xs))
        for order in (first, second):
            wanted = outcome(order(program, v), v, *args)
            compiled = ag.function(program)
            try:
                around = outcome(order(compiled, v), v, *args)
                inside = outcome(ag.function(order(program, v)), v, *args)
            except ag.errors.StagingError:
                refused.append(text)
                return
            for got in (around, inside):
                check(got, wanted)
        accepted.append(text)

    run()
    assert len(refused) <= 0.1 * len(accepted)


def check(got, wanted):
    if isinstance(wanted, tuple | list):
        for a, b in zip(got, wanted, strict=True):
            check(a, b)
    else:
        np.testing.assert_allclose(np.asarray(got), np.asarray(wanted), rtol=1e-9, atol=1e-11)
