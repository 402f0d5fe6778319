"""Gradients of loops that read rows keep no list of them, and are right."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.xla.prepare import prepare
from autograph.runtime.ir import walk

pytest.importorskip("jax")

tanh = ag.ops.tanh


def rows(xs, w, n):
    for x in xs:
        w = tanh(x * w)
    return w


def from_the_end(xs, w, n):
    for i in range(n + 2, -1, -2):
        w = tanh(xs[i] * w)
    return w


def two_places(xs, w, n):
    for i in range(1, n):
        w = tanh(xs[2 * i - 1] * w + xs[i - 1])
    return w


def negative_places(xs, w, n):
    i = n - 5
    while i > -5:
        w = tanh(xs[i] * w)
        i -= 1
    return w


def wrapping_around(xs, w, n):
    for i in range(3 * n):
        w = tanh(xs[i % 7] * w)
    return w


def small_counters(xs, w, n):
    i = ag.ops.astype(n + 1, ag.int8)
    while i > 0:
        w = tanh(xs[i] * w)
        i = i - ag.constant(2, ag.int8)
    return w


def until(xs, w, n):
    for x in xs:
        w = tanh(x * w)
        if ag.ops.sum(w) < 0.1:
            break
    return w


def no_trips(xs, w, n):
    for x in xs[:0]:
        w = tanh(x * w)
    return w


def inside_another(xs, w, n):
    for _ in range(n):
        w = tanh(w)
    for k in range(n - 2):
        for x in xs:
            w = tanh(x * w) + k
    return w


def places_from_data(xs, w, n):
    order = ag.ops.argsort(xs[:, 0])
    for i in order:
        w = tanh(xs[i] * w)
    return w


def changed_on_the_way(xs, w, n):
    for i in range(n):
        w = tanh(xs[i] * w)
        xs = xs * 1.5
    return w


def not_in_every_trip(xs, w, n):
    i = 0
    for k in range(n + 2):
        w = tanh(xs[i] * w)
        if ag.ops.sum(w) > 0.0:
            i = k
    return w


# How many lists remain: of what the trips computed, and of rows that nothing else tells.
PROGRAMS = {
    rows: 1,
    from_the_end: 1,
    two_places: 1,
    negative_places: 1,
    wrapping_around: 1,
    small_counters: 1,
    until: None,
    no_trips: None,
    inside_another: None,
    places_from_data: 1,
    changed_on_the_way: 2,
    not_in_every_trip: 2,
}
XS, W = np.random.default_rng(3).normal(size=(7, 3)) / 2 + 0.5, np.array([0.4, 0.9, 0.7])


def slopes(program, count):
    def slope(xs, w, n):
        with ag.GradientTape() as tape:
            tape.watch([xs, w][2 - count :])
            total = ag.ops.sum(program(xs, w, n))
        return tape.gradient(total, [xs, w][2 - count :], unconnected_gradients="zero")

    return slope


@pytest.mark.parametrize("count", [1, 2], ids=["of-the-start", "of-the-rows-too"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_gradients(program, count):
    given = ag.constant(XS), ag.constant(W), ag.constant(4)
    wanted = slopes(program, count)(*given)
    for backend in ("xla", "native"):
        got = ag.function(slopes(program, count), backend=backend)(*given)
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("program", [p for p, lists in PROGRAMS.items() if lists is not None], ids=lambda p: p.__name__)
def test_lists_that_remain(program):
    run = ag.function(slopes(program, 1), backend="xla")
    graph = run.get_concrete_function(ag.constant(XS), ag.constant(W), ag.constant(4)).optimized
    made = [node for node in walk(prepare(graph).graph.body) if node.op.name == "list_append"]
    assert len(made) == PROGRAMS[program]
