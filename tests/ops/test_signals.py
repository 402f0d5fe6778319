"""What functions of signals refuse."""

import numpy as np
import pytest

import autograph as ag

ops = ag.ops
X = np.arange(6.0)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: ops.extract_sequences(X, 0, 1), ag.errors.ShapeError, "frames of length 0 every 1"),
        (lambda: ops.extract_sequences(X, 7, 1), ag.errors.ShapeError, "frames of length 7 of f64[6]"),
        (lambda: ops.stft(X, 5, 1, 4), ag.errors.ShapeError, "frames of length 5 for transforms of 4 points"),
        (lambda: ops.stft(X, 4, 1, 4, "flat"), ValueError, "there is no window 'flat'"),
        (lambda: ops.stft(X, 4, 1, 4, np.ones(3)), ag.errors.ShapeError, "a window f64[3] for frames of length 4"),
        (lambda: ops.istft((X, X), 4, 1, 4), ag.errors.ShapeError, "spectra f64[6]"),
        (lambda: ops.view_as_complex(X), ag.errors.ShapeError, "complex numbers of a tensor of shape"),
    ],
)
def test_refusals(call, kind, text):
    with pytest.raises(kind) as caught:
        call()
    assert text in str(caught.value)
