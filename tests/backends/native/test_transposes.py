"""Transposed tensors are written in squares; whatever their sizes, each element gets where NumPy puts it."""

import itertools

import numpy as np
import pytest

import autograph as ag

SIZES = [(5,), (33, 17), (3, 40), (1, 20), (16, 1), (2, 19, 35), (17, 1, 18), (3, 18, 4, 21), (300, 1100)]


@pytest.mark.parametrize("open_sizes", [False, True], ids=["known", "open"])
@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_transposes(shape, open_sizes):
    orders = list(itertools.permutations(range(len(shape))))

    def run(x, y):
        plain = [ag.ops.permute_dims(x, order) for order in orders]
        back = [
            ag.ops.permute_dims(each, tuple(np.argsort(order).tolist()))
            for each, order in zip(plain, orders, strict=True)
        ]
        return plain, [each * 2 + y for each in plain], back

    spec = ag.TensorSpec((None,) * len(shape) if open_sizes else shape, ag.float32)
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    y = np.float32(0.5)
    plain, formulas, back = ag.function(run, input_signature=[spec, ag.TensorSpec((), ag.float32)])(x, y)
    for order, a, b, c in zip(orders, plain, formulas, back, strict=True):
        np.testing.assert_array_equal(a.numpy(), x.transpose(order))
        np.testing.assert_array_equal(b.numpy(), x.transpose(order) * np.float32(2) + y)
        np.testing.assert_array_equal(c.numpy(), x)
