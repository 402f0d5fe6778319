"""Gradients through staged control flow, eager and in graphs, to second order, against central differences."""

import numpy as np
import pytest

import autograph as ag

ops = ag.ops


def differences(f, x, eps):
    x = np.asarray(x, np.float64)
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = eps
        slopes[i] = (float(f(ag.constant(x + step))) - float(f(ag.constant(x - step)))) / (2 * eps)
    return slopes


def newton(a):
    x = a
    while abs(x * x - a) > 1e-10:
        x = 0.5 * (x + a / x)
    return x


def branch(x):
    if x > 1:
        y = x * x
    else:
        y = ops.sin(x)
    return y * 3


def matrix_loop(x):
    w = ops.reshape(x, (2, 2))
    h = ops.ones((2,), ag.float64)
    while ops.sum(h * h) < 50:
        h = ops.tanh(w @ h) * 2 + h
    return ops.sum(h)


def early(xs):
    s = 0.0
    for x in xs:
        s = s + x * x
        if s > 5:
            return s * 2
    return s


def lists(xs):
    ys = []
    for x in xs:
        if x > 0:
            ys.append(x * x)
        else:
            ys.append(ops.sin(x))
    total = 0.0
    for y in ys:
        total += y * y
    return total + ops.sum(ops.stack(ys))


def nested(x):
    s = 0.0
    while s < 10:
        p = 1.0
        while p < 3:
            p = p * (1 + 0.5 * x)
        s = s + p
    return s


def event(v):
    y = 0.0
    dt = 0.01
    while y >= 0:
        y = y + v * dt
        v = v - 9.81 * dt
    return y * v


def listcomp(xs):
    return ops.sum(ops.stack([x * x * x for x in xs if x > 0]))


CASES = [
    (newton, 2.0),
    (branch, 2.0),
    (branch, 0.5),
    (early, [1.0, 2.1, 3.0]),
    (early, [1.0, 1.0, 0.3]),
    (lists, [1.0, -2.0, 3.0]),
    (nested, 1.0),
    (event, 2.0),
    (listcomp, [1.0, -2.0, 3.0]),
    (matrix_loop, [1.0, 0.2, 0.3, 0.4]),
]


def staged_gradient(f):
    @ag.function
    def gradient(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x)

    return gradient


def staged_second(f):
    @ag.function
    def second(x):
        with ag.GradientTape() as outer:
            outer.watch(x)
            with ag.GradientTape() as inner:
                inner.watch(x)
                y = f(x)
            slope = ops.sum(inner.gradient(y, x))
        return outer.gradient(slope, x, unconnected_gradients="zero")

    return second


@pytest.mark.parametrize(("f", "x"), CASES)
def test_first_order(f, x):
    point = ag.constant(np.asarray(x, np.float64))
    wanted = differences(f, x, 1e-6)
    for gradient in (ag.grad(f), ag.grad(ag.function(f)), staged_gradient(f)):
        np.testing.assert_allclose(gradient(point).numpy(), wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("f", "x"), CASES)
def test_second_order(f, x):
    point = ag.constant(np.asarray(x, np.float64))
    wanted = differences(lambda v: ops.sum(ag.grad(f)(v)), x, 1e-5)
    staged = staged_gradient(f)
    for gradient in (ag.grad(lambda v: ops.sum(staged(v))), staged_second(f)):
        np.testing.assert_allclose(gradient(point).numpy(), wanted, rtol=1e-3, atol=1e-4)


def test_variables():
    v = ag.Variable([1.0, 2.0], dtype=ag.float64)

    @ag.function
    def loss(n):
        total = ag.constant(0.0, ag.float64)
        i = 0
        while i < n:
            total = total + ops.sum(v * v)
            i += 1
        return total

    with ag.GradientTape() as tape:
        value = loss(ag.constant(3))
    np.testing.assert_allclose(tape.gradient(value, v).numpy(), [6.0, 12.0])


def test_refusals():
    x = ag.constant(1.0)
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = x * 2
    tape.gradient(y, x)
    with pytest.raises(ag.errors.GradientError, match="persistent"):
        tape.gradient(y, x)
    with ag.GradientTape() as tape, pytest.raises(ag.errors.GradientError, match="int64"):
        tape.watch(ag.constant(1))


def test_unwatched_is_none():
    x = ag.constant(1.0)
    with ag.GradientTape() as tape:
        y = x * 2
    assert tape.gradient(y, x) is None


def test_persistent_and_stop_recording():
    x = ag.constant(3.0)
    with ag.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        with tape.stop_recording():
            z = y * 5
        w = y * x
    assert tape.gradient(y, x).item() == 6.0
    assert tape.gradient(w, x).item() == 27.0
    assert tape.gradient(z, x) is None
