"""Operands for the ops behind functions with NumPy's names; `samples.py` takes them in."""

import numpy as np

from autograph.runtime.dtypes import float32, int64

SIGNED = np.array([[0.3, -0.7, 1.6], [-1.2, 2.4, -0.4]])
OTHER = np.array([[1.3, 0.7, -1.6], [0.2, 1.4, -2.4]])
INTS = np.array([[12, 7, -9], [4, 5, 30]])
IDS = np.array([2, 0])
FILLED = np.array([1, 0])

NUMPY_SAMPLES = {
    "exp2": [((SIGNED,), {})],
    "cbrt": [((SIGNED,), {})],
    "logaddexp2": [((SIGNED, OTHER), {})],
    "gcd": [((INTS, INTS[::-1].copy()), {})],
    "lcm": [((INTS, INTS[::-1].copy()), {})],
    "bitwise_count": [((INTS,), {})],
    "segment_sum": [((SIGNED, IDS), {"count": 4})],
    "segment_prod": [((SIGNED, IDS), {"count": 4}), ((SIGNED * [1, 0, 1], FILLED * 0), {"count": 1})],
    "segment_max": [((SIGNED, FILLED), {"count": 2})],
    "segment_min": [((SIGNED, FILLED), {"count": 2})],
    "view": [((SIGNED,), {"dtype": int64}), ((SIGNED,), {"dtype": float32})],
}

NUMPY_ELSEWHERE = {
    "unique_rows": "its size is bound in graphs only: tests/ops/test_functions.py",
    "bincount": "its size is bound in graphs only: tests/ops/test_functions.py",
}
