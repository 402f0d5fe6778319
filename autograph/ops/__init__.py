"""Array functions, with the names of the Python array API standard, and beyond it with NumPy's."""

from autograph.ops import fft, image, linalg, nn, special
from autograph.ops.angles import angle, deg2rad, rad2deg, sinc
from autograph.ops.arithmetic import (
    abs,
    add,
    divide,
    maximum,
    minimum,
    multiply,
    negative,
    positive,
    pow,
    remainder,
    square,
    subtract,
)  # fmt: skip
from autograph.ops.averages import average, corrcoef, cov, ptp
from autograph.ops.axes import fliplr, flipud, ndim, ravel, rot90, swapaxes, transpose
from autograph.ops.axis_parts import flip
from autograph.ops.broadcasting import broadcast_arrays, broadcast_shapes, broadcast_to
from autograph.ops.c_functions import fabs, fmax, fmin, fmod
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater, greater_equal, less, less_equal, not_equal
from autograph.ops.complex_pairs import view_as_complex, view_as_real
from autograph.ops.complex_parts import conj, imag, real
from autograph.ops.contraction import matmul, outer, tensordot, vecdot
from autograph.ops.correlation import convolve, correlate
from autograph.ops.creation import asarray, empty, empty_like, full, full_like, ones, ones_like, zeros, zeros_like
from autograph.ops.diagonals import diag, diagflat, diagonal, identity, trace, tri, vander
from autograph.ops.dtype_functions import can_cast, finfo, iinfo, isdtype, result_type
from autograph.ops.einstein_sums import einsum
from autograph.ops.elements import copy, vectorize, view
from autograph.ops.exceptional import (
    allclose,
    divide_no_nan,
    heaviside,
    isclose,
    isneginf,
    isposinf,
    isreal,
    nan_to_num,
)  # fmt: skip
from autograph.ops.exponential import exp, expm1, log, log1p, log2, log10, sqrt
from autograph.ops.extents import size
from autograph.ops.floating import copysign, hypot, logaddexp, nextafter, reciprocal, signbit
from autograph.ops.gathering import take, take_along_axis
from autograph.ops.grids import eye, meshgrid, one_hot, tril, triu
from autograph.ops.histograms import bincount, digitize, histogram
from autograph.ops.indexing import getitem, setitem
from autograph.ops.integration import interp, trapezoid
from autograph.ops.joining import concat, stack
from autograph.ops.linalg.general import logdet
from autograph.ops.linalg.systems import slogdet
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
from autograph.ops.nan_reductions import (
    nanargmax,
    nanargmin,
    nancumprod,
    nancumsum,
    nanmax,
    nanmean,
    nanmin,
    nanprod,
    nanstd,
    nansum,
    nanvar,
)  # fmt: skip
from autograph.ops.number_theory import bitwise_count, gcd, lcm
from autograph.ops.padding import pad
from autograph.ops.powers import cbrt, exp2, ldexp, logaddexp2, rsqrt
from autograph.ops.products import cross, dot, inner, kron, vdot
from autograph.ops.quantiles import median, nanmedian, nanpercentile, nanquantile, percentile, quantile
from autograph.ops.ranges import arange, geomspace, linspace, logspace
from autograph.ops.ranking import argpartition, in_top_k, select, top_k, unique, unravel_index
from autograph.ops.reductions import all, any, logsumexp, max, min, prod, sum
from autograph.ops.rounding import ceil, floor, round, trunc
from autograph.ops.scans import cumprod, cumsum, cumulative_prod, cumulative_sum, diff
from autograph.ops.scattering import scatter, scatter_update, slice, slice_update
from autograph.ops.searching import argmax, argmin, count_nonzero, nonzero, searchsorted
from autograph.ops.segments import segment_max, segment_mean, segment_min, segment_prod, segment_sum
from autograph.ops.selection import clip, where
from autograph.ops.sequences import extract_sequences, istft, stft
from autograph.ops.sets import isin, unique_all, unique_counts, unique_inverse, unique_values
from autograph.ops.shape import expand_dims, matrix_transpose, permute_dims, reshape, squeeze
from autograph.ops.sorting import argsort, sort
from autograph.ops.special.bessel import i0
from autograph.ops.special.error_functions import erf, erfinv
from autograph.ops.special_cases import floor_divide, sign
from autograph.ops.splitting import append, array_split, dsplit, dstack, hsplit, hstack, split, vsplit, vstack
from autograph.ops.statistics import mean, std, var
from autograph.ops.trigonometry import acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh
from autograph.ops.window_functions import bartlett, blackman, hamming, hanning, kaiser
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
true_divide = divide
right_shift = bitwise_right_shift
power = pow
mod = remainder
left_shift = bitwise_left_shift
get_item = getitem
conjugate = conj
concatenate = concat
bitwise_not = bitwise_invert
array = asarray
arctanh = atanh
arctan2 = atan2
arctan = atan
arcsinh = asinh
arcsin = asin
arccosh = acosh
arccos = acos
amin = min
amax = max
absolute = abs

__all__ = [
    "__array_api_version__", "__array_namespace_info__", "abs", "absolute", "acos", "acosh", "add", "all", "allclose",
    "amax", "amin", "angle", "any", "append", "arange", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2",
    "arctanh", "argmax", "argmin", "argpartition", "argsort", "array", "array_split", "asarray", "asin", "asinh",
    "astype", "atan", "atan2", "atanh", "average", "bartlett", "bincount", "bitwise_and", "bitwise_count",
    "bitwise_invert", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "blackman", "bool", "broadcast_arrays", "broadcast_shapes", "broadcast_to", "can_cast", "cbrt", "ceil", "clip",
    "complex128", "complex64", "concat", "concatenate", "conj", "conjugate", "convolve", "copy", "copysign",
    "corrcoef", "correlate", "cos", "cosh", "count_nonzero", "cov", "cross", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum", "deg2rad", "diag", "diagflat", "diagonal", "diff", "digitize", "divide", "divide_no_nan", "dot",
    "dsplit", "dstack", "e", "einsum", "empty", "empty_like", "equal", "erf", "erfinv", "exp", "exp2", "expand_dims",
    "expm1", "extract_sequences", "eye", "fabs", "fft", "finfo", "flip", "fliplr", "flipud", "float32", "float64",
    "floor", "floor_divide", "fmax", "fmin", "fmod", "from_dlpack", "full", "full_like", "gcd", "geomspace",
    "get_item", "getitem", "greater", "greater_equal", "hamming", "hanning", "heaviside", "histogram", "hsplit",
    "hstack", "hypot", "i0", "identity", "iinfo", "imag", "image", "in_top_k", "inf", "inner", "int16", "int32",
    "int64", "int8", "interp", "isclose", "isdtype", "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf",
    "isreal", "istft", "kaiser", "kron", "lcm", "ldexp", "left_shift", "less", "less_equal", "linalg", "linspace",
    "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "logdet", "logical_and", "logical_not", "logical_or",
    "logical_xor", "logspace", "logsumexp", "matmul", "matrix_transpose", "max", "maximum", "mean", "median",
    "meshgrid", "min", "minimum", "mod", "moveaxis", "multiply", "nan", "nan_to_num", "nanargmax", "nanargmin",
    "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile",
    "nanstd", "nansum", "nanvar", "ndim", "negative", "newaxis", "nextafter", "nn", "nonzero", "not_equal", "one_hot",
    "ones", "ones_like", "outer", "pad", "percentile", "permute_dims", "pi", "positive", "pow", "power", "prod",
    "ptp", "quantile", "rad2deg", "ravel", "real", "reciprocal", "remainder", "repeat", "reshape", "result_type",
    "right_shift", "roll", "rot90", "round", "rsqrt", "scatter", "scatter_update", "searchsorted", "segment_max",
    "segment_mean", "segment_min", "segment_prod", "segment_sum", "select", "setitem", "sign", "signbit", "sin",
    "sinc", "sinh", "size", "slice", "slice_update", "slogdet", "sort", "special", "split", "sqrt", "square",
    "squeeze", "stack", "std", "stft", "subtract", "sum", "swapaxes", "take", "take_along_axis", "tan", "tanh",
    "tensordot", "tile", "top_k", "trace", "transpose", "trapezoid", "tri", "tril", "triu", "true_divide", "trunc",
    "uint16", "uint32", "uint64", "uint8", "unique", "unique_all", "unique_counts", "unique_inverse", "unique_values",
    "unravel_index", "unstack", "vander", "var", "vdot", "vecdot", "vectorize", "view", "view_as_complex",
    "view_as_real", "vsplit", "vstack", "where", "zeros", "zeros_like",
]  # fmt: skip
