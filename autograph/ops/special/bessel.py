"""Bessel functions."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import cast_like, divide, multiply, negative, sign, subtract
from autograph.ops.comparison import equal
from autograph.ops.selection import where
from autograph.ops.special.scipy_functions import scipy_op
from autograph.runtime.apply import apply
from autograph.runtime.tensor import Tensor


def _over(out: Any, x: Any) -> Any:
    """`out / x`, where x is 0 its limit 1/2."""
    zero = equal(x, 0)
    return where(zero, cast_like(0.5, x), divide(out, where(zero, cast_like(1.0, x), x)))


def _i1e_vjp(ct: Tensor, out: Tensor, x: Tensor) -> tuple[Any, ...]:
    return (multiply(ct, subtract(subtract(i0e(x), _over(out, x)), multiply(sign(x), out))),)


i0_op = scipy_op("i0", lambda ct, out, x: (multiply(ct, i1(x)),))
i1_op = scipy_op("i1", lambda ct, out, x: (multiply(ct, subtract(i0(x), _over(out, x))),))
i0e_op = scipy_op("i0e", lambda ct, out, x: (multiply(ct, subtract(i1e(x), multiply(sign(x), out))),))
i1e_op = scipy_op("i1e", _i1e_vjp)
bessel_j0_op = scipy_op("bessel_j0", lambda ct, out, x: (negative(multiply(ct, bessel_j1(x))),), "j0")
bessel_j1_op = scipy_op("bessel_j1", lambda ct, out, x: (multiply(ct, subtract(bessel_j0(x), _over(out, x))),), "j1")


def i0(x: Any) -> Any:
    """The modified Bessel function of the first kind and order 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.i0(ag.constant([0.5, 1.0])).numpy()
        array([1.0634834, 1.2660658], dtype=float32)
    """
    return apply(i0_op, x)


def i1(x: Any) -> Any:
    """The modified Bessel function of the first kind and order 1, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.i1(ag.constant([0.5, 1.0])).numpy()
        array([0.2578943, 0.5651591], dtype=float32)
    """
    return apply(i1_op, x)


def i0e(x: Any) -> Any:
    """`exp(-|x|) * i0(x)`, without overflow, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.i0e(ag.constant([0.5, 1.0])).numpy()
        array([0.64503527, 0.4657596 ], dtype=float32)
    """
    return apply(i0e_op, x)


def i1e(x: Any) -> Any:
    """`exp(-|x|) * i1(x)`, without overflow, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.i1e(ag.constant([0.5, 1.0])).numpy()
        array([0.1564208 , 0.20791042], dtype=float32)
    """
    return apply(i1e_op, x)


def bessel_j0(x: Any) -> Any:
    """The Bessel function of the first kind and order 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.bessel_j0(ag.constant([0.5, 1.0])).numpy()
        array([0.9384698, 0.7651977], dtype=float32)
    """
    return apply(bessel_j0_op, x)


def bessel_j1(x: Any) -> Any:
    """The Bessel function of the first kind and order 1, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.bessel_j1(ag.constant([0.5, 1.0])).numpy()
        array([0.24226846, 0.44005057], dtype=float32)
    """
    return apply(bessel_j1_op, x)
