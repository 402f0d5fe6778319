"""Elementwise ops on XLA: JAX's functions where they give NumPy's answers, corrected where they do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.rules import RULES, rule
from autograph.runtime.dtypes import DType

_SAME = {
    "add": "add", "atan2": "arctan2", "bitwise_and": "bitwise_and", "bitwise_count": "bitwise_count",
    "bitwise_invert": "invert", "bitwise_or": "bitwise_or", "bitwise_xor": "bitwise_xor", "cbrt": "cbrt",
    "ceil": "ceil", "conj": "conj", "copysign": "copysign", "cos": "cos", "divide": "divide",
    "equal": "equal", "exp": "exp", "exp2": "exp2", "expm1": "expm1", "floor": "floor",
    "greater": "greater", "greater_equal": "greater_equal", "hypot": "hypot", "imag": "imag", "isfinite": "isfinite",
    "isinf": "isinf", "isnan": "isnan", "less": "less", "less_equal": "less_equal", "log": "log",
    "log10": "log10", "log1p": "log1p", "log2": "log2", "logaddexp": "logaddexp", "logaddexp2": "logaddexp2",
    "logical_and": "logical_and", "logical_not": "logical_not", "logical_or": "logical_or",
    "logical_xor": "logical_xor", "multiply": "multiply",
    "negative": "negative", "nextafter": "nextafter", "not_equal": "not_equal", "positive": "positive",
    "real": "real", "sign": "sign", "signbit": "signbit", "sin": "sin",
    "subtract": "subtract", "tan": "tan", "tanh": "tanh", "trunc": "trunc", "where": "where",
    "zeros_of": "zeros_like",
}  # fmt: skip

for _name, _function in _SAME.items():
    RULES[_name] = getattr(jnp, _function)


@rule("abs")
def _abs(x: Any) -> Any:
    return x if x.dtype == bool else jnp.abs(x)


@rule("maximum")
def _maximum(x: Any, y: Any) -> Any:
    return _first_nan(x, y, jnp.maximum(x, y))


@rule("minimum")
def _minimum(x: Any, y: Any) -> Any:
    return _first_nan(x, y, jnp.minimum(x, y))


def _first_nan(x: Any, y: Any, made: Any) -> Any:
    """The operand that is no number, where JAX's comparison of complex numbers passes over it."""
    if not jnp.iscomplexobj(made):
        return made
    return jnp.where(jnp.isnan(x), x, jnp.where(jnp.isnan(y), y, made))


@rule("stop_gradient")
def _same(x: Any) -> Any:
    # It marks where graphs are put in place of their calls: see `frame_stack`.
    return lax.optimization_barrier(x)  # type: ignore[no-untyped-call]


@rule("cast")
def _cast(x: Any, *, dtype: DType, weak: bool = False) -> Any:
    if jnp.iscomplexobj(x) and not dtype.is_complex and not dtype.is_bool:
        x = jnp.real(x)
    if dtype.is_integer and jnp.issubdtype(x.dtype, jnp.floating):
        return _float_to_int(x, dtype)
    if x.dtype == bool and dtype.is_inexact:  # as a conversion, XLA makes a choice of a product: x or 0, be x NaN
        return jnp.where(x, jnp.ones((), dtype.numpy), jnp.zeros((), dtype.numpy))
    return x != 0 if dtype.is_bool else x.astype(dtype.numpy)


def _float_to_int(x: Any, dtype: DType) -> Any:
    """NumPy wraps what lies outside the range, where XLA takes the nearest integer, and gives the lowest for NaN."""
    bits = np.iinfo(dtype.numpy).bits
    wide = lax.convert_element_type(x.astype(jnp.float64) if x.dtype.itemsize < 4 else x, jnp.int64)
    low = jnp.asarray(np.iinfo(np.int64).min, jnp.int64)
    limit = jnp.asarray(2.0**63, x.dtype) if x.dtype.itemsize >= 4 else None
    if limit is not None:
        wide = jnp.where((x >= limit) | (x < -limit) | jnp.isnan(x), low, wide)
    if bits == 64 and dtype.kind == "uint" and limit is not None:
        above = lax.convert_element_type(x, jnp.uint64)
        return jnp.where(x >= limit, above, wide.astype(jnp.uint64))
    return wide.astype(dtype.numpy)


@rule("round")
def _round(x: Any) -> Any:
    return jnp.rint(x) if jnp.issubdtype(x.dtype, jnp.inexact) else x


@rule("bitwise_left_shift")
def _left_shift(x: Any, y: Any) -> Any:
    return jnp.left_shift(x, y)


@rule("bitwise_right_shift")
def _right_shift(x: Any, y: Any) -> Any:
    return jnp.right_shift(x, y)


@rule("floor_divide")
def _floor_divide(x: Any, y: Any) -> Any:
    if not jnp.issubdtype(x.dtype, jnp.floating):
        return jnp.floor_divide(x, y)
    return _floored(x, y)[0]


@rule("remainder")
def _remainder(x: Any, y: Any) -> Any:
    if not jnp.issubdtype(x.dtype, jnp.floating):
        return jnp.remainder(x, y)
    return _floored(x, y)[1]


def _floored(x: Any, y: Any) -> tuple[Any, Any]:
    """Quotient and remainder as Python computes them: from the exact remainder, not from a rounded quotient."""
    x, y = jnp.broadcast_arrays(x, y)
    if x.dtype.itemsize < 4:
        quotient, rest = _floored(x.astype(jnp.float32), y.astype(jnp.float32))
        return quotient.astype(x.dtype), rest.astype(x.dtype)
    rest = lax.rem(x, y)
    quotient = (x - rest) / y
    other_sign = (rest != 0) & ((y < 0) != (rest < 0))
    rest = jnp.where(rest == 0, jnp.copysign(jnp.zeros_like(rest), y), jnp.where(other_sign, rest + y, rest))
    quotient = jnp.where(other_sign, quotient - 1, quotient)
    nearest = jnp.floor(quotient)
    nearest = jnp.where(quotient - nearest > 0.5, nearest + 1, nearest)
    found = jnp.where(quotient == 0, jnp.copysign(jnp.zeros_like(quotient), x / y), nearest)
    return jnp.where(y == 0, x / y, found), rest


@rule("gcd")
def _gcd(x: Any, y: Any) -> Any:
    """Of magnitudes without a sign: JAX's does not end for the least number of a type."""
    return jnp.gcd(_magnitude(x), _magnitude(y)).astype(x.dtype)


@rule("lcm")
def _lcm(x: Any, y: Any) -> Any:
    a, b = _magnitude(x), _magnitude(y)
    divisor = jnp.maximum(jnp.gcd(a, b), 1)
    return (a // divisor * b).astype(x.dtype)


def _magnitude(x: Any) -> Any:
    if x.dtype.kind == "u":
        return x
    wide = x.astype(f"uint{x.dtype.itemsize * 8}")
    return jnp.where(x < 0, -wide, wide)


@rule("pow")
def _pow(x: Any, y: Any) -> Any:
    if jnp.issubdtype(x.dtype, jnp.integer):
        return _integer_power(x, y)
    if x.dtype == bool:
        return x | ~y
    made = jnp.power(x, y)
    if not jnp.iscomplexobj(made):
        return made
    return jnp.where((x == 0) & (jnp.real(y) > 0), 0, made)  # JAX takes the logarithm of 0 unless y is real


def _integer_power(x: Any, y: Any) -> Any:
    """By squaring, wrapping at the width; exponents are checked not to be negative."""
    x, y = jnp.broadcast_arrays(x, y)
    made, base = jnp.ones_like(x), x
    for _ in range(np.iinfo(y.dtype).bits - (y.dtype.kind == "i")):
        made = jnp.where(y & 1 != 0, made * base, made)
        base, y = base * base, y >> 1
    return made


@rule("wrapping")
def _wrapping(*operands: Any, op: str) -> tuple[Any, Any]:
    """64-bit arithmetic on Python's integers, and whether it has left the range."""
    made: tuple[Any, Any] = _WRAPPED[op](*[x.astype(jnp.int64) for x in operands])
    return made


_LOWEST = -(2**63)


def _add(x: Any, y: Any) -> tuple[Any, Any]:
    made = x + y
    return made, ((x ^ made) & (y ^ made)) < 0


def _subtract(x: Any, y: Any) -> tuple[Any, Any]:
    made = x - y
    return made, ((x ^ y) & (x ^ made)) < 0


def _multiply(x: Any, y: Any) -> tuple[Any, Any]:
    made = x * y
    lost = (x != 0) & ((lax.div(made, jnp.where(x == 0, 1, x)) != y) | ((x == -1) & (y == _LOWEST)))
    return made, lost


def _negate(x: Any) -> tuple[Any, Any]:
    return -x, x == _LOWEST


def _absolute(x: Any) -> tuple[Any, Any]:
    return jnp.abs(x), x == _LOWEST


def _shifted(x: Any, y: Any) -> tuple[Any, Any]:
    y = jnp.maximum(y, 0)
    near = jnp.where(y >= 64, 0, y)
    made = jnp.where(y >= 64, 0, lax.shift_left(x, near))
    back = jnp.where(y >= 64, 0, lax.shift_right_arithmetic(made, near))
    return made, back != x


def _powered(x: Any, y: Any) -> tuple[Any, Any]:
    """By squaring; a square that overflows counts only where a later bit of the exponent uses it."""
    made, base = jnp.ones_like(x), x
    lost, base_lost = jnp.zeros(x.shape, bool), jnp.zeros(x.shape, bool)
    for _ in range(63):
        used = y & 1 != 0
        product, over = _multiply(made, base)
        lost = lost | (used & (over | base_lost) & (made != 0))
        made = jnp.where(used, product, made)
        base, over = _multiply(base, base)
        base_lost, y = base_lost | over, y >> 1
    return made, lost


_WRAPPED: dict[str, Callable[..., tuple[Any, Any]]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "negative": _negate,
    "abs": _absolute,
    "bitwise_left_shift": _shifted,
    "pow": _powered,
}
