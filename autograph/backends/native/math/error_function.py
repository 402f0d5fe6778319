"""erf of float32, in float64: a polynomial up to 1, and 1 - exp(a polynomial) from there to 4, where it is 1.

The polynomials stand in tools/minimax.py.
"""

from __future__ import annotations

from autograph.backends.native.math.exponentials import SHORT, exp_of
from autograph.backends.native.math.lane import Lane
from autograph.backends.native.math.library import single

_NEAR = (
    1.1283791670580232, -0.37612638434656376, 0.11283781974190386, -0.0268654000471757, 0.005220945446847354,
    -0.0008482829045118924, 0.0001125694931814652, -9.641519987628071e-06,
)  # fmt: skip
_FAR = (
    0.00020206374956189933, -1.1296493368282436, -0.6330657556028316, -0.10860657324507157, 0.025348905459828004,
    -0.004270626641872694, 0.00046035497331812895, -2.4753759085732153e-05, 2.1205166822696143e-07,
)  # fmt: skip


@single("erf")
def erf_single(x: Lane) -> Lane:
    size = abs(x.double()).below(4.0)
    near = size * (size * size).polynomial(_NEAR)
    far = 1 - exp_of(size.polynomial(_FAR), SHORT)
    return (size < 1.0).select(near, far).single().signed_as(x)
