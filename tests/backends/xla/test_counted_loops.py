"""Loops whose trips are known: XLA sees how many, forwards and backwards, and they compute what others do."""

import re

import numpy as np
import pytest

import autograph as ag

jax = pytest.importorskip("jax")
ops = ag.ops


from autograph.backends.xla.listing import traced  # noqa: E402
from autograph.backends.xla.plan import Segment  # noqa: E402
from autograph.backends.xla.program import steps  # noqa: E402


def counts(function, *operands):
    """For each loop of the compiled program, how many trips XLA knows that it makes, or None."""
    program = function.get_concrete_function(*operands).executable
    [segment] = [step for step in steps(program.block) if isinstance(step, Segment)]
    with jax.enable_x64(True):
        text = traced(program.compiled(segment)).lower().compile().as_text()
    loops = [line for line in text.splitlines() if re.search(r" while\(", line)]
    found = [re.search(r'known_trip_count":\{"n":"(\d+)"', line) for line in loops]
    return sorted([0 if match is None else int(match[1]) for match in found])


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def decay(x):
    i = ag.constant(0)
    while i < 150:
        x = ops.sin(x) * 0.9 + i
        i += 1
    return x


def backwards(x):
    i, k = ag.constant(60), ag.constant(np.int8(100))
    while i > -60:
        x = x * 0.5 + i + k
        i -= 3
        k += ag.constant(np.int8(7))
    return x, i, k


def counting_down(x):
    k = ag.constant(40)
    while k >= 3:
        x = ops.cos(x + k)
        k -= 2
    return x, k


def rows(xs):
    state = xs[0]
    for x in xs:
        state = ops.tanh(state + x)
    return state


def gradient(function):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            result = function(x)
            loss = ops.sum(result if isinstance(result, ag.Tensor) else result[0])
        return tape.gradient(loss, x)

    return run


VECTOR = np.linspace(-1, 1, 5)
TABLE = np.random.default_rng(1).normal(size=(130, 3))


@pytest.mark.parametrize(
    ("function", "operand", "wanted"),
    [
        (decay, VECTOR, [150]),
        (backwards, VECTOR, [40]),
        (counting_down, VECTOR, [19]),
        (rows, TABLE, [130]),
        (gradient(decay), VECTOR, [150, 150]),
        (gradient(counting_down), VECTOR, [19, 19]),
        (gradient(rows), TABLE, [130, 130]),
    ],
)
def test_xla_knows_the_trips(function, operand, wanted):
    x = ag.constant(operand)
    on_xla, plain = ag.function(function, backend="xla"), ag.function(function, backend="numpy")
    for got, right in zip(parts(on_xla(x)), parts(plain(x)), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-12)
        assert got.dtype == right.dtype if isinstance(got, ag.Tensor) else type(got) is type(right)
    assert counts(on_xla, x) == wanted


def leaves_early(xs):
    total = 0.0
    for x in xs:
        if ops.sum(x) > 2.5:
            break
        total += ops.sum(x)
    return total


def may_fail(xs, places):
    total = 0.0
    for place in places:
        total += ops.sum(xs[place])
    return total


def with_a_list(xs):
    kept, count = [], 7
    for i, x in enumerate(xs):
        kept.append(x * i + count)
        count -= 5
    last = kept.pop()
    kept.append(last + len(kept))
    return count, len(kept), ops.stack(kept)


@pytest.mark.parametrize("size", [1, 2, 17])
def test_lists_in_counted_loops(size):
    on_xla, plain = [ag.function(with_a_list, backend=backend) for backend in ("xla", "numpy")]
    xs = ag.constant(TABLE[:size])
    for got, right in zip(on_xla(xs), plain(xs), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-12)
    assert counts(on_xla, xs) == ([size] if size > 1 else [])  # XLA itself opens a loop of one trip


def test_loops_that_may_end_early_are_not_counted():
    xs = ag.constant(TABLE)
    on_xla = ag.function(leaves_early, backend="xla")
    np.testing.assert_allclose(on_xla(xs), ag.function(leaves_early, backend="numpy")(xs))
    assert counts(on_xla, xs) == [0]
    on_xla, places = ag.function(may_fail, backend="xla"), ag.constant([1, 5, -3])
    np.testing.assert_allclose(on_xla(xs, places), TABLE[[1, 5, -3]].sum())
    assert counts(on_xla, xs, places) == [0]
    with pytest.raises(IndexError):
        on_xla(xs, ag.constant([1, 500, -3]))
