"""Logic and bits, element by element."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.ops.number_limits import shift_count
from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply
from autograph.runtime.op import Op


def _op(name: str, ufunc: np.ufunc, python: Callable[..., Any] | None, count: int = 2, requires: Any = None) -> Op:
    none = (None,) * count
    return ufunc_op(name, ufunc, lambda *_: none, promotes=count == 2, python=python, requires=requires)


def _both(x: Any, y: Any) -> bool:
    return bool(x) and bool(y)


def _either(x: Any, y: Any) -> bool:
    return bool(x) or bool(y)


logical_and_op = _op("logical_and", np.logical_and, _both)
logical_or_op = _op("logical_or", np.logical_or, _either)
logical_xor_op = _op("logical_xor", np.logical_xor, lambda x, y: bool(x) != bool(y))
logical_not_op = _op("logical_not", np.logical_not, operator.not_, 1)
bitwise_and_op = _op("bitwise_and", np.bitwise_and, operator.and_)
bitwise_or_op = _op("bitwise_or", np.bitwise_or, operator.or_)
bitwise_xor_op = _op("bitwise_xor", np.bitwise_xor, operator.xor)
bitwise_left_shift_op = _op("bitwise_left_shift", np.left_shift, operator.lshift, requires=shift_count)
bitwise_right_shift_op = _op("bitwise_right_shift", np.right_shift, operator.rshift, requires=shift_count)
bitwise_invert_op = _op("bitwise_invert", np.invert, None, 1)
isnan_op = _op("isnan", np.isnan, None, 1)
isinf_op = _op("isinf", np.isinf, None, 1)
isfinite_op = _op("isfinite", np.isfinite, None, 1)


def logical_and(x: Any, y: Any) -> Any:
    """`x and y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logical_and(ag.constant([True, False]), ag.constant([True, True])).numpy()
        array([ True, False])
    """
    return apply(logical_and_op, x, y)


def logical_or(x: Any, y: Any) -> Any:
    """`x or y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logical_or(ag.constant([True, False]), ag.constant([True, True])).numpy()
        array([ True,  True])
    """
    return apply(logical_or_op, x, y)


def logical_xor(x: Any, y: Any) -> Any:
    """Exactly one of x and y, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logical_xor(ag.constant([True, False]), ag.constant([True, True])).numpy()
        array([False,  True])
    """
    return apply(logical_xor_op, x, y)


def logical_not(x: Any) -> Any:
    """Not x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.logical_not(ag.constant([True, False])).numpy()
        array([False,  True])
    """
    return apply(logical_not_op, x)


def bitwise_and(x: Any, y: Any) -> Any:
    """`x & y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_and(ag.constant([6, 5]), 3).numpy()
        array([2, 1])
    """
    return apply(bitwise_and_op, x, y)


def bitwise_or(x: Any, y: Any) -> Any:
    """`x | y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_or(ag.constant([6, 5]), 3).numpy()
        array([7, 7])
    """
    return apply(bitwise_or_op, x, y)


def bitwise_xor(x: Any, y: Any) -> Any:
    """`x ^ y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_xor(ag.constant([6, 5]), 3).numpy()
        array([5, 6])
    """
    return apply(bitwise_xor_op, x, y)


def bitwise_left_shift(x: Any, y: Any) -> Any:
    """`x << y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_left_shift(ag.constant([6, 5]), 3).numpy()
        array([48, 40])
    """
    return apply(bitwise_left_shift_op, x, y)


def bitwise_right_shift(x: Any, y: Any) -> Any:
    """`x >> y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_right_shift(ag.constant([6, 5]), 3).numpy()
        array([0, 0])
    """
    return apply(bitwise_right_shift_op, x, y)


def bitwise_invert(x: Any) -> Any:
    """~x, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_invert(ag.constant([0, 5])).numpy()
        array([-1, -6])
    """
    return apply(bitwise_invert_op, x)


def isnan(x: Any) -> Any:
    """Whether x is NaN, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isnan(ag.constant([float("nan"), float("inf"), 0.0])).numpy()
        array([ True, False, False])
    """
    return apply(isnan_op, x)


def isinf(x: Any) -> Any:
    """Whether x is an infinity, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isinf(ag.constant([float("nan"), float("inf"), 0.0])).numpy()
        array([False,  True, False])
    """
    return apply(isinf_op, x)


def isfinite(x: Any) -> Any:
    """Whether x is neither NaN nor an infinity, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isfinite(ag.constant([float("nan"), float("inf"), 0.0])).numpy()
        array([False, False,  True])
    """
    return apply(isfinite_op, x)
