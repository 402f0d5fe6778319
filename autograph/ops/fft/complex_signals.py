"""Fourier transforms of complex numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.ops.fft.transforms import axes_and_sizes, axis_and_size, complex_operand, transformed
from autograph.runtime.dims import Dim


def fft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The discrete Fourier transform along an axis.

    Args:
        x: tensor; real ones count as complex.
        n: how many points; x is cut, or continued by zeros.
        axis: the axis.
        norm: which transform is divided by n: "backward" the inverse, "forward" this one, "ortho" both by the root.

    Returns:
        A complex tensor.

    Raises:
        ValueError: there is no such norm, or n is less than 1.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.fft(ag.constant([1.0, 1.0])).numpy()
        array([2.+0.j, 0.+0.j], dtype=complex64)
    """
    values = complex_operand(x, "fft")
    return transformed(values, *axis_and_size(values, n, axis, "fft"), False, norm)


def ifft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The inverse of `fft`.

    Args:
        x: tensor; real ones count as complex.
        n: how many points; x is cut, or continued by zeros.
        axis: the axis.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        ValueError: there is no such norm, or n is less than 1.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.ifft(ag.constant([2.0, 0.0])).numpy()
        array([1.+0.j, 1.+0.j], dtype=complex64)
    """
    values = complex_operand(x, "ifft")
    return transformed(values, *axis_and_size(values, n, axis, "ifft"), True, norm)


def fftn(
    x: Any, /, *, s: Sequence[Dim] | None = None, axes: Sequence[Dim] | None = None, norm: str = "backward"
) -> Any:
    """The discrete Fourier transform along several axes.

    Args:
        x: tensor; real ones count as complex.
        s: how many points along each axis; x is cut, or continued by zeros.
        axes: the axes; None for all, or the last ones if `s` is given.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.fftn(ag.ops.ones((2, 2))).numpy().real
        array([[4., 0.],
               [0., 0.]], dtype=float32)
    """
    values = complex_operand(x, "fftn")
    return transformed(values, *axes_and_sizes(values, s, axes), False, norm)


def ifftn(
    x: Any, /, *, s: Sequence[Dim] | None = None, axes: Sequence[Dim] | None = None, norm: str = "backward"
) -> Any:
    """The inverse of `fftn`.

    Args:
        x: tensor; real ones count as complex.
        s: how many points along each axis; x is cut, or continued by zeros.
        axes: the axes; None for all, or the last ones if `s` is given.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.ifftn(ag.ops.ones((2, 2))).numpy().real
        array([[1., 0.],
               [0., 0.]], dtype=float32)
    """
    values = complex_operand(x, "ifftn")
    return transformed(values, *axes_and_sizes(values, s, axes), True, norm)
