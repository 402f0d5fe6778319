"""What numbers have to be so that arithmetic on them does not raise: divisors not zero, results within 64 bits.

Other modules of ops import this one, so it names ops through the registry.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import bool_, float64, int64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Kind, Op, get_op
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

OVERFLOW = "an integer result does not fit in 64 bits; use floats"
_NEGATIVE_POWER = "Integers to negative integer powers are not allowed."
_FLOAT_POWER = "an integer to a negative power is a float, but the graph computes an integer; use float(x) ** y"
_COMPLEX_POWER = "a negative number to a broken power is complex, but the graph computes a float; use complex(x) ** y"
_INTEGERS = "integer division or modulo by zero"
_LOWEST = -(2**63)

# Python numbers that overflow raise; each of these has its wrapped form, which says so instead.
WRAPPING: Mapping[str, Callable[..., int]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
    "abs": operator.abs,
    "pow": lambda x, y: x ** max(y, 0),
    "bitwise_left_shift": lambda x, y: x << min(max(y, 0), 128),
}


def _wrapping_kernel(xp: Any, *operands: Any, op: str) -> tuple[int, Any]:
    exact = WRAPPING[op](*[int(x) for x in operands])
    wrapped = (exact - _LOWEST) % 2**64 + _LOWEST
    return wrapped, np.bool_(wrapped != exact)


# Integer arithmetic modulo 2**64, and whether the exact result is another one.
wrapping_op = Op(
    "wrapping",
    kind=Kind.ELEMENTWISE,
    infer=lambda *types, op: (TensorType(int64, (), True), TensorType(bool_)),
    kernel=_wrapping_kernel,
    vjp=lambda ct, out, *operands, op: (None,) * len(operands),
)


def nonzero_divisor(python: Callable[..., Any]) -> Callable[..., list[Requirement]]:
    """The requirement of a division whose divisor is zero in places.

    Args:
        python: the division of Python numbers; its messages differ with Python's version and the operands.
    """

    def requires(x: Tensor, y: Tensor) -> list[Requirement]:
        weak = x.type.weak and y.type.weak
        if not weak and (python is operator.truediv or y.dtype.is_inexact):
            return []
        known = _constant(y)
        found = []
        if known is None or not np.all(known):
            ok = apply(get_op("not_equal"), y, _cast_zero(y))
            if y.shape:
                ok = apply(get_op("all"), ok, axis=tuple(range(len(y.shape))), keepdims=False)
            text = _message(python, x.dtype.is_integer, y.dtype.is_integer) if weak else _INTEGERS
            found.append(Requirement(ok, ZeroDivisionError, (text,)))
        if weak and y.dtype.is_integer and python is operator.floordiv and known in (None, -1):
            same = apply(get_op("equal"), x, _LOWEST)
            opposite = apply(get_op("equal"), y, -1)
            bad = apply(get_op("logical_and"), same, opposite)
            found.append(Requirement(apply(get_op("logical_not"), bad), OverflowError, (OVERFLOW,)))
        return found

    return requires


def power_limits(x: Tensor, y: Tensor) -> list[Requirement]:
    """The requirements of a power: of integers, and of Python numbers, whose power may raise or be of another kind."""
    if y.dtype.is_integer:
        known = _constant(y)
        if y.dtype.kind == "uint" or not x.dtype.is_integer or (known is not None and np.all(known >= 0)):
            return []
        ok = apply(get_op("greater_equal"), y, _cast_zero(y))
        if y.shape:
            ok = apply(get_op("all"), ok, axis=tuple(range(len(y.shape))), keepdims=False)
        if x.type.weak and y.type.weak:
            return [Requirement(ok, DTypeError, (_FLOAT_POWER,))]
        return [Requirement(ok, ValueError, (_NEGATIVE_POWER,))]
    if not (x.type.weak and y.type.weak and y.dtype is float64 and x.dtype is float64):
        return []
    return _power_of_numbers(x, y, _constant(y))


def _power_of_numbers(x: Tensor, y: Tensor, known: Any) -> list[Requirement]:
    """What Python's `**` of floats raises, or gives as another kind; `known` is the exponent, if it is a constant."""
    base, exponent = [apply(get_op("cast"), z, dtype=float64) for z in (x, y)]
    zero = apply(get_op("cast"), 0.0, dtype=float64)
    finite = _both(apply(get_op("isfinite"), base), apply(get_op("isfinite"), exponent))
    found = []

    def refuse_where(bad: Any, exception: type[Exception], *arguments: Any) -> None:
        found.append(Requirement(apply(get_op("logical_not"), _both(finite, bad)), exception, arguments))

    if known is None or known < 0:
        pole = _both(apply(get_op("equal"), base, zero), apply(get_op("less"), exponent, zero))
        refuse_where(pole, ZeroDivisionError, _power_of_zero())
    if known is None or not float(known).is_integer():
        broken = apply(get_op("not_equal"), apply(get_op("floor"), exponent), exponent)
        refuse_where(_both(apply(get_op("less"), base, zero), broken), DTypeError, _COMPLEX_POWER)
    made = apply(get_op("isfinite"), apply(get_op("pow"), base, exponent))
    refuse_where(apply(get_op("logical_not"), made), OverflowError, *_overflow_of_power())
    return found


def _both(a: Any, b: Any) -> Any:
    return apply(get_op("logical_and"), a, b)


def _power_of_zero() -> str:
    try:
        return str(0.0**-1.0)
    except ZeroDivisionError as error:
        return str(error)


def _overflow_of_power() -> tuple[Any, ...]:
    try:
        return (str(10.0**400.0),)
    except OverflowError as error:
        return error.args


def _cast_zero(like: Tensor) -> Any:
    zero = 0.0 if like.dtype.is_inexact else 0
    return zero if like.type.weak else apply(get_op("cast"), zero, dtype=like.dtype)


def _constant(x: Tensor) -> Any:
    """The value of a constant of the graph, else None."""
    node = getattr(x._value, "node", None)
    return node.attrs["value"] if node is not None and node.op is constant_op else None


def _message(python: Callable[..., Any], x_integer: bool, y_integer: bool) -> str:
    try:
        python(1 if x_integer else 1.0, 0 if y_integer else 0.0)
    except ZeroDivisionError as error:
        return str(error)
    raise AssertionError("dividing by zero raises")


def shift_count(x: Tensor, y: Tensor) -> list[Requirement]:
    """The requirement of shifting one Python integer by another."""
    if not (x.type.weak and y.type.weak):
        return []
    return [Requirement(apply(get_op("greater_equal"), y, 0), ValueError, ("negative shift count",))]
