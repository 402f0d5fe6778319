"""Jacobians and Hessian-vector products, eager and staged, against differences and against each other."""

import numpy as np
import pytest

import autograph as ag

ops = ag.ops
X = ag.constant(np.array([0.3, 0.8, 1.2]))


def vector(x):
    return ops.stack([x[0] * x[1], ops.sin(x[2]) * x[0], x[1], ops.sum(x * x)])


def loop(x):
    y = x
    while ops.sum(y * y) < 30:
        if y[0] > 1:
            y = y * 1.3
        else:
            y = y + ops.exp(x)
    return ops.reshape(y, (3, 1)) * x


def by_differences(f, x):
    columns = []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-6
        columns.append((f(ag.constant(x.numpy() + step)).numpy() - f(ag.constant(x.numpy() - step)).numpy()) / 2e-6)
    return np.stack(columns, -1).reshape(*columns[0].shape, *x.shape)


@pytest.mark.parametrize("f", [vector, loop])
def test_jacobian(f):
    wanted = by_differences(f, X)
    for run in (ag.jacobian(f), ag.jacobian(ag.function(f)), ag.function(ag.jacobian(f))):
        np.testing.assert_allclose(run(X).numpy(), wanted, rtol=1e-5, atol=1e-6)


def test_jacobian_of_any_size():
    run = ag.function(ag.jacobian(lambda x: x * x))
    for n in (2, 5, 7):
        x = np.arange(float(n))
        np.testing.assert_array_equal(run(ag.constant(x)).numpy(), np.diag(2 * x))
    assert run.trace_count <= 2


def test_jacobian_of_jacobian():
    f = lambda x: x * x * x  # noqa: E731
    wanted = np.zeros((3, 3, 3))
    wanted[range(3), range(3), range(3)] = 6 * X.numpy()
    for run in (ag.jacobian(ag.jacobian(f)), ag.function(ag.jacobian(ag.jacobian(f)))):
        np.testing.assert_allclose(run(X).numpy(), wanted, rtol=1e-12)


def test_structures_variables_and_unconnected():
    v = ag.Variable(2.0, dtype=ag.float64)

    def tapes(x):
        y = ag.constant(1.0, ag.float64)
        with ag.GradientTape() as tape:
            tape.watch([x, y])
            z = x * v
        return tape.jacobian(z, {"x": x, "v": v})

    for run in (tapes, ag.function(tapes)):
        found = run(X)
        np.testing.assert_array_equal(found["x"].numpy(), 2 * np.eye(3))
        np.testing.assert_array_equal(found["v"].numpy(), X.numpy())
    both = ag.jacobian(lambda x, y: x * 2, (0, 1))(X, X)
    np.testing.assert_array_equal(both[1].numpy(), np.zeros((3, 3)))
    with ag.GradientTape() as tape:
        tape.watch(X)
    assert tape.jacobian(X * 2, X) is None


def test_jacobians_without_elements():
    empty, pair = ops.zeros((0,)), ops.zeros((2,))
    for run in (ag.jacobian(lambda x: ops.concat([x, x])), ag.function(ag.jacobian(lambda x: ops.concat([x, x])))):
        assert (run(empty).shape, run(pair).shape) == ((0, 0), (4, 2))
    with ag.GradientTape(persistent=True) as tape:
        tape.watch(pair)
        target = pair[:0] * 2
    assert tape.jacobian(target, pair).shape == (0, 2)
    assert tape.jacobian(target, X) is None


def test_batch_jacobian():
    xs = ag.constant(np.random.default_rng(0).normal(size=(4, 3)))
    f = lambda x: ops.stack([x[:, 0] * x[:, 1], ops.sin(x[:, 2])], axis=1)  # noqa: E731
    wanted = np.stack([ag.jacobian(lambda r: f(r[None])[0])(xs[i]).numpy() for i in range(4)])
    for run in (ag.batch_jacobian(f), ag.function(ag.batch_jacobian(f))):
        np.testing.assert_allclose(run(xs).numpy(), wanted)
    with ag.GradientTape() as tape, pytest.raises(ag.errors.GradientError, match="rows"):
        tape.watch(xs)
        tape.batch_jacobian(f(xs), X)


def test_hessian_vector_products():
    def f(x, y):
        return ops.sum(x * x * y) + ops.prod(y)

    y = ag.constant([1.0, 2.0, 3.0], ag.float64)
    t = ag.constant([1.0, -1.0, 0.5], ag.float64)
    hessian = ag.jacobian(lambda x: ag.grad(f)(x, y))(X).numpy()
    for run in (lambda x: ag.hvp(lambda x: f(x, y), (x,), (t,)), lambda x: ag.hvp(f, (x, y), (t, y * 0))[0]):
        np.testing.assert_allclose(run(X).numpy(), hessian @ t.numpy())
        np.testing.assert_allclose(ag.function(run)(X).numpy(), hessian @ t.numpy())


def test_forward_mode_gives_the_columns():
    identity = ag.constant(np.eye(3))
    columns = ag.vmap(lambda t: ag.jvp(loop, (X,), (t,))[1], out_axes=-1)(identity)
    np.testing.assert_allclose(columns.numpy(), ag.jacobian(loop)(X).numpy(), rtol=1e-12)
