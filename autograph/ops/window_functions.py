"""Window functions of signal processing."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.creation import asarray
from autograph.runtime.dtypes import DEFAULT_FLOAT
from autograph.runtime.refusal import refuse


def _window(made: Any, x: int) -> Any:
    if x < 0:
        refuse(ShapeError, f"a window of {x} points", "give at least 0")
    return asarray(made, DEFAULT_FLOAT)


def bartlett(x: int) -> Any:
    """The triangle that begins and ends at 0.

    Args:
        x: how many points.

    Returns:
        float32 tensor [x].

    Raises:
        ShapeError: x is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bartlett(3).numpy()
        array([0., 1., 0.], dtype=float32)
    """
    return _window(np.bartlett(max(x, 0)), x)


def blackman(x: int) -> Any:
    """The sum of three cosines by Blackman.

    Args:
        x: how many points.

    Returns:
        float32 tensor [x].

    Raises:
        ShapeError: x is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.blackman(3).numpy()
        array([-1.3877788e-17,  1.0000000e+00, -1.3877788e-17], dtype=float32)
    """
    return _window(np.blackman(max(x, 0)), x)


def hamming(x: int) -> Any:
    """The raised cosine by Hamming.

    Args:
        x: how many points.

    Returns:
        float32 tensor [x].

    Raises:
        ShapeError: x is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.hamming(3).numpy()
        array([0.08, 1.  , 0.08], dtype=float32)
    """
    return _window(np.hamming(max(x, 0)), x)


def hanning(x: int) -> Any:
    """The raised cosine by von Hann, which begins and ends at 0.

    Args:
        x: how many points.

    Returns:
        float32 tensor [x].

    Raises:
        ShapeError: x is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.hanning(3).numpy()
        array([0., 1., 0.], dtype=float32)
    """
    return _window(np.hanning(max(x, 0)), x)


def kaiser(x: int, beta: float) -> Any:
    """The window by Kaiser, of Bessel functions.

    Args:
        x: how many points.
        beta: how narrow it is; 0 gives a rectangle.

    Returns:
        float32 tensor [x].

    Raises:
        ShapeError: x is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.kaiser(3, 2.0).numpy()
        array([0.43867627, 1.        , 0.43867627], dtype=float32)
    """
    return _window(np.kaiser(max(x, 0), beta), x)
