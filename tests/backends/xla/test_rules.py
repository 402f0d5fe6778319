"""Rules that correct JAX or XLA: each case was wrong once, or is wrong without the correction."""

import numpy as np
import pytest

import autograph as ag

NAN = complex(np.nan, 1.0)


def on(backend, function, *operands):
    run = ag.function(function, autograph=False, backend=backend)
    return run(*map(ag.constant, operands)).numpy()


@pytest.mark.parametrize(
    "function",
    [
        lambda x, chosen: x * chosen,
        lambda x, chosen: x / chosen,
        lambda x, chosen: chosen[:, None] / chosen,
        lambda x, chosen: ag.ops.astype(chosen, ag.float64) * -x,
    ],
)
def test_products_with_bools_keep_nan_and_signs(function):
    x, chosen = np.array([0.0, np.nan, np.inf, -2.0]), np.array([False, False, False, True])
    with np.errstate(all="ignore"):
        got, wanted = on("xla", function, x, chosen), on("numpy", function, x, chosen)
    np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(np.signbit(got)[~np.isnan(got)], np.signbit(wanted)[~np.isnan(wanted)])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ag.ops.minimum(x, x[::-1]),
        lambda x: ag.ops.maximum(x, x[::-1]),
        lambda x: ag.ops.max(x, axis=0),
        lambda x: ag.ops.min(x),
        lambda x: ag.ops.max(x, axis=(0, 1), keepdims=True),
        lambda x: ag.ops.sort(x, axis=1),
    ],
)
def test_complex_numbers_that_are_none_win(function):
    x = np.array([[1 + 2j, NAN], [3 - 1j, 3 + 1j], [complex(2, np.nan), 0j]])
    np.testing.assert_array_equal(on("xla", function, x), on("numpy", function, x))


def test_powers_of_complex_zeros():
    x, y = np.array([0j, 0j, 0j, 1j]), np.array([0.5 + 0.5j, 2 + 0j, 0j, 2j])
    np.testing.assert_allclose(on("xla", ag.ops.pow, x, y), on("numpy", ag.ops.pow, x, y), rtol=1e-14)


@pytest.mark.parametrize("name", ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cosh", "sinh", "sqrt"])
def test_sides_of_branch_cuts(name):
    parts = [0.0, -0.0, 0.5, -0.5, 2.0, -2.0, 1e-10]
    x = np.array([complex(a, b) for a in parts for b in parts])
    got, wanted = [on(backend, getattr(ag.ops, name), x) for backend in ("xla", "numpy")]
    np.testing.assert_allclose(got, wanted, rtol=1e-14)
    for a, b in ((got.real, wanted.real), (got.imag, wanted.imag)):
        np.testing.assert_array_equal(np.signbit(a), np.signbit(b))


def test_special_functions_far_and_near():
    x = np.array([1e-300, 0.3, 0.99, 1.01, 24.9, 25.1, 39.9, 45.0, 600.0, 1e9, np.inf, np.nan])
    for name in ("exp1", "expi", "bessel_j0", "bessel_j1"):
        wanted = on("numpy", getattr(ag.ops.special, name), x)
        np.testing.assert_allclose(on("xla", getattr(ag.ops.special, name), x), wanted, rtol=1e-14, atol=1e-15)


def test_log_ndtr_far_out():
    x = np.array([-20.02, -25.0, -40.0, -1e4, 3.0])
    wanted = on("numpy", ag.ops.special.log_ndtr, x)
    np.testing.assert_allclose(on("xla", ag.ops.special.log_ndtr, x), wanted, rtol=1e-14)
