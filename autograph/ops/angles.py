"""Angles in degrees and radians, of complex numbers; the cardinal sine."""

from __future__ import annotations

import math
from typing import Any

from autograph.ops.casts import astype
from autograph.ops.complex_parts import imag, real
from autograph.ops.creation import as_tensor
from autograph.ops.selection import where
from autograph.ops.trigonometry import atan2, sin
from autograph.runtime.dtypes import float64


def deg2rad(x: Any) -> Any:
    """Degrees as radians, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.deg2rad(ag.constant([180.0])).numpy()
        array([3.1415927], dtype=float32)
    """
    return as_tensor(x) * (math.pi / 180)


def rad2deg(x: Any) -> Any:
    """Radians as degrees, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.rad2deg(ag.constant([3.1415927])).numpy()
        array([180.], dtype=float32)
    """
    return as_tensor(x) * (180 / math.pi)


def angle(x: Any) -> Any:
    """The angle of complex numbers in radians, element by element.

    Args:
        x: tensor or number.

    Returns:
        A real tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.angle(ag.constant([1j, -1.0])).numpy()
        array([1.5707964, 3.1415927], dtype=float32)
    """
    z = as_tensor(x)
    z = z if z.dtype.is_inexact else astype(z, float64)
    return atan2(imag(z), real(z))


def sinc(x: Any) -> Any:
    """`sin(pi * x) / (pi * x)`, 1 at 0, element by element.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.sinc(ag.constant([0.0, 0.5])).numpy()
        array([1.        , 0.63661975], dtype=float32)
    """
    turn = as_tensor(x) * math.pi
    zero = turn == 0
    return where(zero, 1.0, sin(turn) / where(zero, 1.0, turn))
