"""Quantile functions: what makes a number of a distribution of one evenly spread in (0, 1).

Each result takes one number of the stream, so that a draw never depends on how often an earlier one was rejected.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from autograph.ops.rules import elementwise
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op


def _in_dtype(function: Any) -> Any:
    """A kernel that computes in float64 and gives the operands' dtype."""

    def kernel(xp: Any, *operands: Any) -> Any:
        dtype = np.result_type(*operands)
        with np.errstate(invalid="ignore"):  # NaN as an integer, where the operands are integers
            return np.asarray(function(*[np.asarray(x, np.float64) for x in operands])).astype(dtype, copy=False)

    return kernel


def _poisson(rate: Any, u: Any) -> Any:
    # pdtrik is the real number whose distribution function is u; rounding may lift it past the next integer.
    found = np.ceil(special.pdtrik(np.maximum(u, np.exp(-rate)), rate))
    lower = np.maximum(found - 1, 0)
    found = np.where(special.pdtr(lower, rate) >= u, lower, found)
    return np.where(u <= np.exp(-rate), 0.0, found)


def _op(name: str, function: Any, vjp: Any) -> Op:
    return Op(
        name,
        kind=Kind.ELEMENTWISE,
        infer=elementwise(np.add),
        kernel=_in_dtype(function),
        vjp=vjp,
        promotes=True,
    )


# Those that are one function of `scipy.special`.
QUANTILES = {"gamma_quantile": "gammaincinv", "beta_quantile": "betaincinv"}

gamma_quantile_op = _op("gamma_quantile", special.gammaincinv, NOT_DIFFERENTIABLE)
poisson_quantile_op = _op("poisson_quantile", _poisson, lambda ct, out, rate, u: (None, None))
beta_quantile_op = Op(
    "beta_quantile",
    kind=Kind.ELEMENTWISE,
    infer=lambda a, b, u: elementwise(np.add)(elementwise(np.add)(a, b), u),
    kernel=_in_dtype(special.betaincinv),
    vjp=NOT_DIFFERENTIABLE,
    promotes=True,
)
