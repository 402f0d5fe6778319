"""Rows of functions of signals, with NumPy, and plain loops over frames, as oracles."""

import numpy as np

from tests.ops.functions.row import row

rng = np.random.default_rng(9)
SIGNAL = rng.normal(size=23)
SIGNALS = rng.normal(size=(2, 19))
PLANE = rng.normal(size=(2, 3, 4))
WINDOW = rng.uniform(0.5, 1, 5)
COMPLEX = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))


def frames(x, length, stride):
    return np.stack([x[..., i : i + length] for i in range(0, x.shape[-1] - length + 1, stride)], -2)


def padded_window(window, length, points):
    if isinstance(window, str):
        window = {"hann": np.hanning, "hamming": np.hamming}[window](length + 1)[:-1]
    made = np.ones(length) if window is None else window
    before = (points - length) // 2
    return np.pad(made, (before, points - length - before))


def stft(x, length, stride, points, window="hann", center=True):
    if center:
        x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(points // 2, points // 2)], mode="reflect")
    found = np.fft.rfft(frames(x, points, stride) * padded_window(window, length, points))
    return found.real, found.imag


def istft(x, sequence_length, stride, points, length=None, window="hann", center=True):
    parts = np.fft.irfft(x[0] + 1j * x[1], points)
    weights = padded_window(window, sequence_length, points)
    total = (parts.shape[-2] - 1) * stride + points
    out, norm = np.zeros((*parts.shape[:-2], total)), np.zeros(total)
    for i in range(parts.shape[-2]):
        out[..., i * stride : i * stride + points] += parts[..., i, :] * weights
        norm[i * stride : i * stride + points] += weights**2
    out = np.where(norm == 0, 0, out / np.where(norm == 0, 1, norm))
    start = points // 2 if center else 0
    wanted = total - 2 * start if length is None else length
    out = np.pad(out, [(0, 0)] * (out.ndim - 1) + [(0, wanted)])
    return out[..., start : start + wanted]


def spectrum(*args, **kw):
    return list(stft(*args, **kw))


SIGNAL_FUNCTIONS = [
    row("extract_sequences", SIGNAL, 5, 2, oracle=frames),
    row("extract_sequences", SIGNALS, 4, 4, oracle=frames),
    row("stft", SIGNAL, 6, 2, 8, oracle=stft),
    row("stft", SIGNALS, 5, 3, 7, WINDOW, oracle=stft, open=(0,)),
    row("stft", SIGNALS, 8, 4, 8, "hamming", center=False, oracle=stft),
    row("istft", spectrum(SIGNAL, 6, 2, 8), 6, 2, 8, oracle=istft),
    row("istft", spectrum(SIGNALS, 5, 3, 8), 5, 3, 8, 17, "hamming", oracle=istft),
    row("istft", spectrum(SIGNALS, 8, 4, 8, None), 8, 4, 8, 40, None, False, oracle=istft),
    row("view_as_complex", rng.normal(size=(3, 2)), open=False, oracle=lambda x: x[..., 0] + 1j * x[..., 1]),
    row("view_as_real", COMPLEX, oracle=lambda x: np.stack([x.real, x.imag], -1)),
    row("fft.fft2", PLANE, oracle=np.fft.fft2),
    row("fft.ifft2", PLANE, (2, 5), (0, 2), "ortho", oracle=np.fft.ifft2),
    row("fft.rfft2", PLANE, axes=(0, 1), oracle=np.fft.rfft2),
    row("fft.irfft2", COMPLEX, (3, 4), oracle=np.fft.irfft2),
]
