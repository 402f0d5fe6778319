"""Powers and logarithms of 2, cube roots, reciprocal square roots."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograph.ops.arithmetic import divide, multiply, pow, subtract
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import sqrt
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import float64
from autograph.runtime.tensor import Tensor


def _logaddexp2_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return multiply(ct, exp2(subtract(x, out))), multiply(ct, exp2(subtract(y, out)))


exp2_op = ufunc_op("exp2", np.exp2, lambda ct, out, x: (multiply(ct, multiply(out, math.log(2))),))
cbrt_op = ufunc_op("cbrt", np.cbrt, lambda ct, out, x: (divide(ct, multiply(multiply(out, out), 3)),))
logaddexp2_op = ufunc_op("logaddexp2", np.logaddexp2, _logaddexp2_vjp)


def exp2(x: Any) -> Any:
    """2 to the power of x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.exp2(ag.constant([0.0, 3.0])).numpy()
        array([1., 8.], dtype=float32)
    """
    return apply(exp2_op, x)


def cbrt(x: Any) -> Any:
    """The cube root, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cbrt(ag.constant([8.0, -1.0])).numpy()
        array([ 2., -1.], dtype=float32)
    """
    return apply(cbrt_op, x)


def logaddexp2(x1: Any, x2: Any) -> Any:
    """`log2(2**x1 + 2**x2)` without overflow, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logaddexp2(ag.constant([1000.0]), 1000.0).numpy()
        array([1001.], dtype=float32)
    """
    return apply(logaddexp2_op, x1, x2)


def ldexp(x1: Any, x2: Any) -> Any:
    """`x1 * 2**x2`, element by element.

    Args:
        x1: tensor or number.
        x2: integer tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ldexp(ag.constant([1.5]), 2).numpy()
        array([6.], dtype=float32)
    """
    x = as_tensor(x1)
    x = x if x.dtype.is_inexact else astype(x, float64)
    return x * pow(2.0, astype(x2, x.dtype))


def rsqrt(x: Any) -> Any:
    """`1 / sqrt(x)`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.rsqrt(ag.constant([4.0])).numpy()
        array([0.5], dtype=float32)
    """
    return divide(1, sqrt(x))
