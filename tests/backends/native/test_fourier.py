"""Fourier transforms along any axis and of any size: NumPy's numbers, to the last bit in float64.

NumPy takes float32 through float64 where it has nothing to scale.
"""

import numpy as np
import pytest

import autograph as ag
from tests.backends.native.compare import close, same

fft = ag.ops.fft
X = np.random.default_rng(0).normal(size=(4, 5, 6))


def transforms(x, norm):
    found = []
    for axis in range(3):
        half = fft.rfft(x, axis=axis, norm=norm)
        found += [half, fft.irfft(half, n=7, axis=axis, norm=norm), fft.fft(x, axis=axis, norm=norm)]
    return *found, fft.ifftn(fft.fftn(x, axes=(0, 2), norm=norm), norm=norm)


@pytest.mark.parametrize(("norm", "dtype"), [("ortho", "float32"), ("backward", "float64"), ("forward", "float32")])
def test_transforms(norm, dtype):
    check = close if dtype == "float32" else same
    check(lambda x: transforms(x, norm), X.astype(dtype))


def test_sizes_that_the_graph_knows():
    run = lambda x: (fft.rfft(x, axis=0), fft.rfft(x), fft.fft(x, axis=1))  # noqa: E731
    same(run, X, open_sizes=True)
    same(run, X[..., :5], open_sizes=True)


def test_gradients():
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            spectrum = fft.rfft(ag.ops.sin(x))
            loss = ag.ops.sum(ag.ops.abs(spectrum) ** 2)
        return tape.gradient(loss, x)

    close(run, X, rtol=1e-9)
