"""Exponentials, logarithms and square roots, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import add, divide, multiply
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply


def _expm1_kernel(xp: Any, x: Any) -> Any:
    """NumPy's, but for complex numbers on the real axis and with infinite real parts, where that gives NaN."""
    out = np.expm1(x)
    if out.dtype.kind != "c":
        return out
    found, real, imag = np.array(out), np.real(x), np.imag(x)
    alone, lost = np.expm1(real), ~np.isfinite(imag)
    axis = (imag == 0) & (~np.isfinite(real) | ~np.isfinite(alone) | (real == 0))
    found.real, found.imag = np.where(axis, alone + 0.0, found.real), np.where(axis, imag, found.imag)
    for end, whole, part in ((-np.inf, -1, np.copysign(0.0, imag)), (np.inf, np.inf, np.nan)):
        there = lost & (real == end)
        found.real, found.imag = np.where(there, whole, found.real), np.where(there, part, found.imag)
    return found


exp_op = ufunc_op("exp", np.exp, lambda ct, out, x: (multiply(ct, out),))
expm1_op = ufunc_op("expm1", np.expm1, kernel=_expm1_kernel, vjp=lambda ct, out, x: (multiply(ct, add(out, 1)),))
log_op = ufunc_op("log", np.log, lambda ct, out, x: (divide(ct, x),))
log1p_op = ufunc_op("log1p", np.log1p, lambda ct, out, x: (divide(ct, add(x, 1)),))
log2_op = ufunc_op("log2", np.log2, lambda ct, out, x: (divide(ct, multiply(x, float(np.log(2)))),))
log10_op = ufunc_op("log10", np.log10, lambda ct, out, x: (divide(ct, multiply(x, float(np.log(10)))),))
sqrt_op = ufunc_op("sqrt", np.sqrt, lambda ct, out, x: (divide(ct, multiply(out, 2)),))


def exp(x: Any) -> Any:
    """E to the power of x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.exp(ag.constant([0.0])).numpy()
        array([1.], dtype=float32)
    """
    return apply(exp_op, x)


def expm1(x: Any) -> Any:
    """Exp(x) - 1, accurate near 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.expm1(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(expm1_op, x)


def log(x: Any) -> Any:
    """The natural logarithm, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.log(ag.constant([1.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(log_op, x)


def log1p(x: Any) -> Any:
    """Log(1 + x), accurate near 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.log1p(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return apply(log1p_op, x)


def log2(x: Any) -> Any:
    """The logarithm to base 2, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.log2(ag.constant([8.0])).numpy()
        array([3.], dtype=float32)
    """
    return apply(log2_op, x)


def log10(x: Any) -> Any:
    """The logarithm to base 10, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.log10(ag.constant([100.0])).numpy()
        array([2.0000002], dtype=float32)
    """
    return apply(log10_op, x)


def sqrt(x: Any) -> Any:
    """The square root, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sqrt(ag.constant([4.0])).numpy()
        array([2.], dtype=float32)
    """
    return apply(sqrt_op, x)
