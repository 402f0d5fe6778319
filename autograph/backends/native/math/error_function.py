"""erf of float32: a polynomial up to 0.9, and 1 - exp(a polynomial) from there to 4, where it is 1.

The polynomials stand in tools/minimax.py.
"""

from __future__ import annotations

from autograph.backends.native.math.exponentials import SINGLE, power_of_two, reduce, small_exp
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import single

# Less 1, so that its largest term is exact.
_NEAR = (
    0.1283791667643692, -0.3761263497986061, 0.11283715032915963, -0.02686050846573884, 0.005203859166161016,
    -0.000817563937175494, 8.513104451224776e-05,
)  # fmt: skip
_FAR = (
    -0.00016644813741897843, -1.1277972400613827, -0.6369760882367477, -0.10411367357894667, 0.022315210150780772,
    -0.0030654894443859996, 0.0001982195529572751,
)  # fmt: skip


@single("erf")
def erf_single(x: Lane) -> Lane:
    size = abs(x).below(4.0)
    near = size.fma((size * size).polynomial(_NEAR), size)
    reduced = reduce(size.polynomial(_FAR), SINGLE)
    far = (-small_exp(reduced, SINGLE)).fma(power_of_two(reduced), 1.0)
    return (size < 0.9).select(near, far).signed_as(x)
