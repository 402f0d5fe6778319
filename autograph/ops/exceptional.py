"""Infinities, NaN and zeros as divisors; numbers that are nearly equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import divide
from autograph.ops.casts import astype
from autograph.ops.complex_parts import imag
from autograph.ops.creation import as_tensor, ones_like
from autograph.ops.logic import isfinite, isinf, isnan, logical_and, logical_or
from autograph.ops.reductions import all as all_of
from autograph.ops.selection import where
from autograph.runtime.dtypes import float64


def divide_no_nan(x1: Any, x2: Any) -> Any:
    """`x1 / x2`, 0 where x2 is 0, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.divide_no_nan(ag.constant([1.0, 2.0]), ag.constant([0.0, 4.0])).numpy()
        array([0. , 0.5], dtype=float32)
    """
    divisor = as_tensor(x2)
    zero = divisor == 0
    return where(zero, 0, divide(x1, where(zero, 1, divisor)))


def heaviside(x1: Any, x2: Any) -> Any:
    """0 where x1 is negative, 1 where it is positive, x2 where it is 0, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.heaviside(ag.constant([-1.0, 0.0, 2.0]), 0.5).numpy()
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x = as_tensor(x1)
    x = x if x.dtype.is_inexact else astype(x, float64)
    return where(x < 0, 0.0, where(x > 0, 1.0, where(isnan(x), x, x2)))


def nan_to_num(x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Numbers in the place of NaN and infinities.

    Args:
        x: tensor or number.
        nan: what stands for NaN.
        posinf: what stands for infinity; the largest number of the dtype by default.
        neginf: what stands for minus infinity; the least number by default.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nan_to_num(ag.constant([float('nan'), 1.0])).numpy()
        array([0., 1.], dtype=float32)
    """
    x = as_tensor(x)
    if not x.dtype.is_floating:
        return x
    limits = np.finfo(x.dtype.numpy)
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    return where(isnan(x), nan, where(isinf(x), where(x > 0, ones_like(x) * high, ones_like(x) * low), x))


def isneginf(x: Any) -> Any:
    """Whether elements are minus infinity.

    Args:
        x: tensor or number.

    Returns:
        A bool tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isneginf(ag.constant([-float('inf'), 1.0])).numpy()
        array([ True, False])
    """
    return as_tensor(x) == -float("inf")


def isposinf(x: Any) -> Any:
    """Whether elements are infinity.

    Args:
        x: tensor or number.

    Returns:
        A bool tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isposinf(ag.constant([float('inf'), 1.0])).numpy()
        array([ True, False])
    """
    return as_tensor(x) == float("inf")


def isreal(x: Any) -> Any:
    """Whether elements have no imaginary part.

    Args:
        x: tensor or number.

    Returns:
        A bool tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isreal(ag.constant([1j, 2.0])).numpy()
        array([False,  True])
    """
    return imag(as_tensor(x)) == 0


def isclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Whether numbers are nearly equal, element by element.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.
        rtol: how far apart they may be, as a share of the size of x2.
        atol: and besides that.
        equal_nan: whether NaN counts as equal to NaN.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isclose(ag.constant([1.0, 2.0]), ag.constant([1.000001, 2.1])).numpy()
        array([ True, False])
    """
    a, b = as_tensor(x1), as_tensor(x2)
    a, b = [x if x.dtype.is_inexact else astype(x, float64) for x in (a, b)]
    finite = logical_and(isfinite(a), isfinite(b))
    off = absolute(where(finite, a - b, 0))
    size = absolute(where(isfinite(b), b, 0))
    near = where(finite, off <= size * rtol + atol, a == b)
    return logical_or(near, logical_and(isnan(a), isnan(b))) if equal_nan else near


def allclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Whether all numbers are nearly equal.

    Args:
        x1: tensor or number.
        x2: tensor or number that broadcasts against x1.
        rtol: how far apart they may be, as a share of the size of x2.
        atol: and besides that.
        equal_nan: whether NaN counts as equal to NaN.

    Returns:
        A bool scalar.

    Example:
        >>> import autograph as ag
        >>> ag.ops.allclose(ag.constant([1.0, 2.0]), ag.constant([1.000001, 2.0])).numpy()
        array(True)
    """
    return all_of(isclose(x1, x2, rtol, atol, equal_nan))
