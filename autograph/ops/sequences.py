"""Frames of long signals and their spectra, with the names and parameters of `keras.ops`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.arithmetic import add, multiply
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.complex_parts import imag, real
from autograph.ops.creation import as_tensor, asarray, zeros
from autograph.ops.exceptional import divide_no_nan
from autograph.ops.fft.real_signals import irfft, rfft
from autograph.ops.indexing import getitem, index_add
from autograph.ops.padding import pad, padded_axis
from autograph.ops.ranges import arange
from autograph.ops.rules import rank_of
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least, max_dim
from autograph.runtime.refusal import refuse

_COSINE = {"hann": 0.5, "hamming": 0.54}


def _places(count: Dim, stride: int, length: Dim) -> Any:
    """Where the elements of frames lie, [count, length]."""
    return add(multiply(reshape(arange(count), (-1, 1)), stride), arange(length))


def extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Any:
    """The frames of a signal, which may overlap.

    Args:
        x: tensor [..., n].
        sequence_length: how long a frame is.
        sequence_stride: how far the next frame begins from a frame's beginning.

    Returns:
        Tensor [..., frames, sequence_length]; an end that does not fill a frame is left out.

    Raises:
        ShapeError: the length or the stride is less than 1, or x is shorter than a frame.

    Example:
        >>> import autograph as ag
        >>> ag.ops.extract_sequences(ag.ops.arange(5), 3, 2).numpy()
        array([[0, 1, 2],
               [2, 3, 4]])
    """
    x = as_tensor(x)
    if sequence_length < 1 or sequence_stride < 1:
        refuse(ShapeError, f"frames of length {sequence_length} every {sequence_stride}", "give at least 1")
    if not x.ndim or known_at_least(x.type.shape[-1], sequence_length) is False:
        refuse(ShapeError, f"frames of length {sequence_length} of {x.type}", "pad it, or take shorter frames")
    count = (x.type.shape[-1] - sequence_length) // sequence_stride + 1
    return getitem(x, (Ellipsis, _places(count, sequence_stride, sequence_length)))


def _window(window: Any, length: int, fft_length: int, dtype: Any) -> Any:
    """A window for frames, with zeros around it up to the length of the transform."""
    if not 1 <= length <= fft_length:
        refuse(ShapeError, f"frames of length {length} for transforms of {fft_length} points", "give fewer, at least 1")
    if isinstance(window, str):
        if window not in _COSINE:
            raise ValueError(f"there is no window {window!r}: use 'hann', 'hamming', a tensor or None")
        mean = _COSINE[window]
        window = mean - (1 - mean) * np.cos(2 * np.pi * np.arange(length) / length)
    made = asarray(np.ones(length) if window is None else window, dtype)
    if made.type.shape != (length,):
        refuse(ShapeError, f"a window {made.type} for frames of length {length}", "give one number a place")
    before = (fft_length - length) // 2
    return padded_axis(made, 0, (before, fft_length - length - before))


def stft(
    x: Any, sequence_length: int, sequence_stride: int, fft_length: int, window: Any = "hann", center: bool = True
) -> tuple[Any, Any]:
    """The spectra of a real signal's frames.

    Args:
        x: real tensor [..., n].
        sequence_length: how long the window is.
        sequence_stride: how far the next frame begins from a frame's beginning.
        fft_length: how many points a transform has, at least the window's.
        window: what frames are multiplied by: "hann" or "hamming" (of that period), a tensor [sequence_length], or None
            for ones.
        center: whether frames lie around their places: the signal is continued by its mirror image.

    Returns:
        The real and the imaginary parts, each [..., frames, fft_length // 2 + 1].

    Raises:
        ShapeError: sizes do not fit.
        ValueError: there is no such window.

    Example:
        >>> import autograph as ag
        >>> real, imag = ag.ops.stft(ag.ops.ones((8,)), 4, 2, 4)
        >>> real.shape
        (5, 3)
    """
    x = as_tensor(x)
    if center:
        half = fft_length // 2
        x = pad(x, [(0, 0)] * (x.ndim - 1) + [(half, half)], mode="reflect")
    frames = extract_sequences(x, fft_length, sequence_stride)
    found = rfft(multiply(frames, _window(window, sequence_length, fft_length, frames.dtype)))
    return real(found), imag(found)


def istft(
    x: Sequence[Any],
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: Dim | None = None,
    window: Any = "hann",
    center: bool = True,
) -> Any:
    """The signal whose frames have these spectra, the inverse of `stft`.

    Where frames overlap, the result is the mean weighted by the squares of the window; where no window reaches it is 0.

    Args:
        x: the real and the imaginary parts, each [..., frames, fft_length // 2 + 1].
        sequence_length: as for `stft`.
        sequence_stride: as for `stft`.
        fft_length: as for `stft`.
        length: how long the signal is; as the frames say by default.
        window: as for `stft`.
        center: as for `stft`.

    Returns:
        A real tensor [..., n].

    Raises:
        ShapeError: sizes do not fit.
        ValueError: there is no such window.

    Source: Griffin and Lim, Signal estimation from modified short-time Fourier transform, 1984.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([1.0, 5.0, 2.0, 4.0, 3.0, 6.0, 0.0, 2.0])
        >>> bool(ag.ops.allclose(ag.ops.istft(ag.ops.stft(x, 4, 2, 4), 4, 2, 4), x, atol=1e-5))
        True
    """
    first, second = [as_tensor(part) for part in x]
    if rank_of(first) < 2:
        refuse(ShapeError, f"spectra {first.type}", "give [..., frames, points]")
    frames = irfft(add(first, multiply(second, 1j)), n=fft_length)
    weights = _window(window, sequence_length, fft_length, frames.dtype)
    *batch, count, _ = frames.type.shape
    total = (count - 1) * sequence_stride + fft_length
    places = _places(count, sequence_stride, fft_length)
    made = index_add(zeros((*batch, total), frames.dtype), (Ellipsis, places), multiply(frames, weights))
    squares = add(zeros((count, 1), frames.dtype), multiply(weights, weights))
    spread = index_add(zeros((total,), frames.dtype), (places,), squares)
    signal = divide_no_nan(made, spread)
    start = fft_length // 2 if center else 0
    size = total - 2 * start if length is None else length
    axis = len(batch)
    longer = padded_axis(signal, axis, (0, max_dim(start + size - total, 0)))
    return apply(slice_axis_op, longer, axis=axis, start=start, size=size)
