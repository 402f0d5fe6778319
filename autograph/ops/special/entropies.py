"""Logistic functions, and products with logarithms."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import negative
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import exp, log, log1p
from autograph.ops.selection import where


def expit(x: Any) -> Any:
    """`1 / (1 + exp(-x))`, without overflow, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.expit(ag.constant([0.0, 100.0])).numpy()
        array([0.5, 1. ], dtype=float32)
    """
    x = as_tensor(x)
    small = exp(negative(absolute(x)))
    return where(x >= 0, 1.0, small) / (small + 1)


def logit(p: Any) -> Any:
    """The x with `expit(x) == p`, element by element.

    Args:
        p: tensor or number, from 0 to 1.

    Returns:
        A tensor of the shape of p.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.logit(ag.constant([0.5, 0.75])).numpy()
        array([0.       , 1.0986123], dtype=float32)
    """
    p = as_tensor(p)
    return log(p) - log1p(-p)


def xlogy(x: Any, y: Any) -> Any:
    """`x * log(y)`, 0 where x is 0, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.xlogy(ag.constant([0.0, 2.0]), ag.constant([0.0, 1.0])).numpy()
        array([0., 0.], dtype=float32)
    """
    x, y = as_tensor(x), as_tensor(y)
    none = x == 0
    return x * log(where(none, 1.0, y))


def xlog1py(x: Any, y: Any) -> Any:
    """`x * log(1 + y)`, 0 where x is 0, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.xlog1py(ag.constant([0.0, 2.0]), ag.constant([-1.0, 0.0])).numpy()
        array([0., 0.], dtype=float32)
    """
    x, y = as_tensor(x), as_tensor(y)
    none = x == 0
    return x * log1p(where(none, 0.0, y))


def entr(x: Any) -> Any:
    """`-x * log(x)`, 0 at 0 and minus infinity below, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.entr(ag.constant([0.0, 1.0, 0.5])).numpy()
        array([-0.       , -0.       ,  0.3465736], dtype=float32)
    """
    x = as_tensor(x)
    return where(x < 0, -float("inf"), -xlogy(x, where(x < 0, 1.0, x)))


def rel_entr(x: Any, y: Any) -> Any:
    """`x * log(x / y)`, 0 where x is 0 and infinity out of range, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.special.rel_entr(ag.constant([0.0, 0.5]), 0.25).numpy()
        array([0.        , 0.34657359])
    """
    x, y = as_tensor(x), as_tensor(y)
    inside = (x > 0) & (y > 0)
    safe = where(inside, x, 1.0)
    value = safe * (log(safe) - log(where(inside, y, 1.0)))
    return where(inside, value, where((x == 0) & (y >= 0), safe * 0, float("inf")))
