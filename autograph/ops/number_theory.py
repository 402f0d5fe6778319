"""Common divisors and multiples, and bits that are set."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.ufuncs import ufunc_op
from autograph.runtime.apply import apply

gcd_op = ufunc_op("gcd", np.gcd, lambda ct, out, x, y: (None, None))
lcm_op = ufunc_op("lcm", np.lcm, lambda ct, out, x, y: (None, None))
bitwise_count_op = ufunc_op("bitwise_count", np.bitwise_count, lambda ct, out, x: (None,))


def gcd(x1: Any, x2: Any) -> Any:
    """The greatest common divisor, element by element.

    Args:
        x1: integer tensor or number.
        x2: integer tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.gcd(ag.constant([12, 7]), 8).numpy()
        array([4, 1])
    """
    return apply(gcd_op, x1, x2)


def lcm(x1: Any, x2: Any) -> Any:
    """The least common multiple, element by element.

    Args:
        x1: integer tensor or number.
        x2: integer tensor or number that broadcasts against x1.

    Returns:
        A tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.lcm(ag.constant([4, 7]), 6).numpy()
        array([12, 42])
    """
    return apply(lcm_op, x1, x2)


def bitwise_count(x: Any) -> Any:
    """How many bits of the absolute value are set, element by element.

    Args:
        x: integer tensor or number.

    Returns:
        A uint8 tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bitwise_count(ag.constant([7, 8])).numpy()
        array([3, 1], dtype=uint8)
    """
    return apply(bitwise_count_op, x)
