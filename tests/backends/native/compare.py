"""Runs a function natively, without the host, and on the numpy backend."""

import warnings

import numpy as np

import autograph as ag


def natively(function, *operands, open_sizes=False, host=()):
    """The results of both backends as lists of arrays; `host`: ops that the host may run."""
    specs = [ag.TensorSpec((None,) * np.ndim(x) if open_sizes else np.shape(x), np.asarray(x).dtype) for x in operands]
    found = []
    for backend in ("native", "numpy"):
        staged = ag.function(function, backend=backend, input_signature=specs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of NumPy's kernels
            outs = staged(*[ag.constant(x) for x in operands])
        found.append([np.asarray(out) for out in (outs if isinstance(outs, tuple | list) else [outs])])
        (trace,) = staged.explain().traces
        assert set(trace.fallbacks or ()) <= set(host), trace.fallbacks
    return found


def same(function, *operands, **options):
    """Asserts that both backends give the same bits (any NaN is like any other)."""
    for got, wanted in zip(*natively(function, *operands, **options), strict=True):
        assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
        if wanted.dtype.name == "bfloat16":  # whose NaN NumPy does not know
            got, wanted = got.astype(np.float32), wanted.astype(np.float32)
        np.testing.assert_array_equal(got, wanted)
        if wanted.dtype.kind == "f":
            numbers = ~np.isnan(wanted)
            np.testing.assert_array_equal(np.signbit(got)[numbers], np.signbit(wanted)[numbers])


def close(function, *operands, rtol=1e-5, **options):
    """Asserts that both backends give the same up to rounding."""
    for got, wanted in zip(*natively(function, *operands, **options), strict=True):
        assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
        np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol)
