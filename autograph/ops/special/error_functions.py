"""The error function, and the normal distribution's mass below a number."""

from __future__ import annotations

import math
from typing import Any

from autograph.ops.arithmetic import multiply, negative
from autograph.ops.exponential import exp
from autograph.ops.special.scipy_functions import scipy_op
from autograph.runtime.apply import apply
from autograph.runtime.tensor import Tensor

_DENSITY = 2 / math.sqrt(math.pi)
_NORMAL = 1 / math.sqrt(2 * math.pi)


def _bell(x: Any) -> Any:
    return multiply(exp(negative(multiply(x, x))), _DENSITY)


def _erfinv_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (multiply(ct, multiply(exp(multiply(out, out)), 1 / _DENSITY)),)


def _normal(x: Any) -> Any:
    return multiply(exp(multiply(multiply(x, x), -0.5)), _NORMAL)


def _log_ndtr_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (multiply(ct, multiply(exp(negative(multiply(x, x) * 0.5 + out)), _NORMAL)),)


def _ndtri_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (multiply(ct, multiply(exp(multiply(multiply(out, out), 0.5)), 1 / _NORMAL)),)


erf_op = scipy_op("erf", lambda ct, out, x: (multiply(ct, _bell(x)),))
erfc_op = scipy_op("erfc", lambda ct, out, x: (negative(multiply(ct, _bell(x))),))
erfinv_op = scipy_op("erfinv", _erfinv_vjp)
ndtr_op = scipy_op("ndtr", lambda ct, out, x: (multiply(ct, _normal(x)),))
log_ndtr_op = scipy_op("log_ndtr", _log_ndtr_vjp)
ndtri_op = scipy_op("ndtri", _ndtri_vjp)


def erf(x: Any) -> Any:
    """The error function, `2 / sqrt(pi)` times the integral of `exp(-t**2)` from 0 to x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.erf(ag.constant([0.5, 1.0])).numpy()
        array([0.5204999, 0.8427008], dtype=float32)
    """
    return apply(erf_op, x)


def erfc(x: Any) -> Any:
    """`1 - erf(x)`, exact for large x too, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.erfc(ag.constant([0.5, 1.0])).numpy()
        array([0.47950011, 0.1572992 ], dtype=float32)
    """
    return apply(erfc_op, x)


def erfinv(x: Any) -> Any:
    """The y with `erf(y) == x`, element by element.

    Args:
        x: tensor or number, from -1 to 1.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.erfinv(ag.constant([0.5, 1.0])).numpy()
        array([0.47693628,        inf], dtype=float32)
    """
    return apply(erfinv_op, x)


def ndtr(x: Any) -> Any:
    """The standard normal distribution's mass below x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.ndtr(ag.constant([0.5, 1.0])).numpy()
        array([0.69146246, 0.8413448 ], dtype=float32)
    """
    return apply(ndtr_op, x)


def log_ndtr(x: Any) -> Any:
    """The logarithm of `ndtr`, exact for very negative x too, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.log_ndtr(ag.constant([0.0, -40.0])).numpy()
        array([-6.9314718e-01, -8.0460846e+02], dtype=float32)
    """
    return apply(log_ndtr_op, x)


def ndtri(x: Any) -> Any:
    """The y with `ndtr(y) == x`, element by element.

    Args:
        x: tensor or number, from 0 to 1.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.ndtri(ag.constant([0.5, 0.975])).numpy()
        array([0.       , 1.9599644], dtype=float32)
    """
    return apply(ndtri_op, x)
