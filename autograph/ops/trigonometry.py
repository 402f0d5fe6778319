"""Trigonometric and hyperbolic functions, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import add, divide, multiply, negative, subtract
from autograph.ops.exponential import sqrt
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply


def _atan2_vjp(ct: Any, y: Any, x: Any) -> tuple[Any, Any]:
    squared = add(multiply(x, x), multiply(y, y))
    return divide(multiply(ct, x), squared), negative(divide(multiply(ct, y), squared))


def _tanh_kernel(xp: Any, x: Any) -> Any:
    """NumPy's, but with the standard's sign of a zero imaginary part where real parts are infinite."""
    out = np.tanh(x)
    if out.dtype.kind != "c":
        return out
    found, real, imag = np.array(out), np.real(x), np.imag(x)
    found.imag = np.where(np.isinf(real) & np.isfinite(imag), np.copysign(0.0, imag), found.imag)
    return found


sin_op = ufunc_op("sin", np.sin, lambda ct, out, x: (multiply(ct, cos(x)),))
cos_op = ufunc_op("cos", np.cos, lambda ct, out, x: (negative(multiply(ct, sin(x))),))
tan_op = ufunc_op("tan", np.tan, lambda ct, out, x: (multiply(ct, add(1, multiply(out, out))),))
asin_op = ufunc_op("asin", np.arcsin, lambda ct, out, x: (divide(ct, sqrt(subtract(1, multiply(x, x)))),))
acos_op = ufunc_op("acos", np.arccos, lambda ct, out, x: (negative(divide(ct, sqrt(subtract(1, multiply(x, x))))),))
atan_op = ufunc_op("atan", np.arctan, lambda ct, out, x: (divide(ct, add(1, multiply(x, x))),))
sinh_op = ufunc_op("sinh", np.sinh, lambda ct, out, x: (multiply(ct, cosh(x)),))
cosh_op = ufunc_op("cosh", np.cosh, lambda ct, out, x: (multiply(ct, sinh(x)),))
tanh_op = ufunc_op(
    "tanh", np.tanh, kernel=_tanh_kernel, vjp=lambda ct, out, x: (multiply(ct, subtract(1, multiply(out, out))),)
)
asinh_op = ufunc_op("asinh", np.arcsinh, lambda ct, out, x: (divide(ct, sqrt(add(multiply(x, x), 1))),))
acosh_op = ufunc_op("acosh", np.arccosh, lambda ct, out, x: (divide(ct, sqrt(subtract(multiply(x, x), 1))),))
atanh_op = ufunc_op("atanh", np.arctanh, lambda ct, out, x: (divide(ct, subtract(1, multiply(x, x))),))
atan2_op = ufunc_op("atan2", np.arctan2, lambda ct, out, x, y: _atan2_vjp(ct, x, y))


def sin(x: Any) -> Any:
    """The sine of x radians, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sin(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(sin_op, x)


def cos(x: Any) -> Any:
    """The cosine of x radians, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cos(ag.constant([0.0])).numpy()
        array([1.], dtype=float32)
    """
    return apply(cos_op, x)


def tan(x: Any) -> Any:
    """The tangent of x radians, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tan(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(tan_op, x)


def asin(x: Any) -> Any:
    """The angle in radians whose sine is x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.asin(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(asin_op, x)


def acos(x: Any) -> Any:
    """The angle in radians whose cosine is x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.acos(ag.constant([1.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(acos_op, x)


def atan(x: Any) -> Any:
    """The angle in radians whose tangent is x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.atan(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(atan_op, x)


def sinh(x: Any) -> Any:
    """The hyperbolic sine, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sinh(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(sinh_op, x)


def cosh(x: Any) -> Any:
    """The hyperbolic cosine, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cosh(ag.constant([0.0])).numpy()
        array([1.], dtype=float32)
    """
    return apply(cosh_op, x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.tanh(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(tanh_op, x)


def asinh(x: Any) -> Any:
    """The inverse hyperbolic sine, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.asinh(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(asinh_op, x)


def acosh(x: Any) -> Any:
    """The inverse hyperbolic cosine, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.acosh(ag.constant([1.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(acosh_op, x)


def atanh(x: Any) -> Any:
    """The inverse hyperbolic tangent, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.atanh(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(atanh_op, x)


def atan2(x: Any, y: Any) -> Any:
    """The angle in radians of the point (y, x), element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.atan2(ag.constant([0.0]), 2).numpy()
        array([0.], dtype=float32)
    """
    return apply(atan2_op, x, y)
