"""Element types: identity, lookup by every accepted spelling, and refusal of the rest."""

from __future__ import annotations

import copy
import pickle

import ml_dtypes
import numpy as np
import pytest

from autograph import errors
from autograph.runtime import dtypes
from autograph.runtime.dtypes import DType, as_dtype, of_python_number


@pytest.mark.parametrize("dtype", dtypes.ALL_DTYPES, ids=repr)
class TestEachDType:
    def test_copies_are_the_same_object(self, dtype: DType) -> None:
        assert pickle.loads(pickle.dumps(dtype)) is dtype
        assert copy.copy(dtype) is dtype
        assert copy.deepcopy([dtype])[0] is dtype

    def test_every_spelling_finds_it(self, dtype: DType) -> None:
        for spelling in (dtype, dtype.numpy, dtype.numpy.type, dtype.name, dtype.short):
            assert as_dtype(spelling) is dtype
        assert dtypes.from_numpy[dtype.numpy] is dtype

    def test_the_repr_names_the_module_constant(self, dtype: DType) -> None:
        assert getattr(dtypes, repr(dtype).removeprefix("ag.")) is dtype

    def test_numpy_accepts_it_as_dtype(self, dtype: DType) -> None:
        assert np.zeros(1, dtype=dtype).dtype == dtype.numpy

    def test_kind_and_bits_agree_with_numpy(self, dtype: DType) -> None:
        is_bfloat16 = dtype is dtypes.bfloat16
        assert dtype.bits == np.zeros(1, dtype.numpy).nbytes * 8
        assert dtype.is_bool == (dtype.numpy == np.bool_)
        assert dtype.is_integer == np.issubdtype(dtype.numpy, np.integer)
        assert dtype.is_floating == (np.issubdtype(dtype.numpy, np.floating) or is_bfloat16)
        assert dtype.is_complex == np.issubdtype(dtype.numpy, np.complexfloating)
        assert dtype.is_inexact == (np.issubdtype(dtype.numpy, np.inexact) or is_bfloat16)
        assert (dtype.kind == "uint") == np.issubdtype(dtype.numpy, np.unsignedinteger)


def test_names_are_distinct() -> None:
    names = {name for dtype in dtypes.ALL_DTYPES for name in (dtype.name, dtype.short)}
    assert len(names) == 2 * len(dtypes.ALL_DTYPES) - 1  # bool's two names are one
    assert (dtypes.bfloat16.short, dtypes.complex64.short, dtypes.uint8.short) == ("bf16", "c64", "u8")


def test_bfloat16_is_stored_by_ml_dtypes() -> None:
    assert as_dtype(ml_dtypes.bfloat16) is dtypes.bfloat16


def test_python_types_mean_what_numpy_takes_them_for() -> None:
    for python_type in (bool, int, float, complex):
        assert as_dtype(python_type).numpy == np.dtype(python_type)


def test_c_types_of_one_width_are_one_dtype() -> None:
    assert as_dtype(np.longlong) is as_dtype(np.dtype("q")) is dtypes.int64
    assert as_dtype(np.ulonglong) is dtypes.uint64


@pytest.mark.parametrize("bad", ["float", "f128", None, 3, str, object, np.dtype("U4"), np.datetime64, np.dtype(">f4")])
def test_what_is_no_dtype_is_refused(bad: object) -> None:
    with pytest.raises(errors.DTypeError, match="not a supported dtype"):
        as_dtype(bad)


def test_python_numbers() -> None:
    class Celsius(float):
        pass

    numbers = (True, 1, 1.0, 1j, Celsius(3.0))
    expected = (dtypes.bool_, dtypes.int64, dtypes.float64, dtypes.complex128, dtypes.float64)
    assert tuple(map(of_python_number, numbers)) == expected


@pytest.mark.parametrize("bad", ["1", None, np.float64(1.0), np.int64(1)])
def test_what_is_no_python_number_is_refused(bad: object) -> None:
    with pytest.raises(errors.DTypeError, match="not a Python number"):
        of_python_number(bad)
