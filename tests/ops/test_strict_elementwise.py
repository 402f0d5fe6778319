"""Elementwise functions and operators at special values, for all dtypes, as array_api_strict has them."""

import operator

import numpy as np
import pytest

from tests.ops.strict_comparison import ALL, COMPLEX, FLOATS, INTS, UINTS, compare, special_values

UNARY = [
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "bitwise_invert", "ceil", "conj", "cos", "cosh", "exp",
    "expm1", "floor", "imag", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "logical_not", "negative",
    "positive", "real", "reciprocal", "round", "sign", "signbit", "sin", "sinh", "sqrt", "square", "tan", "tanh",
    "trunc",
]  # fmt: skip
BINARY = [
    "add", "atan2", "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "copysign", "divide", "equal", "floor_divide", "greater", "greater_equal", "hypot", "less", "less_equal",
    "logaddexp", "logical_and", "logical_or", "logical_xor", "maximum", "minimum", "multiply", "nextafter",
    "not_equal", "pow", "remainder", "subtract",
]  # fmt: skip
PROMOTED = [
    *[(a, b) for kind in (INTS, UINTS, FLOATS, COMPLEX) for a in kind for b in kind],
    *[(a, b) for a in UINTS[:3] for b in INTS],
    *[(a, b) for a in FLOATS for b in COMPLEX],
    ("bool", "bool"),
]
OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor", "lshift", "rshift"]
COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]


def beside_numpy(name, x, y=None):
    """Where NumPy, and array_api_strict with it, leaves the standard's text (see test_special_cases.py)."""
    if name == "expm1" and x.dtype.kind == "c":
        with np.errstate(over="ignore"):
            large = ~np.isfinite(np.exp(x.real))
        return ((x.imag == 0) & large) | (~np.isfinite(x.real) & ~np.isfinite(x.imag))
    if name == "floor_divide" and x.dtype.kind == "f":
        return np.isinf(x) != np.isinf(y)
    if name == "pow" and x.dtype.kind == "f":
        return (y == 0.5) & ((x == 0) | np.isneginf(x))
    return np.zeros(x.shape, bool)


@pytest.mark.parametrize("name", UNARY)
def test_unary(name):
    defined = []
    for dtype in ALL:
        x = special_values(dtype)
        if dtype in COMPLEX and name in ("reciprocal", "sign"):  # the standard leaves infinite ones open
            x = x[np.isfinite(x) & (x != 0)]
        x = x[~beside_numpy(name, x)]
        exact = dtype not in COMPLEX or name not in ("reciprocal", "sign")
        defined.append(compare(lambda xp, x: getattr(xp, name)(x), x, exact=exact))
    assert any(defined)


def pairs(name, a, b):
    """All pairs of special values, without those that raise: division of integers by 0, and what is not defined."""
    x, y = np.meshgrid(special_values(a), special_values(b), indexing="ij")
    x, y = x.ravel(), y.ravel()
    if x.dtype.kind in "iu" and name in ("floor_divide", "remainder"):
        x, y = x[y != 0], y[y != 0]
    if "shift" in name or (name == "pow" and x.dtype.kind in "iu"):
        keep = np.isin(y, range(8))
        x, y = x[keep], y[keep]
    keep = ~beside_numpy(name, x, y)
    return x[keep], y[keep]


@pytest.mark.parametrize("name", BINARY)
def test_binary(name):
    defined = [compare(lambda xp, x, y: getattr(xp, name)(x, y), *pairs(name, a, b)) for a, b in PROMOTED]
    assert any(defined)


@pytest.mark.parametrize("name", [*OPERATORS, *COMPARISONS])
def test_operators_with_numbers(name):
    function, defined = getattr(operator, name), []
    numbers = {"b": [True], "i": [1, 3], "u": [1, 3], "f": [2, 0.5, float("inf")], "c": [2, 0.5, 1j]}
    for dtype in ALL:
        x = special_values(dtype)
        if name in ("lshift", "rshift", "pow") and x.dtype.kind in "iu":
            x = x[(x >= 0) & (x < 8)]
        for number in numbers[x.dtype.kind]:
            kept = x[~beside_numpy(name, x, number)] if name == "pow" else x
            defined.append(compare(lambda xp, x: function(x, number), kept))
            if x.dtype.kind in "fc" or name not in ("floordiv", "mod"):
                defined.append(compare(lambda xp, x: function(number, x), x))
    assert any(defined)


@pytest.mark.parametrize("name", ["neg", "pos", "abs", "invert"])
def test_unary_operators(name):
    assert any(compare(lambda xp, x: getattr(operator, name)(x), special_values(dtype)) for dtype in ALL)


@pytest.mark.parametrize("limits", [(1, 3), (None, 2), (1, None), (None, None), (-1000, 1000)])
def test_clip(limits):
    assert any(compare(lambda xp, x: xp.clip(x, *limits), special_values(dtype)) for dtype in ALL)


def test_where():
    for a, b in PROMOTED:
        x, y = pairs("where", a, b)
        assert compare(lambda xp, x, y: xp.where(x != x[0], x, y), x, y)


KINDS = ["bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric"]


def name_of(dtype):
    return (dtype.numpy if hasattr(dtype, "numpy") else dtype._np_dtype).name


@pytest.mark.parametrize("a", ALL)
def test_dtype_functions(a):
    for kind in KINDS:
        assert compare(lambda xp, x: xp.isdtype(x.dtype, kind), np.ones(2, a))
    for b in ALL:
        operands = np.ones(2, a), np.ones((), b)
        assert compare(lambda xp, x, y: xp.isdtype(x.dtype, y.dtype), *operands)
        compare(lambda xp, x, y: name_of(xp.result_type(x, y)), *operands)
        compare(lambda xp, x, y: xp.astype(x, y.dtype), *operands)
        if (a, b) in PROMOTED:
            assert compare(lambda xp, x, y: xp.can_cast(x.dtype, y.dtype), *operands)
    compare(lambda xp, x: [name_of(xp.result_type(x, number)) for number in (True, 1, 1.0, 1j)], np.ones(2, a))
