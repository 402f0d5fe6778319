"""Recursion over tensors of open sizes, also of sizes that are computed from others."""

import numpy as np
import pytest

import autograph as ag


def waves(x, n):
    if n <= 0:
        return x
    return waves(ag.ops.sin(x) * 2.0, n - 1)


def rest(x, n):
    y = x[5:]
    return waves(y, n), waves(ag.ops.concat([y, y]), n)


@pytest.mark.parametrize("backend", ["native", "numpy"])
@pytest.mark.parametrize("size", [6, 9, 5])
def test_sizes_computed_from_others(backend, size):
    specs = [ag.TensorSpec([None], "float64"), ag.TensorSpec([], "int64")]
    staged = ag.function(rest, input_signature=specs, backend=backend)
    x = np.linspace(-1, 1, size)
    wanted = x[5:]
    for _ in range(3):
        wanted = np.sin(wanted) * 2.0
    once, twice = staged(ag.constant(x), ag.constant(np.int64(3)))
    np.testing.assert_allclose(once.numpy(), wanted, rtol=1e-14)
    np.testing.assert_allclose(twice.numpy(), np.concatenate([wanted, wanted]), rtol=1e-14)
