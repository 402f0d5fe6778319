"""Rounding, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import divide, multiply
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply
from autograph.runtime.op import Kind, Op

floor_op = ufunc_op("floor", np.floor, lambda ct, out, x: (None,))
ceil_op = ufunc_op("ceil", np.ceil, lambda ct, out, x: (None,))
trunc_op = ufunc_op("trunc", np.trunc, lambda ct, out, x: (None,))
round_op = Op(
    "round",
    kind=Kind.ELEMENTWISE,
    infer=lambda x: x,
    kernel=lambda xp, x: np.asarray(x) if np.asarray(x).dtype.kind in "iub" else np.rint(x),
    vjp=lambda ct, out, x: (None,),
    promotes=True,
    weakens=True,
)


def floor(x: Any) -> Any:
    """The largest integer at most x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.floor(ag.constant([1.5])).numpy()
        array([1.], dtype=float32)
    """
    return apply(floor_op, x)


def ceil(x: Any) -> Any:
    """The smallest integer at least x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ceil(ag.constant([1.5])).numpy()
        array([2.], dtype=float32)
    """
    return apply(ceil_op, x)


def trunc(x: Any) -> Any:
    """`x without its fraction`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.trunc(ag.constant([-1.5])).numpy()
        array([-1.], dtype=float32)
    """
    return apply(trunc_op, x)


def round(x: Any, decimals: int = 0) -> Any:
    """The nearest whole number, to even at a tie, element by element; integers stay as they are.

    Args:
        x: tensor or number.
        decimals: how many decimal digits stay.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.round(ag.constant([2.5])).numpy()
        array([2.], dtype=float32)
    """
    if not decimals:
        return apply(round_op, x)
    scale = 10.0 ** abs(decimals)
    larger, smaller = (multiply, divide) if decimals > 0 else (divide, multiply)
    return smaller(apply(round_op, larger(x, scale)), scale)
