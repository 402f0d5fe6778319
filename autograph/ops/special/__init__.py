"""Special functions, with the names of `scipy.special` (but `lgamma`, `bessel_j0`, `bessel_j1` for gammaln, j0, j1)."""

from autograph.ops.special.bessel import bessel_j0, bessel_j1, i0, i0e, i1, i1e
from autograph.ops.special.entropies import entr, expit, logit, rel_entr, xlog1py, xlogy
from autograph.ops.special.error_functions import erf, erfc, erfinv, log_ndtr, ndtr, ndtri
from autograph.ops.special.gamma_functions import (
    beta,
    betaln,
    digamma,
    gamma,
    gammainc,
    gammaincc,
    lgamma,
    polygamma,
    zeta,
)  # fmt: skip
from autograph.ops.special.integrals import exp1, expi

__all__ = [
    "bessel_j0", "bessel_j1", "beta", "betaln", "digamma", "entr", "erf", "erfc", "erfinv", "exp1", "expi", "expit",
    "gamma", "gammainc", "gammaincc", "i0", "i0e", "i1", "i1e", "lgamma", "log_ndtr", "logit", "ndtr", "ndtri",
    "polygamma", "rel_entr", "xlog1py", "xlogy", "zeta",
]  # fmt: skip
