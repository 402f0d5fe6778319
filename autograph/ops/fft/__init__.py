"""Discrete Fourier transforms, with the names of the array API standard."""

from autograph.ops.fft.complex_signals import fft, fftn, ifft, ifftn
from autograph.ops.fft.frequencies import fftfreq, fftshift, ifftshift, rfftfreq
from autograph.ops.fft.real_signals import hfft, ihfft, irfft, irfftn, rfft, rfftn

__all__ = [
    "fft", "fftfreq", "fftn", "fftshift", "hfft", "ifft", "ifftn", "ifftshift", "ihfft", "irfft", "irfftn", "rfft",
    "rfftfreq", "rfftn",
]  # fmt: skip
