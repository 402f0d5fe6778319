"""Special functions on XLA, of JAX's own library."""

from __future__ import annotations

import functools
import math
from typing import Any

import jax.numpy as jnp
from jax.scipy import special

from autograph.backends.xla.rules import RULES

# JAX's exp1, gammainc, gammaincc and zeta need too long, or do not end for some operands: the reference computes these.
_NAMES = {
    "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "gamma": "gamma", "i0": "i0", "i0e": "i0e", "i1": "i1",
    "i1e": "i1e", "ndtr": "ndtr", "ndtri": "ndtri",
}  # fmt: skip


def _digamma(x: Any) -> Any:
    """JAX's, with the pole at 0."""
    return jnp.where(x == 0, -jnp.copysign(jnp.inf, x), special.digamma(x))


def _lgamma(x: Any) -> Any:
    """JAX's, with SciPy's value at minus infinity."""
    return jnp.where(x == -jnp.inf, -jnp.inf, special.gammaln(x))


def _log_ndtr(x: Any) -> Any:
    """JAX's series for the lower tail; elsewhere from the complement, which keeps all digits."""
    return jnp.where(x > -1, jnp.log1p(special.erfc(x / math.sqrt(2)) * -0.5), special.log_ndtr(x, 10))


def _wide(function: Any, *operands: Any) -> Any:
    """The function in float32 at least."""
    dtype = functools.reduce(jnp.promote_types, [x.dtype for x in operands])
    if not jnp.issubdtype(dtype, jnp.floating):
        dtype = jnp.dtype(jnp.float64)
    dtype = jnp.promote_types(dtype, jnp.float32)
    return function(*[x.astype(dtype) for x in operands])


for _name, _function in _NAMES.items():
    RULES[_name] = functools.partial(_wide, getattr(special, _function))
RULES["digamma"] = functools.partial(_wide, _digamma)
RULES["lgamma"] = functools.partial(_wide, _lgamma)
RULES["log_ndtr"] = functools.partial(_wide, _log_ndtr)
