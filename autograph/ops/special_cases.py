"""Functions with special cases in which the array API standard and NumPy differ: those of the standard."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import divide, floor_divide_op, sign_op
from autograph.ops.comparison import not_equal
from autograph.ops.logic import isinf, isnan
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


def sign(x: Any) -> Any:
    """-1, 0 or 1 by the sign of x; of a complex number its direction `x / abs(x)`, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape and dtype of x; NaN, in both parts, where a part of x is.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sign(ag.constant([-3.0])).numpy()
        array([-1.], dtype=float32)
    """
    out = apply(sign_op, x)
    return where(isnan(x), complex("nan+nanj"), out) if out.dtype.is_complex else out
