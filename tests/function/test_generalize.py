"""Sizes and numbers that change become inputs: two traces serve many calls, and give the same answers."""

import warnings

import numpy as np
import pytest

import autograph as ag


def test_eleven_batch_sizes_cost_two_traces():
    @ag.function
    def f(x, w):
        return ag.ops.sum(x @ w, axis=0) / x.shape[0]

    w = np.arange(6.0).reshape(3, 2)
    for n in range(2, 13):
        x = np.random.default_rng(n).normal(size=(n, 3))
        np.testing.assert_allclose(f(x, w), (x @ w).sum(0) / n, rtol=1e-12)
    assert f.trace_count == 2


def test_sizes_zero_and_one_have_traces_of_their_own():
    @ag.function
    def f(x, y):
        return x + y

    y = np.arange(4.0)
    for n in (4, 1):
        np.testing.assert_array_equal(f(np.ones(n), y), np.ones(n) + y)
    np.testing.assert_array_equal(f(np.ones(0), np.ones(0)), np.ones(0))
    assert f.trace_count == 3


def test_ten_learning_rates_cost_two_traces():
    @ag.function
    def f(x, rate):
        return x - rate * x

    x = np.ones(2)
    for k in range(1, 11):
        np.testing.assert_allclose(f(x, k / 10), x - k / 10 * x, rtol=0)
    assert f.trace_count == 2


def test_numbers_keep_their_arithmetic():
    @ag.function
    def f(x, k):
        total = 0
        while total < 10:
            total += k
        return x * total, total, k // 3, k**2

    x = ag.constant([1.5])
    for k in (3, 4, 5, 6):
        y, *rest = f(x, k)
        total = -(-10 // k) * k
        np.testing.assert_array_equal(y, np.float32([1.5 * total]))
        assert y.dtype is ag.float32
        assert rest == [total, k // 3, k**2]
        assert [type(r) for r in rest] == [int] * 3
    assert f.trace_count == 2


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_sizes_compared_with_numbers(backend):
    @ag.function(backend=backend, input_signature=[ag.TensorSpec((None, 4))])
    def f(x):
        return max(*x.shape), min(*x.shape), max(x.shape[0] - 6, 0), x.shape[0]

    for n in (2, 4, 5, 7, 9):
        assert f(np.ones((n, 4), np.float32)) == (max(n, 4), min(n, 4), max(n - 6, 0), n)


def test_equal_sizes_share_a_symbol():
    @ag.function
    def f(x, y):
        return x * y if x.shape[0] == y.shape[0] else 5.0

    for n in (2, 3, 4):
        np.testing.assert_array_equal(f(np.ones(n), np.ones(n)), np.ones(n))
    assert f.trace_count == 2
    assert f(np.ones(3), np.ones(4)) == 5


def test_sizes_that_part_get_a_trace():
    @ag.function
    def f(x, y):
        return ag.ops.sum(x) * ag.ops.sum(y)

    for n, m in [(2, 2), (3, 3), (5, 4), (6, 7), (8, 9)]:
        assert f(np.ones(n), np.ones(m)).item() == n * m
    assert f.trace_count == 3


def test_axes_and_shapes_stay_literal():
    @ag.function
    def f(x, axis, n):
        return ag.ops.sum(ag.ops.reshape(x, (n, -1)), axis=axis)

    x = np.arange(12.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ag.errors.RetraceWarning)
        for axis in (0, 1):
            for n in (2, 3, 4):
                np.testing.assert_array_equal(f(x, axis, n), x.reshape(n, -1).sum(axis))


def test_index_of_a_python_structure():
    layers = [lambda x: x + 1, lambda x: x * 2, lambda x: -x]

    @ag.function
    def f(x, i, rate):
        return layers[i](x) * rate

    x = np.array([3.0])
    for i, layer in enumerate(layers):
        for rate in (0.1, 0.2, 0.3):
            np.testing.assert_array_equal(f(x, i, rate), layer(x) * rate)
    assert f.trace_count <= 5


def test_static_arguments():
    @ag.function
    def f(x, n: ag.Static[int], k=1):
        return x * n * k

    x = np.ones(2)
    for n in (1, 2, 3):
        np.testing.assert_array_equal(f(x, n), x * n)
    assert f.trace_count == 3
    for k in (2, 3, 4, 5):
        np.testing.assert_array_equal(f(x, 3, k), x * 3 * k)
    assert f.trace_count == 4


def test_static_sizes():
    @ag.function
    def f(x: ag.Static[ag.Tensor]):
        return x + 1

    for n in (2, 3, 4):
        f(np.ones(n))
    assert f.trace_count == 3


def test_switched_off():
    @ag.function(reduce_retracing=False)
    def f(x, k):
        return x * k

    for n in (2, 3, 4):
        f(np.ones(n), n)
    assert f.trace_count == 3


def test_float_zeros_stay_literal():
    @ag.function
    def f(x, k):
        return x / k if k else x * 0 + (1 if str(k)[0] == "-" else 2)

    x = ag.constant(1.0)
    with pytest.warns(ag.errors.RetraceWarning):
        got = [f(x, k).item() for k in (1.0, 2.0, 4.0, 0.0, -0.0, 8.0)]
    assert got == [1, 0.5, 0.25, 2, 1, 0.125]


def test_exceptions_of_the_general_trace_are_not_the_users():
    @ag.function
    def f(x, k):
        return x + [10, 20, 30][k]

    with pytest.raises(IndexError):
        f(np.ones(1), 5)
    assert [f(np.zeros(1), k).item() for k in (0, 1, 2)] == [10, 20, 30]
    with pytest.raises(IndexError):
        f(np.ones(1), 3)
