"""Functions that run in NumPy's and SciPy's own loops: their numbers to the last bit, without the host."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native.inner_loops import inner_loop
from tests.backends.native.compare import same

special = ag.ops.special
x = np.random.default_rng(0).normal(size=(6, 7)) * 3


def run(x):
    y = ag.ops.abs(x) + 0.5
    return special.lgamma(x * 2), special.digamma(y), special.gammainc(y, y[0]), special.i0(x), special.erfinv(x / 10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("open_sizes", [False, True])
def test_same_bits(dtype, open_sizes):
    same(run, x.astype(dtype), open_sizes=open_sizes)


def test_numbers_and_empty_tensors():
    same(lambda x, n: (special.lgamma(x), special.lgamma(n), special.gammainc(n, x)), x[:0], np.float32(2.5))
    same(lambda n: special.lgamma(n), np.int64(7))


@pytest.mark.parametrize("count", [1, 3])
def test_threads(count):
    before = ag.config.threads()
    ag.config.set_threads(count)
    try:
        same(lambda x: special.lgamma(x + 1), np.linspace(-5, 5, 100_003))
    finally:
        ag.config.set_threads(before)


def test_there_is_no_loop_of_something_else():
    assert inner_loop(np.add, "dd->d") is not None
    assert inner_loop(np.add, "ee->d") is None
    assert inner_loop(lambda x: x, "d->d") is None
