"""Special functions on XLA, of JAX's own library."""

from __future__ import annotations

import functools
from typing import Any

import jax.numpy as jnp
from jax.scipy import special

from autograph.backends.xla.rules import RULES

_NAMES = {
    "digamma": "digamma", "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "exp1": "exp1", "expi": "expi",
    "gamma": "gamma", "gammainc": "gammainc", "gammaincc": "gammaincc", "i0": "i0", "i0e": "i0e", "i1": "i1",
    "i1e": "i1e", "lgamma": "gammaln", "log_ndtr": "log_ndtr", "ndtr": "ndtr", "ndtri": "ndtri", "zeta": "zeta",
}  # fmt: skip


def _wide(function: Any, *operands: Any) -> Any:
    """The function in float32 at least."""
    dtype = functools.reduce(jnp.promote_types, [x.dtype for x in operands])
    if not jnp.issubdtype(dtype, jnp.floating):
        dtype = jnp.dtype(jnp.float64)
    dtype = jnp.promote_types(dtype, jnp.float32)
    return function(*[x.astype(dtype) for x in operands])


for _name, _function in _NAMES.items():
    RULES[_name] = functools.partial(_wide, getattr(special, _function))
