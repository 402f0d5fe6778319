"""NumPy's functions on tensors: what they give for arrays, as tensors, eagerly and in graphs."""

import numpy as np
import optree
import pytest

import autograph as ag
from tests.ops.functions.numpy_functions import NUMPY_FUNCTIONS
from tests.ops.functions.row import _filled
from tests.sampling import some

SAMPLES = [
    row
    for row in NUMPY_FUNCTIONS
    if row.oracle is getattr(np, row.function, None) and row.arrays() and not isinstance(row.args[-1], type)
]
X = np.array([[3.0, -1.0, 2.5], [0.5, 4.0, -2.0]])
SQUARE = np.array([[3.0, 1.0], [1.0, 2.0]])
CALLS = [
    lambda x: np.sum(x),
    lambda x: np.sum(x, 0),
    lambda x: np.mean(x, axis=1, keepdims=True),
    lambda x: np.std(x, axis=0, ddof=1),
    lambda x: np.clip(x, 0, 2),
    lambda x: np.clip(x, a_min=0.0, a_max=None),
    lambda x: np.sort(x, kind="stable"),
    lambda x: np.argsort(x, axis=0),
    lambda x: np.where(x > 1, x, 0),
    lambda x: np.concatenate([x, x], axis=1),
    lambda x: np.stack((x, x)),
    lambda x: np.reshape(x, (3, -1)),
    lambda x: np.tile(x, (1, 2)),
    lambda x: np.zeros_like(x),
    lambda x: np.cumsum(x, 1),
    lambda x: np.shape(x),
    lambda x: np.linalg.norm(x, axis=1),
    lambda x: np.fft.rfft(x, n=4, axis=1),
    lambda x: np.add.reduce(x),
    lambda x: np.divmod(x, 2.0),
    lambda x: np.maximum.reduce(x, axis=1),
    lambda x: np.broadcast_arrays(x, 1.0),
    lambda x: np.pad(x, 1, constant_values=2.0),
    lambda x: np.average(x, weights=np.ones(3), axis=1),
    lambda x: np.outer(x[0], x[1]),
]
SQUARES = [
    lambda x: np.linalg.solve(x, x[0]),
    lambda x: np.linalg.eigh(x)[0],
    lambda x: np.linalg.svd(x, full_matrices=False)[1],
    lambda x: np.linalg.slogdet(x),
]


def leaves(value):
    return optree.tree_leaves(value)


def compare(f, *arrays, rtol=1e-7):
    with np.errstate(all="ignore"):
        wanted = leaves(f(*arrays))
        for run in (f, ag.function(f, autograph=False)):
            got = leaves(run(*map(ag.constant, arrays)))
            assert len(got) == len(wanted)
            for a, b in zip(got, wanted, strict=True):
                assert isinstance(a, ag.Tensor | int)
                np.testing.assert_allclose(np.asarray(a), b, rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("row", some([pytest.param(row, id=f"{row.function}-{i}") for i, row in enumerate(SAMPLES)], 3))
def test_functions_that_the_namespace_has(row):
    def call(*arrays):
        rest = iter(arrays)
        return getattr(np, row.function)(*[_filled(arg, rest) for arg in row.args], **row.kwargs)

    compare(call, *row.arrays(), rtol=row.rtol)


@pytest.mark.parametrize("f", CALLS)
def test_options(f):
    compare(f, X)


@pytest.mark.parametrize("f", SQUARES)
def test_linear_algebra(f):
    compare(f, SQUARE)


def test_others_take_arrays_where_there_are_any():
    x = ag.constant(X)
    assert np.array_equal(np.lexsort(x), np.lexsort(X))
    assert type(np.sum(x, where=X > 0)) is np.float64
    assert np.array_equal(np.where(x > 1)[0], np.where(X > 1)[0])
    with pytest.raises(ag.errors.GraphTensorError, match="needs the value of a tensor"):
        ag.function(lambda x: np.lexsort(x))(x)
    for call in (lambda: np.fill_diagonal(x, 0), lambda: np.copyto(x, 0), lambda: np.sum(X, 0, out=x[0])):
        with pytest.raises(ag.errors.GraphTensorError, match="on a tensor"):
            call()


def test_gradients_go_through():
    gradient = ag.grad(lambda x: np.sum(np.square(np.concatenate([x, x], axis=0)) * 0.5))
    np.testing.assert_array_equal(gradient(ag.constant(X)), 2 * X)
