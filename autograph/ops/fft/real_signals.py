"""Fourier transforms between real numbers and the half of their frequencies that decides the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.ops.complex_parts import conj
from autograph.ops.extents import shape_of
from autograph.ops.fft.transforms import (
    OPPOSITE,
    axes_and_sizes,
    axis_and_size,
    complex_operand,
    fitted,
    irfft_op,
    real_operand,
    required_norm,
    rfft_op,
    transformed,
)
from autograph.ops.rules import normalized_axis, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim


def rfft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The discrete Fourier transform of real numbers: its first half, of which the other is the mirror image.

    Args:
        x: real tensor.
        n: how many points; x is cut, or continued by zeros.
        axis: the axis.
        norm: as for `fft`.

    Returns:
        A complex tensor with n // 2 + 1 elements along the axis.

    Raises:
        DTypeError: x is complex.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.rfft(ag.constant([1.0, 1.0, 1.0])).numpy().real
        array([3., 0.], dtype=float32)
    """
    values = real_operand(x, "rfft")
    (place,), (size,) = axis_and_size(values, n, axis, "rfft")
    return apply(rfft_op, fitted(values, place, size), axis=place, norm=required_norm(norm))


def irfft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The inverse of `rfft`.

    Args:
        x: tensor, the first half of frequencies.
        n: how many points the result has along the axis; by default `2 * (size - 1)`.
        axis: the axis.
        norm: as for `fft`.

    Returns:
        A real tensor.

    Raises:
        ValueError: n is less than 1.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.irfft(ag.constant([3.0, 0.0]), n=3).numpy()
        array([1., 1., 1.], dtype=float32)
    """
    values = complex_operand(x, "irfft")
    place = normalized_axis(axis, rank_of(values))
    size = 2 * (shape_of(values)[place] - 1) if n is None else n
    if isinstance(size, int) and size < 1:
        raise ValueError(f"a transform to {size} points; there has to be one at least")
    return apply(irfft_op, fitted(values, place, size // 2 + 1), size=size, axis=place, norm=required_norm(norm))


def rfftn(
    x: Any, /, *, s: Sequence[Dim] | None = None, axes: Sequence[Dim] | None = None, norm: str = "backward"
) -> Any:
    """The discrete Fourier transform of real numbers along several axes, of which the last is halved.

    Args:
        x: real tensor.
        s: how many points along each axis; x is cut, or continued by zeros.
        axes: the axes; None for all, or the last ones if `s` is given.
        norm: as for `fft`.

    Returns:
        A complex tensor.

    Raises:
        DTypeError: x is complex.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.rfftn(ag.ops.ones((2, 2))).numpy().real
        array([[4., 0.],
               [0., 0.]], dtype=float32)
    """
    values = real_operand(x, "rfftn")
    places, sizes = axes_and_sizes(values, s, axes)
    last = rfft(values, n=sizes[-1], axis=places[-1], norm=norm)
    return transformed(last, places[:-1], sizes[:-1], False, norm)


def irfftn(
    x: Any, /, *, s: Sequence[Dim] | None = None, axes: Sequence[Dim] | None = None, norm: str = "backward"
) -> Any:
    """The inverse of `rfftn`.

    Args:
        x: tensor, with the first half of frequencies along the last axis.
        s: how many points the result has along each axis.
        axes: the axes; None for all, or the last ones if `s` is given.
        norm: as for `fft`.

    Returns:
        A real tensor.

    Raises:
        ShapeError: axes do not exist, occur twice, or differ in number from the sizes.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.irfftn(ag.constant([[4.0, 0.0], [0.0, 0.0]]), s=(2, 2)).numpy()
        array([[1., 1.],
               [1., 1.]], dtype=float32)
    """
    values = complex_operand(x, "irfftn")
    places, sizes = axes_and_sizes(values, s, axes)
    first = transformed(values, places[:-1], sizes[:-1], True, norm)
    return irfft(first, n=None if s is None else s[-1], axis=places[-1], norm=norm)


def hfft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The Fourier transform of a signal whose second half mirrors the first, conjugated: real numbers.

    Args:
        x: tensor, the first half of the signal.
        n: how many points the result has along the axis; by default `2 * (size - 1)`.
        axis: the axis.
        norm: as for `fft`.

    Returns:
        A real tensor.

    Raises:
        ValueError: n is less than 1.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.hfft(ag.constant([1.0, 1.0])).numpy()
        array([2., 0.], dtype=float32)
    """
    return irfft(conj(complex_operand(x, "hfft")), n=n, axis=axis, norm=OPPOSITE[required_norm(norm)])


def ihfft(x: Any, /, *, n: Dim | None = None, axis: int = -1, norm: str = "backward") -> Any:
    """The inverse of `hfft`.

    Args:
        x: real tensor.
        n: how many points; x is cut, or continued by zeros.
        axis: the axis.
        norm: as for `fft`.

    Returns:
        A complex tensor with n // 2 + 1 elements along the axis.

    Raises:
        DTypeError: x is complex.

    Example:
        >>> import autograph as ag
        >>> ag.ops.fft.ihfft(ag.constant([2.0, 0.0])).numpy().real
        array([1., 1.], dtype=float32)
    """
    return conj(rfft(x, n=n, axis=axis, norm=OPPOSITE[required_norm(norm)]))
