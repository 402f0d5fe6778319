"""Comparisons, element by element."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.ops.rules import comparison
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least, known_equal
from autograph.runtime.op import Kind, Op


def _op(name: str, ufunc: np.ufunc, python: Callable[..., Any], dims: Callable[[Dim, Dim], builtins.bool | None]) -> Op:
    return Op(
        name,
        kind=Kind.ELEMENTWISE,
        infer=comparison,
        kernel=lambda xp, x, y: ufunc(x, y),
        vjp=lambda ct, out, x, y: (None, None),
        promotes=True,
        python=python,
        dims=dims,
    )


def _not(known: builtins.bool | None) -> builtins.bool | None:
    return None if known is None else not known


def _at_least(a: Dim, b: Dim) -> builtins.bool | None:
    """Whether one size is at least another, None where that depends on the sizes."""
    if known_at_least(a - b, 0):
        return True
    return False if known_at_least(b - a, 1) else None


equal_op = _op("equal", np.equal, operator.eq, known_equal)
not_equal_op = _op("not_equal", np.not_equal, operator.ne, lambda a, b: _not(known_equal(a, b)))
less_op = _op("less", np.less, operator.lt, lambda a, b: _not(_at_least(a, b)))
less_equal_op = _op("less_equal", np.less_equal, operator.le, lambda a, b: _at_least(b, a))
greater_op = _op("greater", np.greater, operator.gt, lambda a, b: _not(_at_least(b, a)))
greater_equal_op = _op("greater_equal", np.greater_equal, operator.ge, _at_least)


def equal(x: Any, y: Any) -> Any:
    """`x == y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.equal(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([False,  True, False])
    """
    return apply(equal_op, x, y)


def not_equal(x: Any, y: Any) -> Any:
    """`x != y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.not_equal(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([ True, False,  True])
    """
    return apply(not_equal_op, x, y)


def less(x: Any, y: Any) -> Any:
    """`x < y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.less(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([ True, False, False])
    """
    return apply(less_op, x, y)


def less_equal(x: Any, y: Any) -> Any:
    """`x <= y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.less_equal(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([ True,  True, False])
    """
    return apply(less_equal_op, x, y)


def greater(x: Any, y: Any) -> Any:
    """`x > y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.greater(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([False, False,  True])
    """
    return apply(greater_op, x, y)


def greater_equal(x: Any, y: Any) -> Any:
    """`x >= y`, element by element.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A bool tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.greater_equal(ag.constant([1.0, 2.0, 3.0]), 2).numpy()
        array([False,  True,  True])
    """
    return apply(greater_equal_op, x, y)
