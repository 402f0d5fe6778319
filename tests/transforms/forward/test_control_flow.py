"""Forward mode through control flow, eager and in graphs, nested in itself and in reverse mode, and what it refuses."""

import numpy as np
import pytest

import autograph as ag
from tests.transforms.test_gradients import CASES, differences, newton

ops = ag.ops


def point_of(x):
    return ag.constant(np.asarray(x, np.float64))


def direction_of(x):
    return ag.constant(np.random.default_rng(3).normal(size=np.shape(x)))


@pytest.mark.parametrize(("f", "x"), CASES)
def test_first_order(f, x):
    p, t = point_of(x), direction_of(x)
    wanted = np.sum(differences(f, x, 1e-6) * t.numpy())
    whole = ag.function(lambda p, t: ag.jvp(f, (p,), (t,)))
    for value, tangent in (ag.jvp(f, (p,), (t,)), ag.jvp(ag.function(f), (p,), (t,)), whole(p, t)):
        np.testing.assert_allclose(float(value), float(f(p)), rtol=1e-12)
        np.testing.assert_allclose(float(tangent), wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("f", "x"), CASES)
def test_second_order(f, x):
    p, t = point_of(x), direction_of(x)
    rows = [differences(lambda v, i=i: ag.grad(f)(v).numpy()[i], x, 1e-5) for i in np.ndindex(np.shape(x))]
    hessian = np.array(rows).reshape(np.size(x), np.size(x))
    wanted = (hessian @ t.numpy().reshape(-1)).reshape(np.shape(x))
    for product in (
        lambda p: ag.jvp(ag.grad(f), (p,), (t,))[1],
        lambda p: ag.jvp(ag.grad(ag.function(f)), (p,), (t,))[1],
        lambda p: ag.grad(lambda q: ag.jvp(f, (q,), (t,))[1])(p),
        lambda p: ag.grad(lambda q: ag.jvp(ag.function(f), (q,), (t,))[1])(p),
    ):
        for run in (product, ag.function(product)):
            np.testing.assert_allclose(run(p).numpy(), wanted, rtol=1e-3, atol=1e-4)
    twice = ag.jvp(lambda q: ag.jvp(f, (q,), (t,))[1], (p,), (t,))[1]
    np.testing.assert_allclose(float(twice), np.sum(wanted * t.numpy()), rtol=1e-3, atol=1e-4)


def test_recursion():
    def power(x, n):
        if n == 0:
            return x * 0 + 1
        return power(x, n - 1) * x

    @ag.function
    def slope(x, n):
        return ag.jvp(lambda x: power(x, n), (x,), (ag.ops.ones_like(x),))

    value, tangent = slope(ag.constant(3.0, ag.float64), ag.constant(4))
    assert (float(value), float(tangent)) == (81.0, 108.0)
    assert float(slope(ag.constant(3.0, ag.float64), ag.constant(6))[1]) == 6 * 243.0


def test_try_gives_the_tangent_of_what_happened():
    def guarded(x):
        try:
            if x > 1:
                raise ValueError("large")
            y = x * x
        except ValueError:
            y = x * 5
        return y

    for run in (guarded, ag.function(guarded)):
        for point, wanted in ((0.5, 1.0), (2.0, 5.0)):
            assert float(ag.jvp(run, (ag.constant(point, ag.float64),), (ag.constant(1.0, ag.float64),))[1]) == wanted


def test_variables_are_followed():
    v = ag.Variable(2.0, dtype=ag.float64)

    def f(x, n):
        i = 0
        while i < n:
            v.assign(v * x)
            i += 1
        return v + 0.0

    for run in (f, ag.function(f), ag.function(lambda x, n: f(x, n))):
        v.assign(2.0)
        value, tangent = ag.jvp(lambda x: run(x, ag.constant(3)), (ag.constant(3.0, ag.float64),), (1.0,))
        assert (float(value), float(tangent), float(v.numpy())) == (54.0, 54.0, 54.0)
    whole = ag.function(lambda x: ag.jvp(lambda x: f(x, ag.constant(3)), (x,), (1.0,)))
    v.assign(2.0)
    assert float(whole(ag.constant(3.0, ag.float64))[1]) == 54.0
    by_variable = ag.jvp(lambda v: v * v, (v,), (1.0,))
    assert float(by_variable[1]) == 108.0


def test_other_uses_of_a_primal_are_constants():
    x = ag.constant(3.0)
    f = lambda y: y * x  # noqa: E731
    assert float(ag.jvp(f, (x,), (1.0,))[1]) == 3.0
    assert float(ag.function(lambda: ag.jvp(f, (x,), (1.0,))[1])()) == 3.0


def test_structures_integers_and_unconnected_results():
    value, tangent = ag.jvp(
        lambda pair: {"sum": pair[0] + pair[1], "count": ag.constant(3), "other": ag.constant(1.0)},
        ((ag.constant(1.0), ag.constant([2.0, 3.0])),),
        ((ag.constant(1.0), ag.constant([0.0, 1.0])),),
    )
    assert value["count"].item() == 3
    np.testing.assert_array_equal(tangent["sum"].numpy(), [1.0, 2.0])
    assert (tangent["count"].item(), tangent["other"].item()) == (0, 0.0)


def test_a_loop_of_the_gradient_keeps_nothing():
    @ag.function
    def slope(x):
        return ag.jvp(newton, (x,), (ag.ops.ones_like(x),))

    assert "list" not in str(slope.get_concrete_function(ag.TensorSpec((), ag.float64)).graph)


@pytest.mark.parametrize(
    ("primals", "tangents", "text"),
    [
        ((1.0,), (1.0, 2.0), "a tangent for each"),
        (([1.0, 2.0],), ([1.0, 2.0],), None),
        ((ag.constant([1.0, 2.0]),), (ag.constant([1.0]),), "shape"),
        ((ag.constant(1),), (ag.constant(1),), "int64"),
        (ag.constant(1.0), ag.constant(1.0), "tuples"),
    ],
)
def test_refusals(primals, tangents, text):
    run = lambda: ag.jvp(lambda x: x * 2 if not isinstance(x, list) else x[0], primals, tangents)  # noqa: E731
    if text is None:
        run()
        return
    with pytest.raises(ag.errors.GradientError, match=text):
        run()
