"""Gradients that users give: eager, traced, in control flow, with variables, to second order, in forward mode."""

import numpy as np
import pytest

import autograph as ag

ops = ag.ops


@ag.custom_gradient
def doubled(x):
    """exp, with twice its gradient."""
    e = ops.exp(x)
    return e, lambda ct: ct * e * 2


@ag.custom_gradient
def product(x, y):
    return (x * y, x + y), lambda first, second: (first * y + second * 10, None)


def loop(x, n):
    i = 0
    while i < n:
        if x > 0.5:
            x = doubled(x * 0.1)
        else:
            x = x * 0.5
        i += 1
    return x


X = ag.constant(0.7, ag.float64)


@pytest.mark.parametrize("wrap", [lambda f: f, ag.function], ids=["eager", "staged"])
def test_what_the_user_gives_is_the_gradient(wrap):
    e = np.exp(2.1)
    f = lambda x: doubled(x * 3)  # noqa: E731
    np.testing.assert_allclose(wrap(f)(X).numpy(), e)
    np.testing.assert_allclose(wrap(ag.grad(f))(X).numpy(), 6 * e)
    np.testing.assert_allclose(ag.grad(wrap(f))(X).numpy(), 6 * e)
    np.testing.assert_allclose(wrap(ag.grad(ag.grad(f)))(X).numpy(), 18 * e)
    np.testing.assert_allclose(wrap(lambda x: ag.jvp(f, (x,), (1.0,))[1])(X).numpy(), 6 * e)


def test_in_loops_and_branches():
    wanted = slope = 0.0
    x, slope = 0.7, 1.0
    for _ in range(4):
        if x > 0.5:
            x, slope = np.exp(0.1 * x), slope * 0.2 * np.exp(0.1 * x)
        else:
            x, slope = x * 0.5, slope * 0.5
    wanted = slope
    n = ag.constant(4)
    gradients = (ag.grad(loop), ag.grad(ag.function(loop)), ag.function(ag.grad(loop)))
    for gradient in gradients:
        np.testing.assert_allclose(gradient(X, n).numpy(), wanted, rtol=1e-12)
    np.testing.assert_allclose(ag.jvp(ag.function(lambda x: loop(x, n)), (X,), (1.0,))[1].numpy(), wanted, rtol=1e-12)


def test_several_results_and_no_gradient():
    def f(x, y):
        a, b = product(x, y)
        return a + 2 * b

    for run in (f, ag.function(f)):
        with ag.GradientTape() as tape:
            tape.watch(X)
            y = X * 3
            out = run(X, y)
        np.testing.assert_allclose(tape.gradient(out, X).numpy(), 0.7 * 3 + 20)


def test_variables():
    w = ag.Variable(2.0, dtype=ag.float64)

    @ag.custom_gradient
    def scaled(x):
        def grad(ct, variables):
            assert variables == [w]
            return ct * 7, [ct * 11]

        return x * w, grad

    for run in (scaled, ag.function(lambda x: scaled(x))):
        with ag.GradientTape() as tape:
            tape.watch(X)
            out = run(X)
        assert [float(slope) for slope in tape.gradient(out, [X, w])] == [7.0, 11.0]

    @ag.custom_gradient
    def silent(x):
        return x * w, lambda ct: ct

    for run in (silent, ag.function(lambda x: silent(x))):
        with pytest.raises(ag.errors.GradientError, match="variables="):
            run(X)


def test_a_gradient_that_uses_control_flow():
    @ag.custom_gradient
    def f(x):
        def grad(ct):
            while ops.sum(ct * ct) > 1:
                ct = ct * 0.5
            return ct

        return x * 100, grad

    g = ag.function(ag.grad(f))
    assert float(g(X)) == 1.0


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (lambda x: x, "result, grad"),
        (lambda x: (x * 1, lambda ct: (ct, ct)), "2 and 0"),
        (lambda x: (x * 1, lambda ct: ops.ones((2,))), "shape"),
    ],
)
def test_refusals(f, text):
    for run in (ag.grad(ag.custom_gradient(f)), ag.function(ag.grad(ag.custom_gradient(f)))):
        with pytest.raises(ag.errors.GradientError, match=text):
            run(X)
