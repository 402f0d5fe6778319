"""Python integers that meet tensors of small integers: compared exactly, otherwise in range or refused, as by NumPy."""

import operator

import numpy as np
import pytest

import autograph as ag

ARRAYS = [np.array([1, -1], np.int8), np.array([1, 200], np.uint8), np.array([2**63 + 1, 1], np.uint64)]
NUMBERS = [0, 5, -1, 200, 1000, -1000, 2**40]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
ARITHMETIC = [operator.add, operator.mul, operator.sub]


def outcome(call):
    try:
        return np.asarray(call()).tolist()
    except OverflowError:
        return "overflow"


@pytest.mark.parametrize("function", [*COMPARISONS, *ARITHMETIC], ids=lambda function: function.__name__)
@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.dtype.name)
@pytest.mark.parametrize("number", NUMBERS)
def test_staged_and_eager_agree_with_numpy(function, array, number):
    with np.errstate(over="ignore"):
        for left, right in [(array, None), (None, array)]:

            def compute(x, left=left):
                return function(x, number) if left is not None else function(number, x)

            wanted = outcome(lambda: compute(array))
            assert outcome(lambda: compute(ag.constant(array))) == wanted
            assert outcome(lambda: ag.function(compute)(ag.constant(array))) == wanted
            with ag.GradientTape():
                assert outcome(lambda: compute(ag.constant(array))) == wanted


@pytest.mark.parametrize("number", [128, -129])
def test_where(number):
    x = ag.constant([1, -1], ag.int8)
    for run in (lambda f: f, ag.function):
        with pytest.raises(OverflowError, match="out of bounds for int8"):
            run(lambda x: ag.ops.where(x > 0, x, number))(x)
