"""The frequencies of transforms, and their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.ops.creation import asarray
from autograph.ops.devices import on_device
from autograph.ops.extents import shape_of
from autograph.ops.manipulation import roll
from autograph.ops.rules import normalized_axis
from autograph.runtime.dtypes import DEFAULT_FLOAT, as_dtype


@on_device
def fftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of the elements of `fft`.

    Args:
        n: how many points.
        d: the distance of points.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        Tensor [n].

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.fftfreq(4).numpy()
        array([ 0.  ,  0.25, -0.5 , -0.25], dtype=float32)
    """
    return asarray(np.fft.fftfreq(n, d), as_dtype(dtype or DEFAULT_FLOAT))


@on_device
def rfftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Any:
    """The frequencies of the elements of `rfft`.

    Args:
        n: how many points.
        d: the distance of points.
        dtype: the dtype; float32 by default.
        device: the device; the default one where left out.

    Returns:
        Tensor [n // 2 + 1].

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.rfftfreq(4).numpy()
        array([0.  , 0.25, 0.5 ], dtype=float32)
    """
    return asarray(np.fft.rfftfreq(n, d), as_dtype(dtype or DEFAULT_FLOAT))


def fftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    """The zero frequency moved to the middle.

    Args:
        x: tensor.
        axes: the axis or axes; None for all.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.fftshift(ag.constant([0, 1, 2, -3, -2, -1])).numpy()
        array([-3, -2, -1,  0,  1,  2])
    """
    return _shifted(x, axes, lambda size: size // 2)


def ifftshift(x: Any, /, *, axes: int | Sequence[int] | None = None) -> Any:
    """The inverse of `fftshift`.

    Args:
        x: tensor.
        axes: the axis or axes; None for all.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.ifftshift(ag.constant([-3, -2, -1, 0, 1, 2])).numpy()
        array([ 0,  1,  2, -3, -2, -1])
    """
    return _shifted(x, axes, lambda size: -(size // 2))


def _shifted(x: Any, axes: int | Sequence[int] | None, by: Callable[[Any], Any]) -> Any:
    shape = shape_of(x)
    places = range(len(shape)) if axes is None else [axes] if isinstance(axes, int) else axes
    for axis in places:
        x = roll(x, by(shape[normalized_axis(axis, len(shape))]), axis)
    return x
