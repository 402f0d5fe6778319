"""The promotion lattice against NumPy, and bfloat16's place in it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import autograph as ag
from autograph import errors
from autograph.runtime import dtypes
from autograph.runtime.dtypes import DType, of_python_number
from autograph.runtime.promotion import promote_types, result_type

Number = bool | int | float | complex

NUMPY_DTYPES = [dtype for dtype in dtypes.ALL_DTYPES if dtype is not dtypes.bfloat16]
NUMBERS: list[Number] = [True, 1, 1.0, 1j]


def strong(*operands: DType) -> list[tuple[DType, bool]]:
    return [(dtype, False) for dtype in operands]


def weak(*numbers: Number) -> list[tuple[DType, bool]]:
    return [(of_python_number(number), True) for number in numbers]


def test_pairs_of_strong_dtypes_promote_as_in_numpy() -> None:
    for a, b in itertools.product(NUMPY_DTYPES, repeat=2):
        assert promote_types(a, b).numpy == np.promote_types(a.numpy, b.numpy), (a, b)


def test_three_strong_dtypes_promote_as_in_numpy() -> None:
    for operands in itertools.product(NUMPY_DTYPES, repeat=3):
        expected = np.result_type(*(dtype.numpy for dtype in operands))
        assert result_type(*strong(*operands)) == (dtypes.from_numpy[expected], False), operands


def test_strong_dtypes_with_python_numbers_promote_as_in_numpy() -> None:
    counts = [*itertools.product(NUMBERS, repeat=1), *itertools.product(NUMBERS, repeat=2)]
    for operands in itertools.combinations_with_replacement(NUMPY_DTYPES, 2):
        for numbers in counts:
            expected = np.result_type(*(dtype.numpy for dtype in operands), *numbers)
            found = result_type(*strong(*operands), *weak(*numbers))
            assert found == (dtypes.from_numpy[expected], False), (operands, numbers)


def test_python_numbers_alone_promote_as_in_python_and_stay_weak() -> None:
    for i, j in itertools.product(range(len(NUMBERS)), repeat=2):
        expected = of_python_number(NUMBERS[max(i, j)])
        assert result_type(*weak(NUMBERS[i], NUMBERS[j])) == (expected, True)
    for number in NUMBERS:
        assert result_type(*weak(number)) == (of_python_number(number), True)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        *((dtype, dtypes.bfloat16) for dtype in dtypes.ALL_DTYPES if dtype.is_integer or dtype.is_bool),
        (dtypes.bfloat16, dtypes.bfloat16),
        (dtypes.float16, dtypes.float32),
        *((dtype, dtype) for dtype in (dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)),
    ],
)
def test_bfloat16_with(other: DType, expected: DType) -> None:
    assert promote_types(dtypes.bfloat16, other) is expected
    assert promote_types(other, dtypes.bfloat16) is expected


def test_bfloat16_with_python_numbers() -> None:
    results = [result_type((dtypes.bfloat16, False), *weak(number))[0] for number in NUMBERS]
    assert results == [dtypes.bfloat16, dtypes.bfloat16, dtypes.bfloat16, dtypes.complex64]


def test_the_order_of_operands_does_not_matter() -> None:
    everything = [*strong(*dtypes.ALL_DTYPES), *weak(*NUMBERS)]
    for operands in itertools.combinations(everything, 3):
        results = {result_type(*order) for order in itertools.permutations(operands)}
        assert len(results) == 1, operands


def test_no_operands_are_refused() -> None:
    with pytest.raises(errors.DTypeError, match="at least one operand"):
        result_type()


@pytest.mark.parametrize("backend", ["native", "numpy"])
def test_integers_that_ops_make_of_numbers_have_64_bits(backend: str) -> None:
    """NumPy counts bits in 8 of them; Python's numbers have no such width."""

    @ag.function(backend=backend)
    def staged(n: ag.Tensor) -> ag.Tensor:
        count = 0
        while n > 0:
            count += 1
            n -= 1
        return ~ag.ops.bitwise_count(count)

    assert staged(ag.constant(7)).numpy() == ~(7).bit_count()
