"""Sorting and searching: any dtype and size, equal elements in their order, NaN last, on any number of threads."""

import numpy as np
import pytest

import autograph as ag
from tests.backends.native.cases import INTEGERS, special
from tests.backends.native.compare import same
from tests.sampling import some

DTYPES = ["bool", *INTEGERS, "float32", "float64", "float16", "bfloat16"]


def numbers(dtype, size, kind="few"):
    """Random numbers: few different ones, or all that the dtype holds, with special ones."""
    dtype, rng = np.dtype(dtype), np.random.default_rng(size)
    if kind == "few" or dtype.kind == "b":
        return rng.integers(0, 5, size).astype(dtype)
    bits = rng.integers(0, 256, size * dtype.itemsize, np.uint8).view(dtype)
    return np.where(rng.random(size) < 0.3, special(dtype, size, 0), bits).astype(dtype)


def both(x, y):
    return ag.ops.sort(x), ag.ops.argsort(x), ag.ops.sort(y), ag.ops.argsort(y)


@pytest.mark.parametrize("size", [0, 1, 24, 20_000])
def test_sizes(size):
    same(both, numbers("float32", size), numbers("float64", size, "any"))


@pytest.mark.parametrize("dtype", some(DTYPES, 3))
def test_dtypes(dtype):
    same(both, numbers(dtype, 200), numbers(dtype, 200, "any"), open_sizes=True)


@pytest.mark.parametrize(("axis", "descending"), some([(0, True), (0, False), (1, True), (2, True), (1, False)], 3))
def test_axes(axis, descending):
    x = numbers("float32", 3 * 40 * 5).reshape(3, 40, 5)
    same(lambda x: (ag.ops.sort(x, axis, descending), ag.ops.argsort(x, axis, descending)), x, open_sizes=True)


def test_top_k():
    same(lambda x: ag.ops.top_k(x, 7), numbers("float64", 4 * 50, "any").reshape(4, 50))


@pytest.mark.parametrize("count", [1, 3])
def test_many_rows_and_threads(count):
    before = ag.config.threads()
    ag.config.set_threads(count)
    try:
        same(lambda x: (ag.ops.sort(x, 1), ag.ops.argsort(x, 0)), numbers("int32", 600 * 70).reshape(600, 70))
    finally:
        ag.config.set_threads(before)


def test_an_operand_that_is_no_array():
    same(lambda x: ag.ops.sort(ag.ops.flip(x * 2)[1:] + 1), numbers("int64", 100))


def found(ordered, x, one):
    sides = [ag.ops.searchsorted(ordered, v, side) for v in (x, one) for side in ("left", "right")]
    return *sides, ag.ops.isin(x, ordered), ag.ops.isin(one, ordered)


SIZES = [("float32", 0), ("float64", 1), ("int32", 0), ("int64", 1), *[(dtype, 37) for dtype in some(DTYPES, 3)]]


@pytest.mark.parametrize(("dtype", "size"), SIZES)
def test_found(dtype, size):
    ordered = numbers(dtype, size, "any")
    ordered = (np.sort(ordered.astype(np.float32)) if dtype == "bfloat16" else np.sort(ordered)).astype(dtype)
    x = numbers(dtype, 60, "any").reshape(6, 10)
    same(found, ordered, x, x[0, 0], open_sizes=size == 37)


@pytest.mark.parametrize(("dtype", "size"), SIZES)
def test_unique(dtype, size):
    few, any_ = numbers(dtype, 2 * size).reshape(2, size), numbers(dtype, size, "any")
    same(lambda x, y: (*ag.ops.unique_all(x), *ag.ops.unique_all(y)), few, any_)


def test_gradients():
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.sum(ag.ops.sort(x) * ag.ops.astype(ag.ops.arange(30), ag.float64)) + ag.ops.top_k(x, 3)[0][1]
        return tape.gradient(y, x)

    same(run, np.random.default_rng(0).normal(size=30))
