"""Functions of the C library: extremes that pass over NaN, remainders with the sign of the dividend."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import maximum, minimum, negative, remainder
from autograph.ops.casts import astype
from autograph.ops.comparison import less
from autograph.ops.creation import as_tensor
from autograph.ops.floating import signbit
from autograph.ops.logic import isnan
from autograph.ops.selection import where
from autograph.runtime.dtypes import float64


def fabs(x: Any) -> Any:
    """The absolute value as a float, element by element; the gradient at 0 is 0.

    Args:
        x: real tensor or number; integers give float64.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fabs(ag.constant([-1, 2])).numpy()
        array([1., 2.])
    """
    made = as_tensor(x)
    return absolute(made if made.dtype.is_floating else astype(made, float64))


def fmax(x1: Any, x2: Any) -> Any:
    """The larger of two numbers, of which one may be NaN, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape; NaN where both are.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fmax(ag.constant([1.0, float("nan")]), 0.5).numpy()
        array([1. , 0.5], dtype=float32)
    """
    return _of_numbers(maximum, x1, x2)


def fmin(x1: Any, x2: Any) -> Any:
    """The smaller of two numbers, of which one may be NaN, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape; NaN where both are.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fmin(ag.constant([1.0, float("nan")]), 0.5).numpy()
        array([0.5, 0.5], dtype=float32)
    """
    return _of_numbers(minimum, x1, x2)


def _of_numbers(extreme: Any, x1: Any, x2: Any) -> Any:
    return extreme(where(isnan(x1), x2, x1), where(isnan(x2), x1, x2))


def fmod(x1: Any, x2: Any) -> Any:
    """What division towards zero leaves, with the sign of x1, element by element.

    Args:
        x1: real tensor or number.
        x2: real tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Raises:
        ZeroDivisionError: an integer is divided by zero.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fmod(ag.constant([5.0, -5.0]), 3.0).numpy()
        array([ 2., -2.], dtype=float32)
    """
    dividend = as_tensor(x1)
    below = signbit(dividend) if dividend.dtype.is_floating else less(dividend, 0)
    left = remainder(where(below, negative(dividend), dividend), absolute(x2))
    return where(below, negative(left), left)
