"""NumPy's functions on tensors, by its protocols `__array_ufunc__` and `__array_function__`.

A call that names a tensor goes to the function of `ag.ops` that means the same, eagerly and in graphs, with a tensor as
the answer. What has none there converts tensors to arrays, which graphs refuse.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, NoReturn

import numpy as np

from autograph.errors import GraphTensorError
from autograph.ops import (
    arithmetic,
    comparison,
    complex_parts,
    contraction,
    exponential,
    floating,
    logic,
    reductions,
    rounding,
    trigonometry,
)
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable

_UFUNCS: dict[Any, Callable[..., Any]] = {
    getattr(np, numpy_name): getattr(family, name)
    for family, names in (
        (arithmetic, {
            "add": "add", "subtract": "subtract", "multiply": "multiply", "true_divide": "divide",
            "floor_divide": "floor_divide", "remainder": "remainder", "power": "pow", "negative": "negative",
            "positive": "positive", "absolute": "abs", "sign": "sign", "square": "square", "maximum": "maximum",
            "minimum": "minimum",
        }),
        (comparison, {
            name: name for name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
        }),
        (complex_parts, {"conjugate": "conj"}),
        (exponential, {name: name for name in ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt")}),
        (floating, {
            "hypot": "hypot", "copysign": "copysign", "logaddexp": "logaddexp", "nextafter": "nextafter",
            "signbit": "signbit", "reciprocal": "reciprocal",
        }),
        (logic, {
            "logical_and": "logical_and", "logical_or": "logical_or", "logical_xor": "logical_xor",
            "logical_not": "logical_not", "bitwise_and": "bitwise_and", "bitwise_or": "bitwise_or",
            "bitwise_xor": "bitwise_xor", "invert": "bitwise_invert", "left_shift": "bitwise_left_shift",
            "right_shift": "bitwise_right_shift", "isfinite": "isfinite", "isinf": "isinf", "isnan": "isnan",
        }),
        (rounding, {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "round"}),
        (trigonometry, {
            "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
            "arctan2": "atan2", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh",
            "arccosh": "acosh", "arctanh": "atanh",
        }),
        (contraction, {"matmul": "matmul", "vecdot": "vecdot"}),
    )
    for numpy_name, name in names.items()
    if hasattr(np, numpy_name)
}  # fmt: skip
_UFUNCS |= {np.divmod: divmod}
# Those of the same name in `ag.ops`, of families that import this one's callers.
_NAMED_UFUNCS = {
    getattr(np, name): name
    for name in (
        "bitwise_count", "cbrt", "deg2rad", "exp2", "fabs", "fmax", "fmin", "fmod", "gcd", "heaviside", "lcm", "ldexp",
        "logaddexp2", "rad2deg",
    )
    if hasattr(np, name)
}  # fmt: skip
_REDUCING: dict[Any, Callable[..., Any]] = {
    np.add: reductions.sum, np.multiply: reductions.prod, np.maximum: reductions.max, np.minimum: reductions.min,
    np.logical_and: reductions.all, np.logical_or: reductions.any,
}  # fmt: skip

_FUNCTIONS = {
    "": """
all allclose amax amin angle any append argmax argmin argpartition argsort array_split average bincount
broadcast_arrays broadcast_to clip concatenate convolve copy corrcoef correlate count_nonzero cov cross cumprod cumsum
cumulative_prod cumulative_sum diag diagflat diagonal diff digitize dot dsplit dstack einsum empty_like expand_dims
flip fliplr flipud full_like geomspace histogram hsplit hstack i0 imag inner interp isclose isin isneginf isposinf
isreal kron linspace logspace matrix_transpose max mean median meshgrid min moveaxis nan_to_num nanargmax nanargmin
nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim
nonzero ones_like outer pad percentile prod ptp quantile ravel real repeat reshape roll rot90 round searchsorted select
sinc size sort split squeeze stack std sum swapaxes take take_along_axis tensordot tile trace transpose trapezoid tril
triu unique unravel_index unstack vander var vdot vsplit vstack where zeros_like
""",
    "linalg": """
cholesky cross det diagonal eig eigh eigvals eigvalsh inv matmul matrix_norm matrix_power matrix_rank matrix_transpose
norm outer pinv qr slogdet solve svd svdvals tensordot trace vecdot vector_norm
""",
    "fft": """
fft fft2 fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftn
""",
}
# Options by NumPy's name, and ones of which any value gives an answer that is right.
_RENAMED = {"a_min": "min", "a_max": "max", "ddof": "correction"}
_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_FREE = ("kind", "copy", "subok", "overwrite_input", "optimize")


# What would write into an array that stands for a tensor.
_WRITING = {np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask}


class _Pair(NamedTuple):
    """A function of ours, and the parameters of NumPy's and of ours."""

    ours: Callable[..., Any]
    theirs: inspect.Signature
    known: Mapping[str, inspect.Parameter]


@cache
def _pairs() -> dict[Any, _Pair]:
    """For each of NumPy's functions our own."""
    found = {}
    for space, names in _FUNCTIONS.items():
        theirs, ours = [getattr(m, space) if space else m for m in (np, sys.modules[__package__])]
        for name in names.split():
            if hasattr(theirs, name):
                one, other = getattr(theirs, name), getattr(ours, name)
                found[one] = _Pair(other, inspect.signature(one), inspect.signature(other).parameters)
    return found


def array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """`__array_ufunc__` of tensors and variables.

    Raises:
        GraphTensorError: there is no function of `ag.ops` that does the same.
    """
    if method == "__call__" and not kwargs:
        function = _UFUNCS.get(ufunc)
        if function is None and ufunc in _NAMED_UFUNCS:
            function = getattr(sys.modules[__package__], _NAMED_UFUNCS[ufunc])
        if function is not None:
            return function(*inputs)
    if method == "reduce" and ufunc in _REDUCING and kwargs.keys() <= {"axis", "keepdims"}:
        return _REDUCING[ufunc](*inputs, **{"axis": 0, **kwargs})
    return _refused(ufunc)


def array_function(self: Any, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """`__array_function__` of tensors and variables.

    Raises:
        GraphTensorError: it would write into a tensor.
    """
    if not all(issubclass(kind, Tensor | Variable | np.ndarray) for kind in types):
        return NotImplemented
    if function is np.shape:
        return args[0].shape
    pair = _pairs().get(function)
    given = None if pair is None else _arguments(pair, args, kwargs)
    if pair is not None and given is not None:
        return pair.ours(*given[0], **given[1])
    if function in _WRITING or isinstance(kwargs.get("out"), Tensor | Variable):
        _refused(function)
    plain = {name: _as_array(value) for name, value in kwargs.items()}
    return function._implementation(*map(_as_array, args), **plain)


def _refused(function: Any) -> NoReturn:
    refuse(
        GraphTensorError,
        f"np.{function.__name__} on a tensor",
        "use the function of ag.ops, or convert with .numpy() outside staged functions",
    )


def _arguments(pair: _Pair, args: Any, kwargs: Any) -> tuple[list[Any], dict[str, Any]] | None:
    """A call's arguments as ours takes them; None where it lacks an option."""
    bound = pair.theirs.bind(*args, **kwargs).arguments
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, value in bound.items():
        parameter, own = pair.theirs.parameters[name], name if name in pair.known else _RENAMED.get(name, name)
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional += value
        elif parameter.kind is parameter.VAR_KEYWORD:
            named |= value
        elif parameter.default is parameter.empty:
            positional.append(value)
        elif own in pair.known:
            named[own] = value
        elif not _is_neutral(value, name, parameter.default):
            return None
    lacking = [
        name for name, p in pair.known.items() if p.default is p.empty and p.kind in _PLAIN and name not in named
    ]
    return (positional, named) if len(positional) >= len(lacking) else None


def _is_neutral(value: Any, name: str, default: Any) -> bool:
    """Whether an option changes nothing."""
    return value is None or value is default or name in _FREE or (type(value) is type(default) and value == default)


def _as_array(value: Any) -> Any:
    """What holds tensors, with arrays in their place."""
    if isinstance(value, Tensor | Variable):
        return np.asarray(value)
    return type(value)([_as_array(item) for item in value]) if type(value) in (list, tuple) else value
