"""Gradients that compute once more: the same numbers, and memory for the square root of a loop's length."""

import tracemalloc

import numpy as np
import pytest

import autograph as ag

ops = ag.ops
ROW = ag.constant(np.linspace(0.0, 1.0, 500))


def wave(x, n):
    i = 0
    while i < n:
        x = ops.sin(x) + 0.1 * x * x
        i += 1
    return x


def until(x):
    while ops.sum(x * x) < 1000:
        if ops.max(x) > 2:
            x = x * 1.01
        else:
            x = x + ops.exp(-x)
    return x


def rows(xs):
    total = 0.0
    for x in xs:
        total = total + x * total + x * x
    return total


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 50])
def test_a_loop_of_any_length(n):
    again = ag.recompute_grad(wave)
    wanted = ag.grad(ag.function(wave))(ROW, ag.constant(n)).numpy()
    for gradient in (ag.grad(again), ag.function(ag.grad(again)), ag.grad(ag.function(again))):
        np.testing.assert_allclose(gradient(ROW, ag.constant(n)).numpy(), wanted, rtol=1e-13)


@pytest.mark.parametrize(("f", "x"), [(until, ROW), (rows, ag.constant(np.linspace(0.1, 0.4, 9)))])
def test_loops_that_the_data_end(f, x):
    again = ag.recompute_grad(f)
    np.testing.assert_allclose(ag.grad(again)(x).numpy(), ag.grad(ag.function(f))(x).numpy(), rtol=1e-12)
    second = ag.grad(lambda x: ops.sum(ag.grad(again)(x)))(x)
    wanted = ag.grad(lambda x: ops.sum(ag.grad(ag.function(f))(x)))(x)
    np.testing.assert_allclose(second.numpy(), wanted.numpy(), rtol=1e-9, atol=1e-9)
    along = ag.jvp(again, (x,), (x,))[1]
    np.testing.assert_allclose(along.numpy(), ag.jvp(f, (x,), (x,))[1].numpy(), rtol=1e-12)


def peak(run, *args):
    run(*args)  # compiles
    tracemalloc.start()
    try:
        run(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_the_square_root_of_the_length():
    """500 numbers a trip: four times the trips take about twice the memory, and far less than keeping all."""
    again = ag.recompute_grad(wave)
    sparing = ag.function(lambda x, n: ag.grad(again)(x, n), backend="numpy")
    keeping = ag.function(lambda x, n: ag.grad(wave)(x, n), backend="numpy")
    short, long = [peak(sparing, ROW, ag.constant(n)) for n in (1000, 4000)]
    assert long < 2.6 * short
    assert peak(keeping, ROW, ag.constant(4000)) > 15 * long


def test_variables_and_captured_tensors():
    w = ag.Variable(2.0, dtype=ag.float64)
    c = ag.constant(5.0, ag.float64)

    @ag.recompute_grad
    def f(x):
        w.assign(w * x)
        return {"out": w * x * c, "count": 3}

    y = ag.constant(3.0, ag.float64)
    for run in (f, ag.function(lambda x: f(x))):
        w.assign(2.0)
        with ag.GradientTape() as tape:
            tape.watch([y, c])
            found = run(y)
        slopes = [float(slope) for slope in tape.gradient(found["out"], [y, w, c])]
        assert (found["count"], float(w.numpy()), slopes) == (3, 6.0, [60.0, 45.0, 18.0])


def test_inside_a_loop():
    @ag.recompute_grad
    def step(h, x):
        return ops.tanh(h * x + 0.5)

    def net(h, n):
        for i in range(n):
            h = step(h, h + 1.0)
        return h

    plain = ag.grad(lambda h, n: _plain_net(h, n))(ROW, 4).numpy()
    np.testing.assert_allclose(ag.function(ag.grad(net))(ROW, ag.constant(4)).numpy(), plain, rtol=1e-12)


def _plain_net(h, n):
    for _ in range(n):
        h = ops.tanh(h * (h + 1.0) + 0.5)
    return h


def test_exceptions_are_the_users():
    @ag.recompute_grad
    def f(x):
        if x < 0:
            raise ValueError("negative")
        return x * x

    with pytest.raises(ValueError, match="negative"):
        ag.grad(f)(ag.constant(-1.0))

    @ag.recompute_grad
    def always(x):
        raise KeyError(f"{x} is bad")

    with pytest.raises(KeyError, match="2 is bad"):
        always(ag.constant(2))
