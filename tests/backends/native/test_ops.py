"""Every op × sample × dtype gives natively what it gives on the numpy backend, with known and with open sizes."""

import warnings

import numpy as np
import pytest

import autograph as ag
from autograph.errors import AutoGraphError
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.backends.native.cases import rows
from tests.ops.samples import SAMPLES
from tests.sampling import some

# Decompositions are unique up to signs, and their errors follow the matrix: those of tests/ops/test_linalg.py tell.
LOOSE = {"eigh", "svd", "qr", "pinv", "inv", "solve", "det", "slogdet", "cofactor", "cholesky", "fft", "rfft", "irfft"}
SUMS = {"convolution"}  # added up in another order: errors follow the largest results
ULPS = 8
TAILS = {"ndtr", "erfc"}  # far from 0 the reference itself errs by some units in the last place


def function_of(name, cases, backend, open_sizes):
    """One function for all cases, and what it takes."""

    def run(*tensors):
        tensors, found = list(tensors), []
        for _, operands, attrs in cases:
            outs = apply(all_ops()[name], *[tensors.pop(0) for _ in operands], **attrs)
            found.append(outs if isinstance(outs, tuple) else (outs,))
        return found

    operands = [ag.constant(x) for _, row, _ in cases for x in row]
    specs = [ag.TensorSpec((None,) * x.ndim if open_sizes else x.shape, x.dtype) for x in operands]
    return ag.function(run, autograph=False, backend=backend, input_signature=specs), operands


def results(name, cases, backend, open_sizes):
    """The results of all cases, from one graph."""
    return run_on(*function_of(name, cases, backend, open_sizes))


def run_on(function, operands):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of badly conditioned matrices
        return [[np.asarray(out.numpy()) for out in outs] for outs in function(*operands)]


def fits(name, case):
    """Whether the op's attributes fit open sizes."""
    label, operands, _ = case
    if not operands or not operands[0].ndim or label.partition(" ")[2] not in ("", "float32", "int32", "bool"):
        return False
    try:
        results(name, [case], "numpy", True)
    except AutoGraphError:
        return False
    return True


def agree(got, wanted, name):
    """Equal integers and bools, floats within a few units in the last place, the same NaN and infinities."""
    assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
    if wanted.dtype.kind in "biu":
        np.testing.assert_array_equal(got, wanted)
        return
    eps = 2.0**-7 if wanted.dtype.name == "bfloat16" else np.finfo(wanted.dtype).eps
    tiny = 1e-37 if wanted.dtype.name == "bfloat16" else np.finfo(wanted.dtype).tiny
    kind = np.complex128 if wanted.dtype.kind == "c" else np.float64
    with np.errstate(all="ignore"):
        got, wanted = got.astype(kind), wanted.astype(kind)
        rtol = 1e4 * eps if name in LOOSE else (16 if name in TAILS else ULPS) * eps
    around = rtol if name in LOOSE else rtol * np.max(np.abs(wanted), initial=0) if name in SUMS else 0
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=max(around, ULPS * tiny * eps))


@pytest.mark.parametrize("open_sizes", [False, True], ids=["known", "open"])
@pytest.mark.parametrize("name", some([name for name in SAMPLES if SAMPLES[name]], 5))
def test_op(name, open_sizes):
    cases = [case for case in rows(name) if not open_sizes or fits(name, case)]
    if not cases:
        pytest.skip("fits known sizes only")
    native, wanted = [results(name, cases, backend, open_sizes) for backend in ("native", "numpy")]
    for (label, _, _), got, outs in zip(cases, native, wanted, strict=True):
        for x, y in zip(got, outs, strict=True):
            try:
                agree(x, y, name)
            except AssertionError as error:
                raise AssertionError(f"{name} {label}: {error}") from None
