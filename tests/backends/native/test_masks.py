"""Elements chosen by conditions, read and written, with sizes that only data decide; and rows that share a number."""

import numpy as np
import pytest

import autograph as ag
from tests.backends.native.compare import close, same

X = np.random.default_rng(2).normal(size=(4, 5, 3)).astype(np.float32)
MASKS = {
    "rows": (np.array([True, False, True, True]), ()),
    "inner": (np.random.default_rng(1).random((5, 3)) < 0.5, (slice(None),)),
    "middle": (np.array([False, True, True, False, True]), (slice(None),)),
    "none": (np.zeros((4, 5), bool), ()),
}


@pytest.mark.parametrize("name", ["rows", "inner", "middle", "none"])
@pytest.mark.parametrize("open_sizes", [False, True])
def test_reading_and_writing(name, open_sizes):
    mask, before = MASKS[name]

    def run(x, mask):
        key = (*before, mask)
        chosen = x[key]
        y = x * 1.0
        y[key] = 7.0
        z = x * 1.0
        z[key] = chosen * 2
        y[key] += 1
        return chosen, y, z, ag.ops.size(chosen)

    same(run, X, mask, open_sizes=open_sizes)


def test_conditions():
    def run(x):
        y = x * 1.0
        y[y > 0.5] = -1.0
        return y[y < 0], *ag.ops.nonzero(y > 0), ag.ops.nonzero(y[0, 0])[0]

    for x in (X, X * 0, X - 10):
        same(run, x)


def test_gradients():
    def run(x, w):
        with ag.GradientTape() as tape:
            tape.watch((x, w))
            y = x * 1.0
            y[y > 0] = ag.ops.exp(x[x > 0]) * w
            loss = ag.ops.sum(y * y) + ag.ops.sum(x[x < -0.5] ** 3)
        return tape.gradient(loss, (x, w))

    close(run, X.astype(np.float64), np.float64(1.5), rtol=1e-12)


@pytest.mark.parametrize("backend", ["native", "numpy"])
def test_sizes_that_do_not_fit(backend):
    @ag.function(backend=backend)
    def run(x, mask, value):
        y = x * 1.0
        y[mask] = value
        return y

    with pytest.raises(ValueError, match="3"):
        run(ag.constant(np.ones(4)), ag.constant(np.array([True, False, True, False])), ag.constant(np.ones(3)))


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float32", "float64"])
def test_segments(dtype):
    ids = np.array([2, 0, 2, 4, 0, 2])
    data = (np.random.default_rng(0).normal(size=(6, 3)) * 4).astype(dtype)
    functions = [ag.ops.segment_sum, ag.ops.segment_max, ag.ops.segment_min, ag.ops.segment_prod]
    if dtype == "bool":
        functions = functions[:0]
    same(lambda x, i: [f(x, i, 5) for f in functions], data, ids, open_sizes=dtype == "float32")


def test_segments_have_gradients():
    def run(x, i):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.sum(ag.ops.segment_max(x, i, 3) ** 2) + ag.ops.sum(ag.ops.segment_sum(x, i, 3) ** 3)
        return tape.gradient(y, x)

    same(run, np.array([[1.0, 5.0], [1.0, 2.0], [3.0, 4.0], [0.5, -1.0]]), np.array([0, 0, 2, 2]))
