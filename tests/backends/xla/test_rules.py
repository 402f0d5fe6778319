"""Rules that correct JAX or XLA: each case was wrong once, or is wrong without the correction."""

import functools
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr

import autograph as ag
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops

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


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("axis", [0, 1, (0, 1), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_extremes_of_many_numbers_keep_nan(dtype, axis, keepdims):
    x = np.random.default_rng(0).normal(size=(200, 300)).astype(dtype)
    x[3, 4], x[5, 6], x[7, 8], x[9], x[10] = np.nan, -np.inf, np.inf, -np.inf, np.inf
    for reduced in (ag.ops.max, ag.ops.min):
        got, wanted = [on(b, lambda x: reduced(x, axis=axis, keepdims=keepdims), x) for b in ("xla", "numpy")]
        np.testing.assert_array_equal(got, wanted)
        assert got.dtype == wanted.dtype


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


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_places_of_complex_numbers(name, dtype):
    rng = np.random.default_rng(0)
    parts = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf]
    for chosen in (parts, [*parts, np.nan], [0.0, -np.inf], [-np.inf, np.inf]):
        x = np.empty((200, 5), dtype)
        x.real, x.imag = rng.choice(chosen, (200, 5)), rng.choice(chosen, (200, 5))
        for axis in (0, 1, None):
            got, wanted = [on(b, lambda x: getattr(ag.ops, name)(x, axis=axis), x) for b in ("xla", "numpy")]  # noqa: B023
            np.testing.assert_array_equal(got, wanted)


def test_incomplete_gamma_functions_everywhere():
    rng = np.random.default_rng(0)
    a = 10 ** rng.uniform(-3, 2.3, 4000)  # beyond, SciPy loses digits
    x = a * 10 ** rng.uniform(-1, 1, 4000)
    for name in ("gammainc", "gammaincc"):
        got, wanted = [on(backend, getattr(ag.ops.special, name), a, x) for backend in ("xla", "numpy")]
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-290)


def test_incomplete_gamma_functions_of_large_parameters():
    # As a grows, the shares at a + z √a are those of the normal distribution, but for a term of its skewness.
    z = np.linspace(-5, 5, 21)
    for a in (1e8, 1e12, 1e16):
        x = a + z * np.sqrt(a)
        z_rounded = (x - a) / np.sqrt(a)
        wanted = ndtr(z_rounded) - (z_rounded**2 - 1) * np.exp(-(z_rounded**2) / 2) / np.sqrt(2 * np.pi) / (
            3 * np.sqrt(a)
        )
        got = on("xla", ag.ops.special.gammainc, np.full(21, a), x)
        np.testing.assert_allclose(got, wanted, rtol=1e3 / a + 1e-11)


def quantiles(backend, name, *operands):
    return on(backend, lambda *x: apply(all_ops()[name], *x), *operands)


@pytest.mark.parametrize(("name", "rtol"), [("gamma_quantile", 1e-11), ("poisson_quantile", 0)])
def test_draws_by_quantiles(name, rtol):
    draw = np.random.default_rng(0)
    parameter = np.concatenate([10 ** draw.uniform(low, high, 2000) for low, high in ((-2, 0), (0, 1.5), (1.5, 4))])
    u = draw.random(parameter.shape)
    got, wanted = [quantiles(backend, name, parameter, u) for backend in ("xla", "numpy")]
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=1e-290)


def test_draws_by_the_quantiles_of_beta_distributions():
    draw = np.random.default_rng(0)
    ranges = ((-3, -1, 1e-10), (-1, 1.5, 1e-12), (1.5, 4, 1e-12), (4, 6, 1e-12), (-3, 5, 1e-10))
    ends = [[0, 1, 0.5], [-1, 1, 0.5], [2, 2, 0], [2, 2, 1], [2, 2, 1.5], [np.inf, 1, 0.5], [1, np.inf, 0.5]]
    draws = [np.stack([*10 ** draw.uniform(low, high, (2, 1000)), draw.random(1000)]) for low, high, _ in ranges]
    got = quantiles("xla", "beta_quantile", *np.concatenate([*draws, np.transpose(ends)], 1))
    for place, (operands, (_, _, rtol)) in enumerate(zip(draws, ranges, strict=True)):
        found = got[place * 1000 : place * 1000 + 1000]
        np.testing.assert_allclose(found, betaincinv(*operands), rtol=rtol, atol=1e-290)
    np.testing.assert_array_equal(got[-len(ends) :], [np.nan, np.nan, 0, 1, np.nan, 1, 0])


@pytest.mark.parametrize("merge", [True, False])
def test_greedy_decoding(merge):
    draw = np.random.default_rng(1)
    scores, lengths = draw.normal(size=(6, 9, 4)), np.array([9, 0, 4, 1, 8, 9])
    decode = functools.partial(ag.ops.nn.ctc_decode, merge_repeated=merge, mask_index=1)
    found = [ag.function(decode, backend=backend)(scores, lengths) for backend in ("xla", "numpy")]
    for pair in zip(*found, strict=True):
        np.testing.assert_allclose(*[x.numpy() for x in pair], rtol=1e-12)


def test_eigenvalues_of_what_is_no_number_are_refused():
    for backend in ("xla", "native", "numpy"):
        with pytest.raises(np.linalg.LinAlgError, match="must not contain infs or NaNs"):
            on(backend, ag.ops.linalg.eigvals, np.array([[1.0, np.nan], [0.0, 1.0]]))


def test_first_calls_of_the_host_keep_all_bits():
    code = """
        import numpy as np
        import autograph as ag

        def searches(u):  # products between the calls, so that several threads run the program
            places = range(1, 13)
            sums = [ag.ops.sum(ag.ops.matmul(u * float(k), u)) for k in places]
            times = ag.constant([9] * 10)
            frames = [ag.ops.reshape(u[:, : 54], (10, 9, 36)) * float(k) for k in places]
            return sums, [ag.ops.nn.ctc_decode(x, times, "beam_search", beam_width=2)[1] for x in frames]

        u = ag.constant(np.random.default_rng(0).uniform(0.1, 0.9, (60, 60)))
        found = [ag.function(searches, autograph=False, backend=backend)(u)[1] for backend in ("xla", "numpy")]
        np.testing.assert_allclose(*[np.stack([x.numpy() for x in row]) for row in found], rtol=1e-14)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
