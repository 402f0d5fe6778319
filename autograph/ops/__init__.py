"""Array functions, with the names of the Python array API standard."""

from autograph.ops import nn
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
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater, greater_equal, less, less_equal, not_equal
from autograph.ops.contraction import matmul, outer, vecdot
from autograph.ops.creation import (
    arange,
    asarray,
    eye,
    full,
    full_like,
    linspace,
    meshgrid,
    one_hot,
    ones,
    ones_like,
    tril,
    zeros,
    zeros_like,
)  # fmt: skip
from autograph.ops.exponential import exp, expm1, log, log1p, log2, log10, sqrt
from autograph.ops.indexing import getitem, setitem, take, take_along_axis
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
from autograph.ops.reductions import (
    all,
    any,
    argmax,
    argmin,
    cumulative_sum,
    logsumexp,
    max,
    mean,
    min,
    prod,
    std,
    sum,
    var,
)  # fmt: skip
from autograph.ops.rounding import ceil, floor, round, trunc
from autograph.ops.selection import clip, where
from autograph.ops.shape import (
    broadcast_to,
    concat,
    expand_dims,
    flip,
    matrix_transpose,
    permute_dims,
    reshape,
    size,
    squeeze,
    stack,
)  # fmt: skip
from autograph.ops.sorting import argsort, sort
from autograph.ops.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip

__all__ = [
    "abs", "acos", "acosh", "add", "all", "any", "arange", "argmax", "argmin", "argsort", "asarray", "asin", "asinh",
    "astype", "atan", "atan2", "atanh", "bitwise_and", "bitwise_invert", "bitwise_left_shift", "bitwise_or",
    "bitwise_right_shift", "bitwise_xor", "broadcast_to", "ceil", "clip", "concat", "cos", "cosh", "cumulative_sum",
    "divide", "equal", "exp", "expand_dims", "expm1", "eye", "flip", "floor", "floor_divide", "full", "full_like",
    "getitem", "greater", "greater_equal", "isfinite", "isinf", "isnan", "less", "less_equal", "linspace", "log",
    "log10", "log1p", "log2", "logical_and", "logical_not", "logical_or", "logical_xor", "logsumexp", "matmul",
    "matrix_transpose", "max", "maximum", "mean", "meshgrid", "min", "minimum", "multiply", "negative", "nn",
    "not_equal", "one_hot", "ones", "ones_like", "outer", "permute_dims", "positive", "pow", "prod", "remainder",
    "reshape", "round", "setitem", "sign", "sin", "sinh", "size", "sort", "sqrt", "square", "squeeze", "stack", "std",
    "subtract", "sum", "take", "take_along_axis", "tan", "tanh", "tril", "trunc", "var", "vecdot", "where", "zeros",
    "zeros_like",
]  # fmt: skip
