"""Which dtype results when operands of several dtypes meet: one lattice that serves every op.

Strong dtypes (those of tensors) promote as NumPy's do. bfloat16, which NumPy does not have, fits in as JAX
has it:

    bfloat16 with   bool, any integer   bfloat16      float16      float32      float64      complex
    gives           bfloat16            bfloat16      float32      float32      float64      that complex

Python numbers are *weak*: they say what kind of number they are, and take their width from the strong
operand, as in NumPy 2:

    strong \\ weak   bool         int          float        complex
    bool            bool         int64        float64      complex128
    int*, uint*     same         same         float64      complex128
    float16         same         same         same         complex64
    bfloat16        same         same         same         complex64
    float32         same         same         same         complex64
    float64         same         same         same         complex128
    complex*        same         same         same         same

Any strong operand makes the result strong. Weak operands alone promote as Python's numbers do (bool, int64,
float64, complex128) and stay weak; a weak bool alone stays a weak bool, so `True + 1` is as weak as `2`.
"""

from __future__ import annotations

import functools

import numpy as np

from autograph import errors
from autograph.runtime import dtypes
from autograph.runtime.dtypes import DType

_KIND_RANK = {"bool": 0, "int": 1, "uint": 1, "float": 2, "complex": 3}


@functools.cache
def promote_types(a: DType, b: DType) -> DType:
    """Return the smallest dtype that both strong dtypes promote to.

    Example:
        >>> promote_types(dtypes.int32, dtypes.float32), promote_types(dtypes.bfloat16, dtypes.float16)
        (ag.float64, ag.float32)
    """
    if a is b:
        return a
    if a is dtypes.bfloat16 or b is dtypes.bfloat16:
        other = b if a is dtypes.bfloat16 else a
        if other is dtypes.float16:
            return dtypes.float32
        return other if other.is_inexact else dtypes.bfloat16
    return dtypes.from_numpy[np.promote_types(a.numpy, b.numpy)]


@functools.cache
def result_type(*operands: tuple[DType, bool]) -> tuple[DType, bool]:
    """Return the dtype and weak bit of the result of an op on `operands`.

    Args:
        operands: pairs of a dtype and whether it is weak (the dtype of a Python number).

    Returns:
        The result's dtype and whether it is weak, by the tables above.

    Raises:
        DTypeError: there are no operands.

    Example:
        >>> result_type((dtypes.float32, False), (dtypes.float64, True))
        (ag.float32, False)
        >>> result_type((dtypes.int64, True), (dtypes.float64, True))
        (ag.float64, True)
    """
    if not operands:
        raise errors.DTypeError(errors.message("a result dtype needs at least one operand", None, "pass one"))
    strong = [dtype for dtype, weak in operands if not weak]
    weak = [dtype for dtype, weak in operands if weak]
    if not strong:
        return functools.reduce(promote_types, weak), True
    result = _join_strong(strong)
    for number in sorted(weak, key=lambda dtype: _KIND_RANK[dtype.kind]):
        result = _meet_weak(result, number)
    return result, False


def fits(number: object, dtype: DType) -> bool:
    """Whether a dtype can hold a Python number; of integer dtypes the range is looked at.

    Example:
        >>> fits(127, dtypes.int8), fits(128, dtypes.int8), fits(-1, dtypes.uint8), fits(128, dtypes.float16)
        (True, False, False, True)
    """
    if type(number) is not int or not dtype.is_integer:
        return True
    info = np.iinfo(dtype.numpy)
    return int(info.min) <= number <= int(info.max)


def require_fit(number: object, dtype: DType) -> None:
    """Refuses a Python number that the dtype it takes cannot hold, as NumPy does.

    Raises:
        OverflowError: the dtype is of integers, and the number is not in its range.
    """
    if not fits(number, dtype):
        raise OverflowError(f"Python integer {number} out of bounds for {dtype.name}")


def _meet_weak(strong: DType, weak: DType) -> DType:
    if _KIND_RANK[weak.kind] <= _KIND_RANK[strong.kind]:
        return strong
    if weak.is_complex and strong.is_floating:
        return dtypes.complex128 if strong.bits == 64 else dtypes.complex64
    return weak


def _join_strong(strong: list[DType]) -> DType:
    # Pairwise promotion is not associative (int16, uint16 and complex64); from the widest kind down, order
    # cannot matter.
    ordered = sorted(strong, key=lambda dtype: (_KIND_RANK[dtype.kind], dtype.bits), reverse=True)
    return functools.reduce(promote_types, ordered)
