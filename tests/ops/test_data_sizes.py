"""Ops whose result size only data decides: eagerly, and in graphs, where the size is a symbol bound at run time."""

import numpy as np
import pytest

import autograph as ag

X = np.array([[3.0, 0.0, 1.0], [3.0, 2.0, 0.0]])


def both(f, *arrays):
    """What a function gives eagerly and in a graph whose input sizes are open."""
    staged = ag.function(f, input_signature=[ag.TensorSpec([None] * a.ndim, ag.as_dtype(a.dtype)) for a in arrays])
    return [call(*[ag.constant(a) for a in arrays]) for call in (f, staged)]


def same(got, wanted):
    for a, b in zip(got, wanted, strict=True):
        assert a.dtype == ag.as_dtype(b.dtype)
        np.testing.assert_array_equal(a.numpy(), b)


@pytest.mark.parametrize("x", [X, X.ravel(), np.zeros((2, 2)), X[None] > 1])
def test_nonzero(x):
    for places in both(ag.ops.nonzero, x):
        same(places, np.nonzero(x))


@pytest.mark.parametrize("x", [X, np.array([2, 1, 2]), np.zeros((0,)), np.array(5), np.array([np.nan, 1.0, np.nan])])
def test_unique(x):
    values, indices, inverse, counts = np.unique(x, True, True, True, equal_nan=False)
    inverse = inverse.reshape(x.shape)
    for call in (lambda f: f(ag.constant(x)), lambda f: ag.function(f)(ag.constant(x))):
        same(call(ag.ops.unique_all), (values, indices, inverse, counts))
        same(call(ag.ops.unique_counts), (values, counts))
        same(call(ag.ops.unique_inverse), (values, inverse))
        same([call(ag.ops.unique_values)], [values])


@pytest.mark.parametrize("axis", [0, 1])
def test_repeat(axis):
    counts = np.arange(X.shape[axis])
    for out in both(lambda x, n: ag.ops.repeat(x, n, axis=axis), X, counts):
        same([out], [np.repeat(X, counts, axis)])
    for out in both(lambda x: ag.ops.repeat(x, 2, axis=axis), X):
        same([out], [np.repeat(X, 2, axis)])
    same([ag.ops.repeat(ag.constant(X), 2)], [np.repeat(X, 2)])
    same([ag.ops.repeat(ag.constant(X), np.array([2]), axis=axis)], [np.repeat(X, [2], axis)])
    for dtype in (np.uint64, np.int8):
        same([ag.ops.repeat(ag.constant(X[0]), np.array([1, 0, 2], dtype))], [np.repeat(X[0], [1, 0, 2])])
    with pytest.raises(ag.errors.DTypeError, match="repeats of dtype float64"):
        ag.ops.repeat(ag.constant(X[0]), np.array([1.0, 0.0, 2.0]))
    with pytest.raises(ValueError, match="negative"):
        ag.ops.repeat(ag.constant(X[0]), np.array([1, -1, 2]))
    with pytest.raises(ag.errors.ShapeError, match="one number an element"):
        ag.ops.repeat(ag.constant(X[0]), np.array([1, 1]))


def test_gradients_flow_to_the_elements_found():
    def loss(x):
        return ag.ops.sum(ag.ops.unique_values(x) ** 2) + ag.ops.sum(ag.ops.repeat(x, ag.constant([1, 2, 0]), axis=1))

    for call in (loss, ag.function(loss)):
        got = ag.grad(call)(ag.constant(X)).numpy()
        first = np.array([[6.0, 0.0, 2.0], [0.0, 4.0, 0.0]])
        np.testing.assert_array_equal(got, first + np.array([1.0, 2.0, 0.0]))


def test_membership():
    x, others = np.array([[1, 2], [3, 4]]), np.array([4, 1])
    for invert in (False, True):
        for out in both(lambda a, b: ag.ops.isin(a, b, invert=invert), x, others):
            same([out], [np.isin(x, others, invert=invert)])
