"""What the functions of `math` do with tensors: an op, and Python's complaint where it would give nan or infinity."""

from __future__ import annotations

import builtins
import functools
import math
from collections.abc import Callable
from typing import Any

from autograph.ops import arithmetic, exponential, floating, rounding, trigonometry
from autograph.ops.comparison import equal, greater, greater_equal, less, less_equal, not_equal
from autograph.ops.logic import isfinite, isinf, isnan, logical_and, logical_not, logical_or
from autograph.runtime.context import current_tapes, current_trace
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.regions import is_staged
from autograph.staging.unbound import check


def is_followed(value: Any) -> bool:
    """Whether a graph or a tape has to see what is computed from a value."""
    return is_staged(value) or (isinstance(value, Tensor | Variable) and builtins.bool(current_tapes()))


def _form(
    plain: Callable[..., Any],
    op: Callable[..., Any],
    outside: Callable[..., Any] | None = None,
    is_huge: bool = False,
) -> Callable[..., Any]:
    """The function by an op.

    Args:
        plain: the function of `math`.
        op: the op.
        outside: whether a number is outside the function's domain, a bool tensor.
        is_huge: whether the result of finite numbers may be too large.
    """

    def function(*args: Any) -> Any:
        if not any(map(is_followed, args)):
            return plain(*args)
        if current_trace() is None:
            plain(*args)  # which raises what there is to raise
            return op(*args)
        if outside is not None:
            check(logical_not(outside(*args)), ValueError, "math domain error")
        result = op(*args)
        if is_huge:
            finite = [isfinite(x) for x in args if isinstance(x, Tensor | Variable)]
            bad = functools.reduce(logical_and, finite, isinf(result))
            check(logical_not(bad), OverflowError, "math range error")
        return result

    return function


def _log(x: Any, base: Any = math.e) -> Any:
    if base is math.e:
        return _natural(x)
    return math.log(x, base) if not (is_followed(x) or is_followed(base)) else _natural(x) / _natural(base)


def _pow(x: Any, y: Any) -> Any:
    return arithmetic.pow(x * 1.0, y)


def _quotient(plain: Callable[..., Any], unit: float) -> Callable[[Any], Any]:
    return lambda x: x * unit if is_followed(x) else plain(x)


def _outside_of_one(x: Any) -> Any:
    return greater(arithmetic.abs(x), 1.0)


def _below(least: float) -> Callable[[Any], Any]:
    return lambda x: less(x, least)


def _not_above(bound: float) -> Callable[[Any], Any]:
    return lambda x: less_equal(x, bound)


def _no_power(x: Any, y: Any) -> Any:
    """Whether a negative number has a broken exponent, or zero a negative one."""
    broken = logical_and(logical_and(less(x, 0.0), not_equal(rounding.floor(y * 1.0), y)), isfinite(y))
    return logical_or(logical_and(broken, isfinite(x)), logical_and(equal(x, 0.0), less(y, 0.0)))


_natural = _form(math.log, exponential.log, _not_above(0.0))

MATH_FORMS: dict[Any, Callable[..., Any]] = {
    math.exp: _form(math.exp, exponential.exp, is_huge=True),
    math.expm1: _form(math.expm1, exponential.expm1, is_huge=True),
    math.log: _log,
    math.log2: _form(math.log2, exponential.log2, _not_above(0.0)),
    math.log10: _form(math.log10, exponential.log10, _not_above(0.0)),
    math.log1p: _form(math.log1p, exponential.log1p, _not_above(-1.0)),
    math.sqrt: _form(math.sqrt, exponential.sqrt, _below(0.0)),
    math.sin: _form(math.sin, trigonometry.sin, isinf),
    math.cos: _form(math.cos, trigonometry.cos, isinf),
    math.tan: _form(math.tan, trigonometry.tan, isinf),
    math.asin: _form(math.asin, trigonometry.asin, _outside_of_one),
    math.acos: _form(math.acos, trigonometry.acos, _outside_of_one),
    math.atan: _form(math.atan, trigonometry.atan),
    math.atan2: _form(math.atan2, trigonometry.atan2),
    math.sinh: _form(math.sinh, trigonometry.sinh, is_huge=True),
    math.cosh: _form(math.cosh, trigonometry.cosh, is_huge=True),
    math.tanh: _form(math.tanh, trigonometry.tanh),
    math.asinh: _form(math.asinh, trigonometry.asinh),
    math.acosh: _form(math.acosh, trigonometry.acosh, _below(1.0)),
    math.atanh: _form(math.atanh, trigonometry.atanh, lambda x: greater_equal(arithmetic.abs(x), 1.0)),
    math.hypot: _form(math.hypot, floating.hypot, is_huge=True),
    math.copysign: _form(math.copysign, floating.copysign),
    math.fabs: _form(math.fabs, arithmetic.abs),
    math.pow: _form(math.pow, _pow, _no_power, is_huge=True),
    math.isnan: _form(math.isnan, isnan),
    math.isinf: _form(math.isinf, isinf),
    math.isfinite: _form(math.isfinite, isfinite),
    math.degrees: _quotient(math.degrees, 180 / math.pi),
    math.radians: _quotient(math.radians, math.pi / 180),
}

WHOLE: dict[Any, Callable[[Any], Any]] = {
    math.floor: rounding.floor,
    math.ceil: rounding.ceil,
    math.trunc: rounding.trunc,
}
