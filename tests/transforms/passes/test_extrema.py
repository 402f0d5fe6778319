"""Choices that become a maximum or a minimum: the constants and zeros that they give are those of `where`."""

import numpy as np
import pytest

import autograph as ag

pytest.importorskip("jax")
ops = ag.ops
BIG = np.array([2**53 - 1, 2**53, 2**53 + 1, 2**53 + 2, 2**53 + 3])
ZEROS = np.array([-1.0, -0.0, 0.0, 1.0, np.nan, np.inf, -np.inf])


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (lambda x: ops.where(x <= 2**53 + 1, 2**53 + 1, x), BIG),
        (lambda x: ops.where(x >= 2**53 + 1, 2**53 + 1, x), BIG),
        (lambda x: ops.where(x <= 2**53, 2**53 + 1, x), BIG),
        (lambda x: ops.where(x >= 2**63 + 1, 2**63 + 1, x), np.array([5, 2**63, 2**63 + 1, 2**63 + 2], np.uint64)),
        (lambda x: ops.where(x <= 0.0, 0.0, x), ZEROS),
        (lambda x: ops.where(x >= 0.0, 0.0, x), ZEROS),
        (lambda x: ops.where(x <= -0.0, -0.0, x), ZEROS),
        (lambda x: ops.where(x <= 0.1, 0.1, x), ZEROS.astype(np.float32)),
    ],
)
def test_choices_on_xla(function, x):
    got, wanted = [ag.function(function, backend=backend)(ag.constant(x)).numpy() for backend in ("xla", "numpy")]
    np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(np.signbit(got), np.signbit(wanted))
    assert got.dtype == wanted.dtype
