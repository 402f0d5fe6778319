"""Exponential integrals."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import divide, multiply, negative
from autograph.ops.exponential import exp
from autograph.ops.special.scipy_functions import scipy_op
from autograph.runtime.apply import apply

exp1_op = scipy_op("exp1", lambda ct, out, x: (negative(multiply(ct, divide(exp(negative(x)), x))),))
expi_op = scipy_op("expi", lambda ct, out, x: (multiply(ct, divide(exp(x), x)),))


def exp1(x: Any) -> Any:
    """The integral of `exp(-t) / t` from x to infinity, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.exp1(ag.constant([0.5, 1.0])).numpy()
        array([0.5597736 , 0.21938394], dtype=float32)
    """
    return apply(exp1_op, x)


def expi(x: Any) -> Any:
    """The principal value of the integral of `exp(t) / t` from minus infinity to x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.expi(ag.constant([0.5, 1.0])).numpy()
        array([0.4542199, 1.8951178], dtype=float32)
    """
    return apply(expi_op, x)
