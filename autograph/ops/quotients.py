"""Quotients rounded down, as the array API standard has them."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import divide, floor_divide_op
from autograph.ops.comparison import not_equal
from autograph.ops.logic import isinf
from autograph.ops.selection import where
from autograph.runtime.apply import apply
from autograph.runtime.op import get_op


def floor_divide(x: Any, y: Any) -> Any:
    """`x // y`; integers divided by zero raise ZeroDivisionError, element by element.

    Where one of two floats is infinite the result is their quotient, an infinity or a zero, as the array API standard
    says. The operator `//` gives NaN, or -1, where Python does.

    Args:
        x: tensor or number.
        y: tensor or number that broadcasts against x.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.floor_divide(ag.constant([7, -7]), 2).numpy()
        array([ 3, -4])
    """
    out = apply(floor_divide_op, x, y)
    if not out.dtype.is_floating or out.type.weak:
        return out
    quotient = apply(get_op("stop_gradient"), divide(x, y))
    return where(not_equal(isinf(x), isinf(y)), quotient, out)
