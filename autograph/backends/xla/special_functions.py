"""Special functions on XLA: JAX's own where they are right to the last digits, and others."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.scipy import special

from autograph.backends.xla.bessel_functions import j0, j1
from autograph.backends.xla.exponential_integrals import exp1, expi
from autograph.backends.xla.incomplete_gamma import shares
from autograph.backends.xla.quantile_functions import beta_quantile, gamma_quantile, poisson_quantile
from autograph.backends.xla.rules import RULES
from autograph.ops.special.gamma_functions import LEAST_STEP, SLOPE_STEPS

_NAMES = {
    "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "gamma": "gamma", "i0": "i0", "i0e": "i0e", "i1": "i1",
    "i1e": "i1e", "ndtr": "ndtr", "ndtri": "ndtri",
}  # fmt: skip


_LARGE, _STEEP = 1e8, 1e3  # from here on two terms of the asymptotic series do, and one of the sum


def _digamma(x: Any) -> Any:
    """JAX's, with the pole at 0."""
    return jnp.where(x == 0, -jnp.copysign(jnp.inf, x), special.digamma(x))


def _lgamma(x: Any) -> Any:
    """JAX's, with SciPy's value at minus infinity."""
    return jnp.where(x == -jnp.inf, -jnp.inf, special.gammaln(x))


def _log_ndtr(x: Any) -> Any:
    """JAX's series for the lower tail; elsewhere from the complement, which keeps all digits."""
    return jnp.where(x > -1, jnp.log1p(special.erfc(x / math.sqrt(2)) * -0.5), special.log_ndtr(x, 10))


def _zeta(x: Any, q: Any) -> Any:
    """JAX's, with SciPy's values where it has others."""
    x, q = jnp.broadcast_arrays(x, q)
    large = (1 / (x - 1) + 1 / (2 * q)) * jnp.power(q, 1 - x)
    largest = jnp.power(jnp.where(q > 0, q, q - jnp.round(q)), -x)  # of the terms, beside which others are nothing
    made = jnp.where((x > _STEEP) & (q <= 1), largest, jnp.where(q > _LARGE, large, lax.zeta(x, q)))
    made = jnp.where((q <= 0) & (x != jnp.floor(x)), jnp.nan, made)
    made = jnp.where((q <= 0) & (q == jnp.floor(q)), jnp.inf, made)
    return jnp.where(x == 1, jnp.inf, jnp.where(x < 1, jnp.nan, made))


def _gammainc(a: Any, x: Any) -> Any:
    """The share below, by functions of this package: JAX's loses digits, or does not end for some operands."""
    return shares(a, x)[0]


def _gammaincc(a: Any, x: Any) -> Any:
    return shares(a, x)[1]


def _slope(function: Callable[[Any, Any], Any], pole: float, order: int) -> Callable[..., Any]:
    """A derivative in the first operand, which begins at a pole, by the differences that the reference takes."""

    def slope(x: Any, y: Any) -> Any:
        step = SLOPE_STEPS[order] * jnp.maximum(x - pole, LEAST_STEP)
        steps = jnp.stack(jnp.broadcast_arrays(step, step / 2, y)[:2])
        places = [x + steps, x - steps, x + 0 * steps][: order + 1]
        high, low, *middle = function(jnp.stack(places), y)
        changes = (high - 2 * middle[0] + low) / steps**2 if middle else (high - low) / (2 * steps)
        return (4 * changes[1] - changes[0]) / 3

    return slope


def _double(function: Any, *operands: Any) -> Any:
    """The function in float64."""
    return function(*[x.astype(jnp.float64) for x in operands])


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
_DOUBLE = {
    "bessel_j0": j0, "bessel_j1": j1, "beta_quantile": beta_quantile, "exp1": exp1, "expi": expi,
    "gamma_quantile": gamma_quantile,
    "gammainc": _gammainc, "gammainc_slope": _slope(_gammainc, 0.0, 1), "gammainc_slope2": _slope(_gammainc, 0.0, 2),
    "gammaincc": _gammaincc, "poisson_quantile": poisson_quantile, "zeta": _zeta, "zeta_slope": _slope(_zeta, 1.0, 1),
    "zeta_slope2": _slope(_zeta, 1.0, 2),
}  # fmt: skip
RULES.update({name: functools.partial(_double, function) for name, function in _DOUBLE.items()})
