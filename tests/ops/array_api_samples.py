"""Operands for the ops of the array API standard's extensions; `samples.py` takes them in."""

import numpy as np

rng = np.random.default_rng(1)
A = rng.uniform(0.2, 0.9, (2, 3))
B = rng.uniform(0.2, 0.9, (2, 3))
SIGNED = np.array([[0.3, -0.7, 1.6], [-1.2, 2.4, -0.4]])
COMPLEX = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
SQUARE = rng.normal(size=(2, 3, 3))
SQUARE_COMPLEX = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.5, -1.0]])
POSITIVE = SQUARE @ np.swapaxes(SQUARE, -1, -2) + 2 * np.eye(3)
POSITIVE_COMPLEX = SQUARE_COMPLEX @ SQUARE_COMPLEX.conj().T + 2 * np.eye(3)
TALL = rng.normal(size=(4, 3))
WIDE = rng.normal(size=(3, 4))
RTOL = np.asarray(1e-6)

pair = [((A, B), {}), ((SIGNED, B), {})]
along = [((A,), {"axis": 1}), ((np.array([[2.0, 0.0, 3.0], [0.0, 1.5, 0.0]]),), {"axis": 1})]

ARRAY_API_SAMPLES = {
    "hypot": pair,
    "copysign": pair,
    "logaddexp": pair,
    "nextafter": pair,
    "signbit": [((SIGNED,), {})],
    "real": [((COMPLEX,), {}), ((SIGNED,), {})],
    "imag": [((COMPLEX,), {}), ((SIGNED,), {})],
    "conj": [((COMPLEX,), {}), ((SIGNED,), {})],
    "cumulative_prod": along,
    "recurrence": [((A, B), {"axis": 1}), ((A, B), {"axis": 0})],
    "searchsorted": [((np.array([1.0, 2.0, 2.0, 4.0]), A * 4), {"side": side}) for side in ("left", "right")],
    "sort": [((np.array([[3.0, 1.0, 2.0], [0.5, 0.7, 0.1]]),), {"axis": axis}) for axis in (0, 1)],
    "isin": [((np.array([1, 2, 5]), np.array([[5, 1]])), {})],
    "cholesky": [((POSITIVE,), {}), ((POSITIVE_COMPLEX,), {})],
    "positive_definite": [((POSITIVE,), {}), ((-POSITIVE,), {})],
    "eigh": [((POSITIVE,), {})],
    "svd": [
        ((SQUARE,), {"full": True}),
        ((TALL,), {"full": False}),
        ((WIDE,), {"full": False}),
    ],
    "qr": [
        ((SQUARE,), {"mode": "reduced"}),
        ((TALL,), {"mode": "reduced"}),
        ((WIDE,), {"mode": "complete"}),
        ((SQUARE_COMPLEX,), {"mode": "complete"}),
    ],
    "solve": [((SQUARE, TALL[:3]), {}), ((SQUARE_COMPLEX, WIDE + 1j), {}), ((SQUARE[0], SQUARE), {})],
    "inv": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {})],
    "det": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {}), ((SINGULAR,), {})],
    "cofactor": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {}), ((SINGULAR,), {})],
    "cofactor_slope": [((SQUARE, TALL[:3] * SQUARE), {}), ((SQUARE_COMPLEX, POSITIVE_COMPLEX), {})],
    "slogdet": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {})],
    "pinv": [((TALL, RTOL), {}), ((WIDE, RTOL), {}), ((SQUARE_COMPLEX[:2], RTOL), {})],
    "lu": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {})],
    "expm": [((SQUARE,), {}), ((SQUARE_COMPLEX,), {})],
    "fft": [
        ((COMPLEX,), {"axes": (1,), "inverse": False, "norm": "backward"}),
        ((COMPLEX,), {"axes": (0, 1), "inverse": True, "norm": "ortho"}),
    ],
    "rfft": [((SIGNED,), {"axis": 1, "norm": "backward"}), ((WIDE,), {"axis": 1, "norm": "ortho"})],
    "irfft": [
        ((COMPLEX,), {"size": 4, "axis": 1, "norm": "backward"}),
        ((COMPLEX,), {"size": 5, "axis": 1, "norm": "forward"}),
    ],
}

ARRAY_API_ELSEWHERE = {
    "eig": "its vectors have any phase: tests/ops/test_functions.py",
    "nonzero": "its size is bound in graphs only: tests/ops/test_data_sizes.py",
    "unique": "its size is bound in graphs only: tests/ops/test_data_sizes.py",
    "repeat_indices": "its size is bound in graphs only: tests/ops/test_data_sizes.py",
}
