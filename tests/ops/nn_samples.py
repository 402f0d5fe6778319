"""Operands for the ops of `ag.ops.nn` and `ag.ops.special`; `samples.py` takes them in."""

import numpy as np

rng = np.random.default_rng(2)
SIGNED = np.array([[0.3, -0.7, 1.6], [-1.2, 2.4, -0.4]])
POSITIVE = np.array([[0.3, 0.7, 1.6], [1.2, 2.4, 5.4]])
UNIT = np.array([[0.1, 0.25, 0.8], [0.5, 0.95, 0.6]])
IMAGE = rng.normal(size=(2, 5, 4, 2))
WINDOW = rng.normal(size=(3, 2, 2, 3))
GROUPED = rng.normal(size=(2, 1, 1, 4))
PADDING = ((1, 0), (2, 1))
SCORES = np.log(rng.dirichlet(np.ones(4), (2, 5)))
LABELS = np.array([[1, 1, 2], [3, 2, 0]])
LENGTHS = (np.array([3, 2]), np.array([5, 4]))

conv = {"strides": (1, 1), "padding": PADDING, "dilations": (1, 1), "spread": (1, 1), "groups": 1}
signed = [((SIGNED,), {})]
positive = [((POSITIVE,), {})]

NN_SAMPLES = {
    **dict.fromkeys(("erf", "erfc", "ndtr", "log_ndtr", "i0", "i1", "i0e", "i1e", "bessel_j0", "bessel_j1"), signed),
    **dict.fromkeys(("lgamma", "digamma", "gamma", "exp1", "expi"), positive),
    "erfinv": [((UNIT,), {})],
    "ndtri": [((UNIT,), {})],
    "zeta": [((np.full((2, 3), 2.5), POSITIVE), {})],
    **dict.fromkeys(("zeta_slope", "zeta_slope2"), [((np.full((2, 3), 2.5), POSITIVE), {})]),
    "gammainc": [((POSITIVE, UNIT), {})],
    "gammaincc": [((POSITIVE, UNIT), {})],
    **dict.fromkeys(("gammainc_slope", "gammainc_slope2"), [((POSITIVE, UNIT), {})]),
    "convolution": [
        ((IMAGE, WINDOW), conv),
        ((IMAGE, WINDOW), {**conv, "strides": (2, 3), "dilations": (2, 1)}),
        ((IMAGE, WINDOW), {**conv, "spread": (2, 3)}),
        ((IMAGE, WINDOW), {**conv, "spread": (2, 1), "strides": (1, 2), "padding": ((-1, 2), (0, -1))}),
        ((IMAGE, GROUPED), {**conv, "groups": 2, "strides": (2, 1)}),
    ],
    "ctc_loss": [((SCORES, LABELS, *LENGTHS), {"blank": 0})],
    "ctc_posterior": [((SCORES, LABELS, *LENGTHS), {"blank": 0})],
    "ctc_posterior_slope": [((SCORES, SCORES[:, ::-1].copy(), LABELS, *LENGTHS), {"blank": 0})],
    "ctc_decode": [
        ((SCORES, LENGTHS[1]), {"greedy": greedy, "width": 9, "paths": 2 - greedy, "merge": True, "blank": 0})
        for greedy in (True, False)
    ],
}
