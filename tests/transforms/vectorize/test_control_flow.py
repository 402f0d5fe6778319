"""Branches, loops, lists, exceptions, recursion and gradients of all lanes at once, against a loop over the lanes."""

import numpy as np
import pytest

import autograph as ag
from autograph.transforms.vectorize.vmap import lane_by_lane
from tests.transforms.test_gradients import CASES

ops = ag.ops


def lanes_of(x):
    x = np.asarray(x, np.float64)
    return ag.constant(np.stack([x, x * 1.1, x * 0.7]))


@pytest.mark.parametrize(("f", "x"), CASES)
def test_programs(f, x):
    xs = lanes_of(x)
    one = ag.function(f)
    wanted = np.stack([one(xs[i]).numpy() for i in range(3)])
    np.testing.assert_allclose(ag.vmap(f)(xs).numpy(), wanted, rtol=1e-12)
    np.testing.assert_allclose(ag.function(lambda xs: ag.vmap(f)(xs))(xs).numpy(), wanted, rtol=1e-12)


@pytest.mark.parametrize(("f", "x"), CASES)
def test_gradients_in_both_orders_and_forward_mode(f, x):
    xs = lanes_of(x)
    wanted = np.stack([ag.grad(f)(xs[i]).numpy() for i in range(3)])
    np.testing.assert_allclose(ag.vmap(ag.grad(f))(xs).numpy(), wanted, rtol=1e-9, atol=1e-12)
    outer = ag.grad(lambda xs: ops.sum(ag.vmap(f)(xs)))
    np.testing.assert_allclose(outer(xs).numpy(), wanted, rtol=1e-9, atol=1e-12)
    along = ag.jvp(ag.vmap(f), (xs,), (ops.ones_like(xs),))[1]
    np.testing.assert_allclose(along.numpy(), wanted.reshape(3, -1).sum(1), rtol=1e-9)
    inner = ag.vmap(lambda x: ag.jvp(f, (x,), (ops.ones_like(x),))[1])(xs)
    np.testing.assert_allclose(inner.numpy(), wanted.reshape(3, -1).sum(1), rtol=1e-9)


def test_a_branch_not_taken_fails_in_no_lane():
    def pick(x, i):
        if i < 3:
            y = x[i]
        else:
            y = x[0] * 0
        return y

    x = ag.constant([1.0, 2.0, 3.0])
    found = ag.vmap(pick, (None, 0))(x, ag.constant([2, 7, 0, 3]))
    np.testing.assert_array_equal(found.numpy(), [3.0, 0.0, 1.0, 0.0])

    def ratio(a, b):
        return a // b if b != 0 else 0

    found = ag.vmap(ratio)(ag.constant([7, 8, 9]), ag.constant([2, 0, 3]))
    np.testing.assert_array_equal(found.numpy(), [3, 0, 3])


def test_gradients_of_a_branch_not_taken_are_no_nan():
    def root(x):
        if x > 0:
            y = ops.sqrt(x)
        else:
            y = x * 0
        return y

    xs = ag.constant([4.0, 0.0, 1.0], ag.float64)
    slopes = ag.grad(lambda xs: ops.sum(ag.vmap(root)(xs)))(xs)
    np.testing.assert_array_equal(slopes.numpy(), [0.25, 0.0, 0.5])


def test_the_first_lane_that_fails_raises():
    def checked(x):
        if x > 2:
            raise ValueError(f"{x} is too large")
        assert x >= 0, f"{x} is negative"
        return x * 2

    run = ag.vmap(checked)
    np.testing.assert_array_equal(run(ag.constant([1, 2])).numpy(), [2, 4])
    with pytest.raises(ValueError, match="5 is too large"):
        run(ag.constant([1, 5, 7]))
    with pytest.raises(AssertionError, match="-3 is negative"):
        run(ag.constant([1, -3, -4]))


def test_loops_of_different_lengths_and_lists():
    def squares(n):
        found = []
        i = 0
        while i < n:
            found.append(i * i)
            i += 1
        total = 0
        for y in found:
            total += y
        return total, i

    run = ag.function(lambda n: ag.vmap(squares)(n))
    n = ag.constant([1, 0, 5])
    total, count = run(n)
    np.testing.assert_array_equal(total.numpy(), [0, 0, 30])
    np.testing.assert_array_equal(count.numpy(), [1, 0, 5])
    assert lane_by_lane(run.get_concrete_function(n).graph)["while"] >= 1

    def both(xs):
        kept = []
        for x in xs:
            kept.append(x * x)
        return ops.stack(kept)

    once = ag.function(lambda xs: ag.vmap(both)(xs))
    xs = ag.constant([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(once(xs).numpy(), xs.numpy() ** 2)
    assert lane_by_lane(once.get_concrete_function(xs).graph) == {}


def test_recursion():
    def fib(n):
        if n < 2:
            return n
        return fib(n - 1) + fib(n - 2)

    found = ag.vmap(fib)(ag.constant([0, 1, 5, 10]))
    np.testing.assert_array_equal(found.numpy(), [0, 1, 5, 55])


def test_try_in_each_lane():
    def guarded(x):
        try:
            if x > 1:
                raise ValueError("large")
            y = x
        except ValueError:
            y = x * 0 - 1
        return y

    np.testing.assert_array_equal(ag.vmap(guarded)(ag.constant([0.5, 2.0, 1.0])).numpy(), [0.5, -1.0, 1.0])


def test_axes_nesting_and_structures():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    table = ag.vmap(ag.vmap(lambda x, y: x * y, (None, 0)), (0, None))(ag.constant(a[:, 0]), ag.constant(b[0]))
    np.testing.assert_array_equal(table.numpy(), np.outer(a[:, 0], b[0]))
    found = ag.vmap(
        lambda d: {"sum": d["x"] + d["y"], "same": d["y"]}, ({"x": 1, "y": None},), {"sum": 1, "same": None}
    )({"x": ag.constant(a), "y": ag.constant([10.0, 20.0])})
    np.testing.assert_array_equal(found["sum"].numpy(), a + np.array([[10.0], [20.0]]))
    np.testing.assert_array_equal(found["same"].numpy(), [10.0, 20.0])
    np.testing.assert_array_equal(ag.vectorized_map(lambda p: p[0] * p[1], (a, a)).numpy(), a * a)
    product = ag.vmap(lambda x, y: x @ y, (0, None))(ag.constant(a), ag.constant(b))
    np.testing.assert_array_equal(product.numpy(), a @ b)


def test_any_number_of_lanes_with_one_trace():
    @ag.function
    def run(xs):
        return ag.vmap(lambda x: ops.sum(x * x) if x[0] > 0 else x[1])(xs)

    for lanes in (2, 3, 5, 8):
        xs = np.random.default_rng(lanes).normal(size=(lanes, 2))
        wanted = [np.sum(x * x) if x[0] > 0 else x[1] for x in xs]
        np.testing.assert_allclose(run(ag.constant(xs)).numpy(), wanted)
    assert run.trace_count <= 3
    assert run(ag.constant(np.zeros((0, 2)))).shape == (0,)


def test_custom_gradients_and_recomputation():
    @ag.custom_gradient
    def doubled(x, w):
        e = ops.exp(x * w)
        return e, lambda ct: (ct * e * 2, ct * e)

    again = ag.recompute_grad(lambda x: ops.sin(x) * x)
    xs = ag.constant([0.1, 0.2], ag.float64)
    w = ag.constant(3.0, ag.float64)
    for f in (lambda x: doubled(x, w), again):
        wanted = [ag.grad(f)(xs[i]).item() for i in range(2)]
        np.testing.assert_allclose(ag.vmap(ag.grad(f))(xs).numpy(), wanted, rtol=1e-12)
        np.testing.assert_allclose(ag.grad(lambda xs: ops.sum(ag.vmap(f)(xs)))(xs).numpy(), wanted, rtol=1e-12)
    slope = ag.grad(lambda w: ops.sum(ag.vmap(doubled, (0, None))(xs, w)))(w)
    np.testing.assert_allclose(slope.numpy(), np.sum(np.exp(xs.numpy() * 3)))


def test_prints_are_of_each_lane_in_order(capsys):
    def shown(x):
        print("lane", x)
        return x

    ag.vmap(shown)(ag.constant([1, 2, 3]))
    assert capsys.readouterr().out == "lane 1\nlane 2\nlane 3\n"


def test_refusals():
    v = ag.Variable(1.0)

    def assigns(x):
        v.assign_add(x)
        return x

    xs = ag.constant([1.0, 2.0])
    with pytest.raises(ag.errors.StagingError, match="assigns a variable"):
        ag.vmap(assigns)(xs)
    with pytest.raises(ag.errors.StagingError, match="in_axes is None"):
        ag.vmap(lambda x: x, None)(xs)
    with pytest.raises(ag.errors.ShapeError, match="different numbers of lanes"):
        ag.vmap(lambda x, y: x + y)(xs, ag.constant([1.0, 2.0, 3.0]))
    with pytest.raises(ag.errors.StagingError, match="out_axes=None"):
        ag.vmap(lambda x: x, 0, None)(xs)
    with pytest.raises(ag.errors.ShapeError, match="axis 1"):
        ag.vmap(lambda x: x, 1)(xs)
    with pytest.raises(ag.errors.StagingError, match="one for all lanes"):
        ag.vmap(_writes, (None, 0))(xs, xs)
    assert float(ag.vmap(lambda x: x * v)(xs).numpy().sum()) == 3.0


def _writes(x, y):
    x[0] = y
    return x


def test_lanes_where_functions_run_eagerly() -> None:
    @ag.function
    def halved(x: ag.Tensor) -> ag.Tensor:
        while x > 1.0:
            x = x / 2
        return x

    ag.config.run_functions_eagerly(True)
    try:
        values = ag.vectorized_map(halved, ag.constant([1.0, 6.0])), ag.vmap(ag.grad(halved))(ag.constant([1.0, 6.0]))
    finally:
        ag.config.run_functions_eagerly(False)
    assert [value.numpy().tolist() for value in values] == [[1.0, 0.75], [1.0, 0.125]]
