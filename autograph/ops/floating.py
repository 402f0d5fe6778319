"""Functions of floating-point numbers and of their parts: sign, neighbours, lengths without overflow."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import cast_like, divide, multiply, subtract
from autograph.ops.comparison import equal
from autograph.ops.exponential import exp
from autograph.ops.selection import where
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply
from autograph.runtime.op import NOT_DIFFERENTIABLE
from autograph.runtime.tensor import Tensor


def _hypot_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    scale = divide(ct, where(equal(out, 0), cast_like(1.0, out), out))  # 0 at the origin, a subgradient
    return multiply(scale, x), multiply(scale, y)


def _copysign_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return multiply(ct, multiply(copysign(cast_like(1.0, x), x), copysign(cast_like(1.0, y), y))), None


def _logaddexp_vjp(ct: Tensor, out: Tensor, x: Tensor, y: Tensor) -> tuple[Any, ...]:
    return multiply(ct, _share(x, out)), multiply(ct, _share(y, out))


def _share(x: Tensor, out: Tensor) -> Any:
    # Infinite x and out are equal, and their difference is NaN.
    return exp(where(equal(x, out), cast_like(0.0, out), subtract(x, out)))


hypot_op = ufunc_op("hypot", np.hypot, _hypot_vjp)
copysign_op = ufunc_op("copysign", np.copysign, _copysign_vjp)
logaddexp_op = ufunc_op("logaddexp", np.logaddexp, _logaddexp_vjp)
nextafter_op = ufunc_op("nextafter", np.nextafter, NOT_DIFFERENTIABLE)
signbit_op = ufunc_op("signbit", np.signbit, lambda ct, out, x: (None,))


def hypot(x: Any, y: Any) -> Any:
    """`sqrt(x**2 + y**2)` without overflow, element by element; the gradient at the origin is 0.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.hypot(ag.constant([3.0]), 4.0).numpy()
        array([5.], dtype=float32)
    """
    return apply(hypot_op, x, y)


def copysign(x: Any, y: Any) -> Any:
    """The size of x with the sign of y, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.copysign(ag.constant([3.0]), -0.0).numpy()
        array([-3.], dtype=float32)
    """
    return apply(copysign_op, x, y)


def logaddexp(x: Any, y: Any) -> Any:
    """`log(exp(x) + exp(y))` without overflow, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logaddexp(ag.constant([1000.0]), 1000.0).numpy()
        array([1000.6932], dtype=float32)
    """
    return apply(logaddexp_op, x, y)


def nextafter(x: Any, y: Any) -> Any:
    """The next representable number after x towards y, element by element.

    Args:
        x: tensor of floats.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> (ag.ops.nextafter(ag.constant([1.0]), 2.0) - 1.0).numpy()
        array([1.1920929e-07], dtype=float32)
    """
    return apply(nextafter_op, x, y)


def signbit(x: Any) -> Any:
    """Whether the sign bit is set (of -0.0 too), element by element.

    Args:
        x: tensor of floats.

    Returns:
        A bool tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.signbit(ag.constant([-0.0, 0.0])).numpy()
        array([ True, False])
    """
    return apply(signbit_op, x)


def reciprocal(x: Any) -> Any:
    """`1 / x`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.reciprocal(ag.constant([4.0])).numpy()
        array([0.25], dtype=float32)
    """
    return divide(1, x)
