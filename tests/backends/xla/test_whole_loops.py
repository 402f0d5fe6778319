"""Loops whose trips are known are one device program each, which the host waits for only where it has to."""

import numpy as np
import pytest

import autograph as ag

jax = pytest.importorskip("jax")
from autograph.backends.xla.listing import stablehlo  # noqa: E402

ops = ag.ops


def stacked(xs):
    sums = []
    for x in xs:
        sums.append(ops.sum(x))
    return ops.stack(sums)


def stacked_pairs(xs):
    sums = []
    for i in range(len(xs) - 1):
        sums.append(xs[i])
        sums.append(xs[i] + xs[i + 1])
    return ops.stack(sums)


def stacked_by_sign(xs):
    sums = []
    for x in xs:
        if ops.sum(x) > 0:
            sums.append(x)
        else:
            sums.append(-x)
    return ops.stack(sums)


def gradient_of_a_recurrence(xs):
    state = xs[0]
    with ag.GradientTape() as tape:
        tape.watch(xs)
        for x in xs:
            state = ops.tanh(state * 0.5 + x)
            if ops.sum(state) > 100:
                break
        loss = ops.sum(state)
    return tape.gradient(loss, xs)


def filtered(xs):
    sums = []
    for x in xs:
        if ops.sum(x) > 0:
            sums.append(x)
    return ops.stack(sums)


def picked(xs):
    sums = []
    for k in ops.argsort(xs[:, 0]):
        sums.append(xs[k])
    return ops.stack(sums)


@pytest.mark.parametrize(
    ("function", "direct", "failing"),
    [
        (stacked, True, False),
        (stacked_pairs, True, False),
        (stacked_by_sign, True, False),
        (gradient_of_a_recurrence, False, True),
        (filtered, False, True),
        (picked, True, False),
    ],
)
def test_loop(function, direct, failing):
    on_xla, plain = ag.function(function, backend="xla"), ag.function(function, backend="numpy")
    for size in (70, 9, 5):
        xs = ag.constant(np.random.default_rng(size).normal(size=(size, 3)).astype(np.float32))
        np.testing.assert_allclose(on_xla(xs), plain(xs), rtol=1e-5, atol=1e-6)
        program = on_xla.get_concrete_function(xs).executable
        assert (program._direct is not None) == direct
        assert bool(program._prepared.failures.sites) == failing


@pytest.mark.parametrize("dtype", ["int8", "int32", "uint16", "int64"])
@pytest.mark.parametrize("number", [1, 2, 8, 64, -2, 3])
def test_division_by_powers_of_two(dtype, number):
    if number < 0 and dtype == "uint16":
        return
    info = np.iinfo(dtype)
    x = np.array([info.min, info.min + 1, 0, 1, 7, 8, 9, info.max - 1, info.max], dtype)
    found = ag.function(lambda x: (x // number, x % number), backend="xla")(ag.constant(x))
    for made, wanted in zip(found, (x // np.asarray(number, dtype), x % np.asarray(number, dtype)), strict=True):
        np.testing.assert_array_equal(made, wanted)
        assert made.dtype.numpy == x.dtype


def test_small_branches_are_chosen_from():
    def run(x):
        return ops.sin(x) if ops.sum(x) > 0 else x * 0.5

    for size, branches in ((5, False), (5000, True)):
        x = ag.constant(np.linspace(-1, 1.5, size))
        function = ag.function(run, backend="xla")
        for given in (x, -x):
            np.testing.assert_allclose(function(given), ag.function(run, backend="numpy")(given), rtol=1e-12)
        text = stablehlo(function.get_concrete_function(x).optimized)
        assert ("stablehlo.case" in text or "stablehlo.if" in text) == branches


def test_an_index_is_checked_once():
    @ag.function(backend="xla")
    def gradient(table, ids):
        with ag.GradientTape() as tape:
            tape.watch(table)
            loss = ops.sum(table[ids] * table[ids])
        return tape.gradient(loss, table)

    table, ids = ag.constant(np.arange(12.0).reshape(4, 3)), ag.constant([[1, -1], [1, 0]])
    np.testing.assert_array_equal(gradient(table, ids), np.arange(12.0).reshape(4, 3) * [[2], [4], [0], [2]])
    assert len(gradient.get_concrete_function(table, ids).executable._prepared.failures.sites) == 1
    with pytest.raises(IndexError, match="index 7 is out of bounds for axis 0 with size 4"):
        gradient(table, ag.constant([[1, 7], [-9, 0]]))
    assert gradient(table, ag.constant(np.zeros((0, 2), np.int64))).numpy().sum() == 0.0
