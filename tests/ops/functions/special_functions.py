"""Rows of `ag.ops.special`, with SciPy as the oracle."""

import numpy as np
import scipy.special as sp

from tests.ops.functions.row import row

X = np.array([[0.3, -0.7, 1.6], [-1.2, 2.4, -0.4]])
POSITIVE = np.array([[0.3, 0.7, 1.6], [1.2, 2.4, 5.4]])
UNIT = np.array([[0.1, 0.25, 0.8], [0.5, 0.95, 0.6]])
OTHER = np.array([1.5, 0.5, 3.0])


def special(name, *args, oracle=None, **kw):
    return row(f"special.{name}", *args, oracle=oracle or getattr(sp, name), **kw)


SPECIAL_FUNCTIONS = [
    *[special(name, X) for name in ("erf", "erfc", "ndtr", "log_ndtr", "i0", "i1", "i0e", "i1e", "expit")],
    special("bessel_j0", X, oracle=sp.j0),
    special("bessel_j1", X, oracle=sp.j1),
    special("i1", np.array([0.0, 1.0])),
    special("bessel_j1", np.array([0.0, 1.0]), oracle=sp.j1),
    special("erfinv", UNIT * X / 3),
    special("ndtri", UNIT),
    special("logit", UNIT),
    special("lgamma", POSITIVE, oracle=sp.gammaln),
    special("lgamma", X, oracle=sp.gammaln),
    *[special(name, POSITIVE) for name in ("digamma", "gamma", "exp1", "expi", "entr")],
    *[special("polygamma", n, POSITIVE) for n in (0, 1, 2)],
    special("zeta", 2.5, POSITIVE),
    special("gammainc", POSITIVE, OTHER, rtol=1e-6),
    special("gammaincc", POSITIVE, OTHER, rtol=1e-6),
    special("beta", POSITIVE, OTHER),
    special("betaln", POSITIVE, OTHER),
    special("xlogy", X, POSITIVE),
    special("xlogy", np.array([0.0, 2.0]), np.array([0.0, 3.0]), grad=False),
    special("xlog1py", X, POSITIVE),
    special("rel_entr", POSITIVE, OTHER),
    special("rel_entr", np.array([0.0, -1.0, 1.0, 0.0]), np.array([1.0, 1.0, -1.0, -1.0]), grad=False),
]
