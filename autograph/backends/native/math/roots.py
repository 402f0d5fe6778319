"""cbrt: exp(log(x) / 3), in float64 made exact by one step of Newton's method."""

from __future__ import annotations

from autograph.backends.native.math.exponentials import SHORT, exp_of
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import double, single
from autograph.backends.native.math.logarithms import guarded, log_short


def _third(size: Lane) -> Lane:
    return exp_of(guarded(size, log_short(size)) * (1 / 3), SHORT)


@single("cbrt")
def cbrt_single(x: Lane) -> Lane:
    return _third(abs(x.double())).single().signed_as(x)


@double("cbrt")
def cbrt_double(x: Lane) -> Lane:
    """Tiny numbers are made larger by the cube of a power of two, so that the step sees all their digits."""
    size = abs(x)
    tiny = size < 2.0**-900
    size = tiny.select(size * 2.0**120, size)
    root = _third(size)
    square = root * root
    better = root - square.fma(root, -size) / (square * 3)
    found = (better > 0.0).select((size < float("inf")).select(better, root), root)
    return tiny.select(found * 2.0**-40, found).signed_as(x)
