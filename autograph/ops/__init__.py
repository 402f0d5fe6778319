"""Array functions, with the names of the Python array API standard."""

from autograph.ops import fft, linalg, nn, special
from autograph.ops.arithmetic import (
    abs,
    add,
    divide,
    floor_divide,
    maximum,
    minimum,
    multiply,
    negative,
    positive,
    pow,
    remainder,
    sign,
    square,
    subtract,
)  # fmt: skip
from autograph.ops.axis_parts import flip
from autograph.ops.broadcasting import broadcast_arrays, broadcast_shapes, broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater, greater_equal, less, less_equal, not_equal
from autograph.ops.complex_parts import conj, imag, real
from autograph.ops.contraction import matmul, outer, tensordot, vecdot
from autograph.ops.creation import asarray, empty, empty_like, full, full_like, ones, ones_like, zeros, zeros_like
from autograph.ops.dtype_functions import can_cast, finfo, iinfo, isdtype, result_type
from autograph.ops.exponential import exp, expm1, log, log1p, log2, log10, sqrt
from autograph.ops.extents import size
from autograph.ops.floating import copysign, hypot, logaddexp, nextafter, reciprocal, signbit
from autograph.ops.gathering import take, take_along_axis
from autograph.ops.grids import eye, meshgrid, one_hot, tril, triu
from autograph.ops.indexing import getitem, setitem
from autograph.ops.joining import concat, stack
from autograph.ops.logic import (
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    isfinite,
    isinf,
    isnan,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
)  # fmt: skip
from autograph.ops.manipulation import moveaxis, repeat, roll, tile, unstack
from autograph.ops.namespace import __array_api_version__, __array_namespace_info__, from_dlpack
from autograph.ops.padding import pad
from autograph.ops.ranges import arange, linspace
from autograph.ops.reductions import all, any, logsumexp, max, min, prod, sum
from autograph.ops.rounding import ceil, floor, round, trunc
from autograph.ops.scans import cumulative_prod, cumulative_sum, diff
from autograph.ops.searching import argmax, argmin, count_nonzero, nonzero, searchsorted
from autograph.ops.selection import clip, where
from autograph.ops.sets import isin, unique_all, unique_counts, unique_inverse, unique_values
from autograph.ops.shape import expand_dims, matrix_transpose, permute_dims, reshape, squeeze
from autograph.ops.sorting import argsort, sort
from autograph.ops.statistics import mean, std, var
from autograph.ops.trigonometry import acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh
from autograph.runtime.dtypes import bool_ as bool
from autograph.runtime.dtypes import (
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)  # fmt: skip

e = 2.718281828459045
inf = float("inf")
nan = float("nan")
newaxis = None
pi = 3.141592653589793

__all__ = [
    "__array_api_version__", "__array_namespace_info__", "abs", "acos", "acosh", "add", "all", "any", "arange",
    "argmax", "argmin", "argsort", "asarray", "asin", "asinh", "astype", "atan", "atan2", "atanh", "bitwise_and",
    "bitwise_invert", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "bool",
    "broadcast_arrays", "broadcast_shapes", "broadcast_to", "can_cast", "ceil", "clip", "complex128", "complex64",
    "concat", "conj", "copysign", "cos", "cosh", "count_nonzero", "cumulative_prod", "cumulative_sum", "diff",
    "divide", "e", "empty", "empty_like", "equal", "exp", "expand_dims", "expm1", "eye", "fft", "finfo", "flip",
    "float32", "float64", "floor", "floor_divide", "from_dlpack", "full", "full_like", "getitem", "greater",
    "greater_equal", "hypot", "iinfo", "imag", "inf", "int16", "int32", "int64", "int8", "isdtype", "isfinite",
    "isin", "isinf", "isnan", "less", "less_equal", "linalg", "linspace", "log", "log10", "log1p", "log2",
    "logaddexp", "logical_and", "logical_not", "logical_or", "logical_xor", "logsumexp", "matmul", "matrix_transpose",
    "max", "maximum", "mean", "meshgrid", "min", "minimum", "moveaxis", "multiply", "nan", "negative", "newaxis",
    "nextafter", "nn", "nonzero", "not_equal", "one_hot", "ones", "ones_like", "outer", "pad", "permute_dims", "pi",
    "positive", "pow", "prod", "real", "reciprocal", "remainder", "repeat", "reshape", "result_type", "roll", "round",
    "searchsorted", "setitem", "sign", "signbit", "sin", "sinh", "size", "sort", "special", "sqrt", "square",
    "squeeze", "stack", "std", "subtract", "sum", "take", "take_along_axis", "tan", "tanh", "tensordot", "tile",
    "tril", "triu", "trunc", "uint16", "uint32", "uint64", "uint8", "unique_all", "unique_counts", "unique_inverse",
    "unique_values", "unstack", "var", "vecdot", "where", "zeros", "zeros_like",
]  # fmt: skip
