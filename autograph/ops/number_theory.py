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
        >>> ag.constant([12, 7]), 8
        (Tensor([12,  7], shape=(2,), dtype=int64), 8)
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
        >>> ag.constant([4, 7]), 6
        (Tensor([4, 7], shape=(2,), dtype=int64), 6)
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
        >>> ag.constant([7, 8])
        Tensor([7, 8], shape=(2,), dtype=int64)
    """
    return apply(bitwise_count_op, x)
