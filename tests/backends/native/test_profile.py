"""Profiles: times of parts add up to the whole and go to the right lines; clocks change no result."""

import time

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native.executable import Program
from autograph.backends.native.marks import Marks
from autograph.backends.native.profile import profile
from autograph.function.profiling import profile_call

X = np.linspace(-1, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
weight = ag.Variable(np.ones((64, 64), np.float32))


def slow(x):
    time.sleep(0.005)
    return x


@ag.function
def halved(x, n):
    if n <= 0:
        return x
    return halved(ag.ops.tanh(x), n - 1)


@ag.function
def step(x, n):
    h = x @ weight
    k = n - n
    while k < n:
        h = ag.ops.exp(-h)
        k += 1
    weight.assign_sub(0.5 * h)
    return halved(h, n), ag.py_function(slow, h, Tout=ag.TensorSpec((64, 64), ag.float32)), k


def profiled(function, *args, seconds=0.05):
    args = [ag.constant(x) for x in args]
    function.get_concrete_function(*args)
    arguments = function._bound(args, {})
    return profile_call(function.name, function._entry(arguments), arguments.leaves, seconds)


def test_parts():
    before = weight.numpy().copy()
    made = profiled(step, X, np.int64(7))
    np.testing.assert_array_equal(weight.numpy(), before)
    assert sum(part.seconds for part in made.parts) == pytest.approx(made.clocked)
    assert sum(part.share for part in made.parts) == pytest.approx(1)
    assert all(part.seconds >= 0 for part in made.parts)
    parts = {(part.kind, part.ops[-1] if part.ops else ""): part for part in made.parts}
    assert {("product", "matmul"), ("while", "while"), ("host", "py_function")} <= parts.keys()
    product, loop, host = parts["product", "matmul"], parts["loop", "exp"], parts["host", "py_function"]
    assert (product.calls, product.bytes, product.products) == (1, 3 * X.nbytes, 64**3)
    assert (loop.calls, loop.bytes) == (7, 2 * X.nbytes)
    assert loop.ops == ("negative", "exp") and loop.lines[0].endswith("h = ag.ops.exp(-h)")
    for kind, op in (("function", "call"), ("loop", "tanh")):
        assert sum(part.calls for part in made.parts if (part.kind, *part.ops) == (kind, op)) == 7
    assert host is made.parts[0] and host.seconds > 0.005 and host.share > 0.8
    assert "host: py_function" in str(made) and "slow" in str(made)


def test_clocks_change_no_result():
    graph = step.get_concrete_function(ag.constant(X), ag.constant(np.int64(3))).optimized
    raws = [X, np.asarray(np.int64(3))]
    results = []
    for marks in (None, Marks()):
        program = Program(graph, marks)
        variables = [ag.Variable(np.ones((64, 64), np.float32)) for _ in program.parameters[2:]]
        results.append([*program([*raws, *variables]), *[variable.numpy() for variable in variables]])
        assert ("ag_begin" in program.compiled.text) == (marks is not None)
    for plain, clocked in zip(*results, strict=True):
        np.testing.assert_array_equal(plain, clocked)


def test_open_sizes():
    graph = ag.function(lambda x: ag.ops.sum(ag.ops.sin(x))).get_concrete_function(ag.TensorSpec([None], "f64"))
    made = profile("sines", graph.optimized, graph.executable, [np.ones(1000)], 0.02)
    assert [(part.kind, part.bytes) for part in made.parts[:1]] == [("loop", 8008)]


def test_a_function_that_raises():
    @ag.function
    def bad(x):
        assert ag.ops.sum(x) < 0, "too large"
        return x

    with pytest.raises(AssertionError, match="too large"):
        bad.profile(ag.constant(X + 1))


def test_methods_and_numbers():
    class Model:
        def __init__(self):
            self.w = ag.Variable(np.float32(2.0))

        @ag.function
        def scaled(self, x, *, factor):
            return x * factor * self.w

    model = Model()
    made = model.scaled.profile(ag.constant(X), factor=3.0)
    assert [part.kind for part in made.parts] == ["loop", "rest"]
