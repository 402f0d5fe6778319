"""Running sums, products and recurrences: the numbers that NumPy gives, to the last bit."""

import numpy as np
import pytest

import autograph as ag
from autograph.ops.scans import recurrence_op
from autograph.runtime.apply import apply
from tests.backends.native.cases import INTEGERS
from tests.backends.native.compare import same
from tests.sampling import some

DTYPES = ["bool", *INTEGERS, "float32", "float64", "float16", "bfloat16", "complex64"]


def numbers(dtype, *shape):
    return np.random.default_rng(1).normal(scale=2, size=shape).astype(dtype)


def scans(axis):
    return lambda x: (ag.ops.cumulative_sum(x, axis), ag.ops.cumulative_prod(x, axis))


@pytest.mark.parametrize("dtype", some(DTYPES, 3))
def test_dtypes(dtype):
    same(lambda x: (ag.ops.cumulative_sum(x, 1), ag.ops.cumulative_prod(x, 0)), numbers(dtype, 4, 9), open_sizes=True)


@pytest.mark.parametrize("shape", some([(0,), (7, 1, 5), (1,), (1000,), (3, 0), (0, 3)], 2))
def test_shapes(shape):
    x = numbers("float32", *shape)
    for axis in range(len(shape)):
        same(scans(axis), x)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("open_sizes", [False, True])
def test_recurrence(axis, open_sizes):
    def run(x, y):
        return apply(recurrence_op, x, y, axis=axis)

    same(run, numbers("float32", 8, 11), numbers("float32", 8, 11), open_sizes=open_sizes)


def test_gradients():
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.sum(ag.ops.cumulative_prod(x, axis=0) ** 2) + ag.ops.sum(
                ag.ops.cumulative_sum(x[::-1], axis=1)[:, 2]
            )
        return tape.gradient(y, x)

    x = numbers("float64", 6, 5)
    x[2, 3] = 0.0
    same(run, x)


@pytest.mark.parametrize("count", [1, 3])
def test_threads(count):
    before = ag.config.threads()
    ag.config.set_threads(count)
    try:
        same(lambda x: ag.ops.cumulative_sum(ag.ops.sqrt(x * x), axis=1), numbers("float32", 900, 400))
    finally:
        ag.config.set_threads(before)
