"""Operands and attributes for every op in the registry: an op without a sample fails the tests."""

import numpy as np

from autograph.ops.keys import Hole, Slice
from autograph.runtime.dtypes import float32, float64, int64
from tests.ops.array_api_samples import ARRAY_API_ELSEWHERE, ARRAY_API_SAMPLES
from tests.ops.nn_samples import NN_SAMPLES
from tests.ops.numpy_samples import NUMPY_ELSEWHERE, NUMPY_SAMPLES

rng = np.random.default_rng(0)
A = rng.uniform(0.2, 0.9, (2, 3))
B = rng.uniform(0.2, 0.9, (2, 3))
ROW = rng.uniform(0.2, 0.9, (3,))
SIGNED = np.array([[0.3, -0.7, 1.6], [-1.2, 2.4, -0.4]])
ABOVE = A + 1.5
INT = np.array([[3, -7, 5], [2, 9, -4]])
INT2 = np.array([[2, 3, -5], [1, 4, 3]])
BITS = np.array([6, 5, 3])
BOOL = np.array([[True, False, True], [False, True, True]])
STATE = np.array([1, 2, 3, 0], np.uint32)
PERMUTED = np.array([[3.0, 1.0, 2.0], [0.5, 0.7, 0.1]])

pair = [((A, B), {}), ((A, ROW), {}), ((SIGNED, np.asarray(0.5)), {})]
one = [((SIGNED,), {})]
inside = [((A,), {})]
integers = [((INT, INT2), {})]
axis = {"axis": (1,), "keepdims": False}

SAMPLES = {
    "add": pair,
    "subtract": pair,
    "multiply": pair,
    "divide": pair,
    "floor_divide": [*integers, ((SIGNED, A), {})],
    "remainder": [*integers, ((SIGNED, A), {})],
    "pow": [((A, B), {}), ((A, ROW), {})],
    "maximum": pair,
    "minimum": pair,
    "negative": one,
    "positive": one,
    "abs": one,
    "sign": one,
    "equal": integers,
    "not_equal": integers,
    "less": integers,
    "less_equal": integers,
    "greater": integers,
    "greater_equal": integers,
    "logical_and": [((BOOL, ~BOOL), {})],
    "logical_or": [((BOOL, ~BOOL), {})],
    "logical_xor": [((BOOL, ~BOOL), {})],
    "logical_not": [((BOOL,), {})],
    "bitwise_and": [((BITS, BITS[::-1].copy()), {})],
    "bitwise_or": [((BITS, BITS[::-1].copy()), {})],
    "bitwise_xor": [((BITS, BITS[::-1].copy()), {})],
    "bitwise_left_shift": [((BITS, np.array([1, 2, 3])), {})],
    "bitwise_right_shift": [((BITS, np.array([1, 2, 3])), {})],
    "bitwise_invert": [((BITS,), {})],
    "isnan": one,
    "isinf": one,
    "isfinite": one,
    "exp": one,
    "expm1": one,
    "log": inside,
    "log1p": inside,
    "log2": inside,
    "log10": inside,
    "sqrt": inside,
    "sin": one,
    "cos": one,
    "tan": inside,
    "asin": inside,
    "acos": inside,
    "atan": one,
    "sinh": one,
    "cosh": one,
    "tanh": one,
    "asinh": one,
    "acosh": [((ABOVE,), {})],
    "atanh": inside,
    "atan2": [((A, B), {})],
    "floor": one,
    "ceil": one,
    "trunc": one,
    "round": one,
    "where": [((BOOL, A, B), {})],
    "cast": [((A,), {"dtype": float32}), ((INT,), {"dtype": float64})],
    "stop_gradient": one,
    "zeros_of": one,
    "sum": [((A,), axis), ((INT,), {"axis": (0, 1), "keepdims": True})],
    "prod": [((A,), axis), ((SIGNED * BOOL,), axis)],
    "max": [((A,), axis)],
    "min": [((A,), axis)],
    "any": [((BOOL,), axis)],
    "all": [((BOOL,), axis)],
    "argmax": [((A,), {"axis": 1})],
    "argmin": [((A,), {"axis": 0})],
    "cumulative_sum": [((A,), {"axis": 1})],
    "argsort": [((PERMUTED,), {"axis": 1})],
    "matmul": [((A, B.T.copy()), {}), ((np.stack([A, B]), B.T.copy()), {})],
    "reshape": [((A,), {"shape": (3, 2)})],
    "permute_dims": [((A,), {"axes": (1, 0)})],
    "broadcast_to": [((ROW,), {"shape": (4, 3)})],
    "concat": [((A, B), {"axis": 1})],
    "slice_axis": [((A,), {"axis": 1, "start": 1, "size": 2})],
    "pad_axis": [((A,), {"axis": 0, "before": 1, "after": 2})],
    "flip": [((A,), {"axes": (0,)})],
    "getitem": [
        ((A,), {"key": (Slice(None, None, None), 1)}),
        ((A, np.array([1, 0, 1])), {"key": (Hole(),)}),
        ((A,), {"key": (None, Ellipsis, Slice(0, 2, None))}),
    ],
    "index_add": [((A, ROW), {"key": (1,)}), ((A, np.ones((3, 3)), np.array([1, 0, 1])), {"key": (Hole(),)})],
    "setitem": [((A, ROW), {"key": (1,)}), ((A, ROW, np.asarray(0)), {"key": (Hole(),)})],
    "full": [((), {"shape": (2, 2), "value": 3, "dtype": int64})],
    "iota": [((), {"size": 4})],
    "random_bits": [((STATE,), {"size": 5}), ((np.stack([STATE, STATE + np.uint32(1)]),), {"size": 4})],
    "gamma_quantile": [((A * 3, B), {})],
    "beta_quantile": [((A * 3, ROW, B), {})],
    "poisson_quantile": [((A * 9, B), {})],
    "random_advance": [((STATE,), {"size": 5})],
    "constant": [((), {"value": A})],
    "dimension": [((), {"dim": 3})],
    "undefined": [],
    **ARRAY_API_SAMPLES,
    **NN_SAMPLES,
    **NUMPY_SAMPLES,
}

# Ops that the generated tests cannot run alone, each with the test that does.
ELSEWHERE = {
    **ARRAY_API_ELSEWHERE,
    **NUMPY_ELSEWHERE,
    "arange": "its size is bound in graphs only: tests/ops/test_families.py",
    "read": "variables: tests/function",
    "assign": "variables: tests/function",
    "wrapping": "Python numbers: tests/ops/test_requirements.py",
    "check": "failures: tests/conformance",
    "fail": "failures: tests/conformance",
    "check_dims": "symbolic sizes: tests/function",
    "print": "tests/staging",
    "py_function": "tests/ops/test_host.py",
    "custom_gradient": "tests/transforms/test_custom_gradient.py",
    "try": "regions: tests/conformance",
    "cond": "regions: tests/conformance, tests/transforms",
    "while": "regions: tests/conformance, tests/transforms",
    "call": "regions: tests/backends",
    "list_new": "tests/ops/test_lists.py",
    "list_append": "tests/ops/test_lists.py",
    "list_pop": "tests/ops/test_lists.py",
    "list_unappend": "gradients of loops: tests/transforms/test_gradients.py",
    "list_get": "tests/ops/test_lists.py",
    "list_set": "tests/ops/test_lists.py",
    "list_len": "tests/ops/test_lists.py",
    "list_from": "tests/ops/test_lists.py",
    "list_zeros_like": "tests/ops/test_lists.py",
    "list_add": "tests/ops/test_lists.py",
    "list_add_at": "gradients of lists: tests/transforms/test_saved_values.py",
    "list_single": "gradients of lists: tests/transforms/test_saved_values.py",
    "list_cast": "tests/ops/test_lists.py",
    "list_count": "tests/ops/test_lists.py",
    "list_find": "tests/ops/test_lists.py",
    "list_spread": "tests/ops/test_lists.py",
    "list_slice": "tests/ops/test_lists.py",
    "list_concat": "tests/ops/test_lists.py",
    "list_stack": "tests/ops/test_lists.py",
    "list_unstack": "tests/ops/test_lists.py",
}
