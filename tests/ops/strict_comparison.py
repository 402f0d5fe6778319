"""Runs one function on two namespaces, ours and array_api_strict, and compares what comes out."""

import array_api_strict as strict
import numpy as np

import autograph as ag

BOOL = ["bool"]
INTS = ["int8", "int16", "int32", "int64"]
UINTS = ["uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float32", "float64"]
COMPLEX = ["complex64", "complex128"]
ALL = [*BOOL, *INTS, *UINTS, *FLOATS, *COMPLEX]


def special_values(dtype):
    """Numbers of a dtype at which functions are special."""
    numpy = np.dtype(dtype)
    if numpy.kind == "b":
        return np.array([False, True])
    if numpy.kind in "iu":
        info = np.iinfo(numpy)
        return np.array(sorted({0, 1, 2, 3, 7, info.max, info.max - 1, info.min, info.min // 2}), numpy)
    parts = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e30, np.inf, -np.inf, np.nan]
    if numpy.kind == "f":
        info = np.finfo(numpy)
        return np.array([*parts, 1.5, -0.5, 2.5, info.max, info.tiny, info.tiny / 4], numpy)
    return np.array([complex(a, b) for a in parts for b in parts], numpy)


def to_numpy(x):
    """What either namespace gives, as NumPy arrays in plain structures."""
    if isinstance(x, tuple | list):
        return [to_numpy(item) for item in x]
    if isinstance(x, ag.Tensor):
        return np.asarray(x)
    return np.asarray(x._array) if hasattr(x, "_array") else x


def agree(got, wanted, exact=True):
    """Asserts equal structure, dtypes, shapes and values (NaN equals NaN, zeros have signs)."""
    if isinstance(wanted, list):
        assert len(got) == len(wanted)
        for a, b in zip(got, wanted, strict=True):
            agree(a, b, exact)
        return
    if not isinstance(wanted, np.ndarray):
        assert got == wanted
        return
    assert got.dtype == wanted.dtype
    assert got.shape == wanted.shape
    if exact:
        np.testing.assert_array_equal(got, wanted)
        if wanted.dtype.kind == "f":
            zero = wanted == 0
            np.testing.assert_array_equal(np.signbit(got)[zero], np.signbit(wanted)[zero])
    else:
        tolerance = 1e-4 if wanted.dtype in (np.float32, np.complex64) else 1e-9
        np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)


def compare(f, *arrays, exact=True):
    """Compares `f(xp, *arrays)` of both; says whether the standard defines it for these operands."""
    with np.errstate(all="ignore"):
        try:
            wanted = to_numpy(f(strict, *[strict.asarray(a) for a in arrays]))
        except (TypeError, np.exceptions.ComplexWarning):
            return False  # the standard does not define it for these dtypes
        agree(to_numpy(f(ag.ops, *[ag.ops.asarray(a) for a in arrays])), wanted, exact)
    return True
