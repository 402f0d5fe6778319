"""Discrete Fourier transforms, with the names of the array API standard."""

from autograph.ops.fft.complex_signals import fft, fftn, ifft, ifftn
from autograph.ops.fft.frequencies import fftfreq, fftshift, ifftshift, rfftfreq
from autograph.ops.fft.planes import fft2, ifft2, irfft2, rfft2
from autograph.ops.fft.real_signals import hfft, ihfft, irfft, irfftn, rfft, rfftn

__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "ifft", "ifft2", "ifftn", "ifftshift", "ihfft", "irfft",
    "irfft2", "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]  # fmt: skip
