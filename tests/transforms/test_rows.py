"""Gradients of loops over the rows of a tensor: right, to second order, and in time for the length, not its square."""

import time

import numpy as np
import pytest

import autograph as ag

ops = ag.ops


def rows(xs):
    total = 0.0
    for x in xs:
        total = total + ops.sum(x * x * total) + ops.sum(x)
    return total


def some_rows(xs):
    total = 0.0
    for x in xs:
        if x[0] > 0:
            total = total + ops.sum(x) * x[1]
    return total


def pairs(xs):
    total = 0.0
    i = 1
    while i < xs.shape[0]:
        total = total + xs[i, 0] * xs[i - 1, 1] * xs[-i, 1] + ops.sum(xs[i] * xs[0])
        i += 1
    return total


def triangle(xs):
    total = 0.0
    for x in xs:
        for y in xs:
            if ops.sum(y) > ops.sum(x):
                break
            total = total + ops.sum(x * y)
    return total + ops.sum(xs)


X = np.random.default_rng(0).normal(size=(4, 2)) * 0.5


def differences(f, x):
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = 1e-6
        slopes[i] = (float(f(ag.constant(x + step))) - float(f(ag.constant(x - step)))) / 2e-6
    return slopes


@pytest.mark.parametrize("f", [rows, some_rows, pairs, triangle])
def test_gradients(f):
    x = ag.constant(X)
    np.testing.assert_allclose(ag.grad(ag.function(f))(x).numpy(), differences(f, X), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(ag.function(ag.grad(f))(x).numpy(), differences(f, X), rtol=1e-5, atol=1e-7)
    wanted = differences(lambda x: ops.sum(ag.grad(f)(x) * x), X)
    second = ag.function(ag.grad(lambda x: ops.sum(ag.grad(f)(x) * x)))
    np.testing.assert_allclose(second(x).numpy(), wanted, rtol=1e-4, atol=1e-6)


def test_no_trips():
    slope = ag.function(ag.grad(rows), input_signature=[ag.TensorSpec((None, 2), ag.float64)])
    assert slope(ag.constant(np.zeros((0, 2)))).shape == (0, 2)
    np.testing.assert_allclose(slope(ag.constant(X)).numpy(), differences(rows, X), rtol=1e-5, atol=1e-7)


def test_time_is_for_the_length():
    @ag.function(backend="numpy", input_signature=[ag.TensorSpec((None,), ag.float64)])
    def slope(xs):
        return ag.grad(lambda xs: _total(xs))(xs)

    def seconds(n):
        x = ag.constant(np.linspace(0.0, 1.0, n))
        slope(x)
        times = []
        for _ in range(3):
            start = time.process_time()
            slope(x)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(20000) < 10 * seconds(4000)  # five times the length; its square would take 25 times as long


def _total(xs):
    total = 0.0
    for x in xs:
        total = total + x * x
    return total
