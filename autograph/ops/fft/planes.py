"""Fourier transforms along two axes, with NumPy's names and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.ops.fft.complex_signals import fftn, ifftn
from autograph.ops.fft.real_signals import irfftn, rfftn
from autograph.runtime.dims import Dim

Pair = Sequence[Dim]


def fft2(a: Any, s: Pair | None = None, axes: Pair = (-2, -1), norm: str = "backward") -> Any:
    """The discrete Fourier transform along two axes.

    Args:
        a: tensor; real ones count as complex.
        s: how many points along each axis; a is cut, or continued by zeros.
        axes: the axes.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.fft2(ag.ops.ones((2, 2))).numpy().real
        array([[4., 0.],
               [0., 0.]], dtype=float32)
    """
    return fftn(a, s=s, axes=axes, norm=norm)


def ifft2(a: Any, s: Pair | None = None, axes: Pair = (-2, -1), norm: str = "backward") -> Any:
    """The inverse of `fft2`.

    Args:
        a: tensor; real ones count as complex.
        s: how many points along each axis; a is cut, or continued by zeros.
        axes: the axes.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.ifft2(ag.ops.ones((2, 2))).numpy().real
        array([[1., 0.],
               [0., 0.]], dtype=float32)
    """
    return ifftn(a, s=s, axes=axes, norm=norm)


def rfft2(a: Any, s: Pair | None = None, axes: Pair = (-2, -1), norm: str = "backward") -> Any:
    """The transform `fft2` of real numbers, without the half that follows from the other.

    Args:
        a: real tensor.
        s: how many points along each axis; a is cut, or continued by zeros.
        axes: the axes; the last one is halved.
        norm: as for `fft`.

    Returns:
        A complex tensor, of size `n // 2 + 1` along the last of the axes.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.rfft2(ag.ops.ones((2, 4))).shape
        (2, 3)
    """
    return rfftn(a, s=s, axes=axes, norm=norm)


def irfft2(a: Any, s: Pair | None = None, axes: Pair = (-2, -1), norm: str = "backward") -> Any:
    """The inverse of `rfft2`.

    Args:
        a: tensor, the half of a transform of real numbers.
        s: how many points of the result along each axis; by default the last has twice the points less 2.
        axes: the axes.
        norm: as for `fft`.

    Returns:
        A real tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.irfft2(ag.ops.fft.rfft2(ag.ops.ones((2, 4)))).shape
        (2, 4)
    """
    return irfftn(a, s=s, axes=axes, norm=norm)
