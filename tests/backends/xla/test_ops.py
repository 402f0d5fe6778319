"""Every op × sample × dtype gives on XLA what it gives on the numpy backend; XLA takes subnormal numbers for zero.

What runs here is lowered for GPUs and TPUs, too, which needs neither of them to be there.
"""

import warnings

import jax
import ml_dtypes
import numpy as np
import pytest

from autograph.backends.xla.listing import traced
from autograph.backends.xla.plan import Segment
from autograph.backends.xla.program import steps
from tests.backends.native.cases import rows
from tests.backends.native.test_ops import LOOSE, SUMS, function_of, results, run_on
from tests.ops.samples import SAMPLES
from tests.sampling import LONG

BATCH = 12  # cases in one program: compiling takes longer than in proportion
# What JAX's own functions err by, in units in the last place; the others are right to 8.
ULPS = {
    "cbrt": 64,  # of large and small numbers, in JAX 0.8
    "acosh": 64, "asinh": 64, "atanh": 64, "cosh": 16, "sinh": 16, "exp2": 32, "pow": 512, "exp1": 16, "expi": 16,
    "ctc_posterior": 64, "ctc_posterior_slope": 64,
    "beta_quantile": 2000, "digamma": 2000, "gamma": 2000, "gamma_quantile": 2000, "gammainc": 2000, "gammaincc": 2000,
    "lgamma": 2000, "log_ndtr": 2000, "ndtri": 2000, "erfinv": 2000, "ndtr": 100, "erfc": 100,
}  # fmt: skip
ADDED = {"ctc_posterior", "ctc_posterior_slope"}  # errors follow the largest results
FACTORED = LOOSE | {"cofactor_slope", "expm"}  # errors follow the largest elements
DIFFERENCES = {"gammainc_slope": 1e-8, "gammainc_slope2": 1e-6, "zeta_slope": 1e-8, "zeta_slope2": 1e-8}
ROUGH = {"gammainc_slope": 1e-13, "gammainc_slope2": 1e-3}  # what rounding adds, divided by a power of a small step
# The parameters whose quantiles are compared, of shares from 0 to 1: SciPy gives anything beyond.
PARAMETERS = {"beta_quantile": (1e-20, 1e20), "gamma_quantile": (0, np.inf), "poisson_quantile": (0, 2.0**62)}
# Errors follow what cancels, or lie around a zero.
CANCELLING = {"bessel_j0", "bessel_j1", "expi", "lgamma", "logaddexp", "logaddexp2"}
# Where ops call the host, which the device has to be there for: for some dtypes at least.
CALLING = {"convolution": ("cuda",), "ctc_decode": ("cuda", "tpu")}
CALLING |= dict.fromkeys(["fft", "rfft", "irfft", "svd", "pinv", "cofactor", "cofactor_slope"], ("tpu",))
MAIN = ("float32", "float64", "int64", "bool")
SLOW = dict.fromkeys(
    ["beta_quantile", "gamma_quantile", "gammainc", "gammaincc", "gammainc_slope2", "poisson_quantile"], ("float32",)
)


def normal(x):
    """Zeros for the numbers that XLA takes for zero."""
    array = np.asarray(x)
    if array.dtype.kind not in "fcV":
        return array
    tiny = ml_dtypes.finfo(array.real.dtype).tiny
    if array.dtype.kind == "c":
        return (normal(array.real) + 1j * normal(array.imag)).astype(array.dtype)
    with np.errstate(invalid="ignore"):  # NaN of small dtypes
        return np.where(np.abs(array) < tiny, np.copysign(np.zeros_like(array), array), array)


def cases_of(name):
    main = SLOW.get(name, MAIN)
    for label, operands, attrs in rows(name):
        dtype = label.partition(" ")[2].partition(" ")[0]
        if name in PARAMETERS and operands[0].dtype.kind in "biuc":
            continue  # NaN as an integer is anything
        if LONG or dtype in ("", *main):
            operands = [normal(x) for x in operands]
            if name in PARAMETERS:
                least, most = PARAMETERS[name]
                for place, x in enumerate(operands):
                    is_share = place == len(operands) - 1
                    wide = np.asarray(x, np.float64)
                    wrong = np.abs(wide - 0.5) > 0.5 if is_share else (wide > most) | ((wide > 0) & (wide < least))
                    operands[place] = np.where(wrong, np.nan, x).astype(x.dtype)
            yield label, operands, attrs


def agree(got, wanted, name):
    """Equal integers and bools, floats within some units in the last place, the same NaN and infinities."""
    assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
    if wanted.dtype.kind in "biu":
        np.testing.assert_array_equal(got, wanted)
        return
    info = ml_dtypes.finfo(wanted.real.dtype)
    eps, tiny = float(info.eps), float(info.tiny)
    kind = np.complex128 if wanted.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        got, wanted = got.astype(kind), wanted.astype(kind)
        rtol = 1e4 * eps if name in FACTORED else ULPS.get(name, 8) * eps
    if name in DIFFERENCES:
        rtol = max(rtol, DIFFERENCES[name])
    if name in CANCELLING:
        rtol, tiny = max(rtol, 64 * eps), 8 * eps
    largest = np.max(np.abs(wanted), initial=0) if name in SUMS | ADDED else 0
    around = rtol if name in FACTORED else rtol * largest
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=max(around, 2 * tiny, ROUGH.get(name, 0)))


def lowers(program, platform):
    """Whether a program that has run is one of a platform without calls of the host; other failures are raised."""
    with jax.enable_x64(True), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of complex operands that are taken for real ones
        for step in steps(program.block):
            assert isinstance(step, Segment)
            try:
                traced(program.compiled(step)).lower(lowering_platforms=(platform,))
            except ValueError as error:
                assert "different from the lowering platform" in str(error)
                return False
    return True


@pytest.mark.parametrize("name", [name for name in SAMPLES if SAMPLES[name]])
def test_op(name):
    cases = list(cases_of(name))
    wanted = results(name, cases, "numpy", False)
    parts = [function_of(name, cases[start : start + BATCH], "xla", False) for start in range(0, len(cases), BATCH)]
    got = [outs for function, operands in parts for outs in run_on(function, operands)]
    for platform in ("cuda", "tpu"):
        lowered = all(lowers(function.get_concrete_function().executable, platform) for function, _ in parts)
        assert lowered == (platform not in CALLING.get(name, ()))
    for (label, _, _), made, outs in zip(cases, got, wanted, strict=True):
        for x, y in zip(made, outs, strict=True):
            try:
                agree(x, y, name)
            except AssertionError as error:
                raise AssertionError(f"{name} {label}: {error}") from None
