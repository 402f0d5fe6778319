"""Public functions against NumPy, and what bad operands get."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograph as ag

X = np.arange(24.0).reshape(2, 3, 4)


@given(hnp.basic_indices((2, 3, 4), allow_newaxis=True))
def test_basic_indexing(key):
    x = ag.constant(X)
    np.testing.assert_array_equal(np.asarray(x[key]), X[key])
    changed = X.copy()
    changed[key] = 7
    y = ag.constant(X)
    y[key] = 7
    np.testing.assert_array_equal(y.numpy(), changed)


@given(st.lists(st.integers(-2, 1), min_size=1, max_size=4), st.sampled_from([0, 1]))
def test_integer_arrays(indices, axis):
    i = np.array(indices)
    key = (slice(None),) * axis + (i,)
    np.testing.assert_array_equal(ag.constant(X)[(slice(None),) * axis + (ag.constant(i),)].numpy(), X[key])


def test_masks_in_a_graph():
    @ag.function
    def positive(x):
        return x[x > 0]

    x = np.array([1.0, -2.0, 3.0])
    np.testing.assert_array_equal(positive(ag.constant(x)).numpy(), x[x > 0])
    np.testing.assert_array_equal(ag.grad(lambda v: ag.ops.sum(positive(v) ** 2))(ag.constant(x)).numpy(), [2, 0, 6])


def test_arange_of_a_graph_scalar():
    @ag.function
    def up_to(n):
        return ag.ops.arange(n) * 2

    np.testing.assert_array_equal(up_to(ag.constant(4)).numpy(), [0, 2, 4, 6])


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2)])
@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "var", "std"])
def test_reductions(name, axis):
    for keepdims in (False, True):
        wanted = getattr(np, name)(X, axis=axis, keepdims=keepdims)
        got = getattr(ag.ops, name)(ag.constant(X), axis=axis, keepdims=keepdims)
        np.testing.assert_allclose(np.asarray(got), wanted)


@pytest.mark.parametrize(
    ("run", "error", "word"),
    [
        (lambda x: x @ x, ag.errors.ShapeError, "matmul"),
        (lambda x: x + ag.ops.zeros((7,)), ag.errors.ShapeError, "broadcast"),
        (lambda x: ag.ops.sum(x, axis=5), ag.errors.ShapeError, "axis 5"),
        (lambda x: ag.ops.reshape(x, (5, 5)), ag.errors.ShapeError, "reshaped"),
        (lambda x: x[ag.ops.zeros((2,))], ag.errors.DTypeError, "index"),
        (lambda x: ag.ops.bitwise_and(x, x), ag.errors.DTypeError, "float64"),
        (lambda x: ag.ops.where(x, x, x), ag.errors.DTypeError, "bool"),
        (lambda x: ag.ops.concat([x, ag.ops.zeros((2, 9, 9))]), ag.errors.ShapeError, "concat"),
        (lambda x: ag.ops.stack([x, x[0]]), ag.errors.ShapeError, "stack"),
        (lambda x: x + "a", TypeError, None),
    ],
)
def test_bad_operands(run, error, word):
    for call in (run, ag.function(autograph=False)(run)):
        with pytest.raises(error, match=word) as caught:
            call(ag.constant(X))
        if word:
            assert "test_families.py" in str(caught.value)


def test_random_numbers():
    ag.random.set_seed(3)
    a = ag.random.normal((20000,)).numpy()
    assert abs(a.mean()) < 0.03
    assert abs(a.std() - 1) < 0.03
    u = ag.random.uniform((20000,), 2.0, 4.0).numpy()
    assert u.min() >= 2
    assert u.max() < 4
    assert abs(u.mean() - 3) < 0.03
    assert sorted(ag.random.permutation(50).numpy()) == list(range(50))
    ag.random.set_seed(3)
    np.testing.assert_array_equal(ag.random.normal((20000,)).numpy(), a)


def test_threefry_known_answers():
    from autograph.ops.random.bits import threefry

    # Source: the known-answer vectors that come with Random123 (threefry2x32, 20 rounds).
    zeros = threefry(np.zeros(2, np.uint32), np.zeros((2, 1), np.uint32))
    assert [int(x) for x in zeros[:, 0]] == [0x6B200159, 0x99BA4EFE]
    ones = np.full(2, 0xFFFFFFFF, np.uint32)
    assert [int(x) for x in threefry(ones, ones.reshape(2, 1))[:, 0]] == [0x1CB996FC, 0xBB002BE7]


def test_staged_loops_draw_new_numbers():
    @ag.function
    def draws(n):
        xs = []
        for _ in range(n):
            xs.append(ag.random.uniform())
        return ag.ops.stack(xs)

    first, second = draws(ag.constant(3)).numpy(), draws(ag.constant(3)).numpy()
    assert len({*first.tolist(), *second.tolist()}) == 6


def test_nn_functions():
    x = np.random.default_rng(0).normal(size=(4, 5))
    t = ag.constant(x)
    e = np.exp(x - x.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    np.testing.assert_allclose(ag.ops.nn.softmax(t).numpy(), p)
    np.testing.assert_allclose(ag.ops.nn.log_softmax(t).numpy(), np.log(p))
    np.testing.assert_allclose(ag.ops.nn.sigmoid(t).numpy(), 1 / (1 + np.exp(-x)))
    y = np.array([0, 3, 2, 4])
    loss = ag.ops.nn.sparse_categorical_crossentropy(ag.constant(y), t, from_logits=True)
    np.testing.assert_allclose(loss.numpy(), -np.log(p[np.arange(4), y]))
    np.testing.assert_allclose(
        ag.ops.nn.sparse_categorical_crossentropy(ag.constant(y), ag.constant(p)).numpy(), loss.numpy(), rtol=1e-5
    )
