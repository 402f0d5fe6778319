"""The exponential integrals on XLA: series near 0, further out a continued fraction and an asymptotic series.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 5.1.10, 5.1.11, 5.1.22 and 5.1.51.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

_NEAR, _FAR = 1.0, 50.0  # where the fraction, and the asymptotic series, take over
_FEW, _MANY = 24, 200  # terms of the series up to these
_DEPTH = 140


def exp1(x: Any) -> Any:
    """The integral of exp(-t) / t from x on, of float64 numbers that are not negative."""
    near = jnp.clip(x, 0, _NEAR)
    far = jnp.clip(x, _NEAR, None)
    series = -np.euler_gamma - jnp.log(near) - _series(-near, _FEW)
    rest = lax.fori_loop(0, _DEPTH, _deeper(far), jnp.zeros_like(far))
    fraction = jnp.exp(-far) / (far + 1 - rest)
    made = jnp.where(x <= _NEAR, series, jnp.where(x == jnp.inf, 0, fraction))
    return jnp.where((x < 0) | jnp.isnan(x), jnp.nan, made)


def _deeper(x: Any) -> Callable[[Any, Any], Any]:
    """One level of the fraction 1 / (x + 1 - 1 / (x + 3 - 4 / (x + 5 - ...))), from within."""

    def level(turn: Any, rest: Any) -> Any:
        k = (_DEPTH - turn).astype(x.dtype)
        return k * k / (x + 2 * k + 1 - rest)

    return level


def _series(x: Any, terms: int) -> Any:
    """The sum of x^k / (k k!) from k = 1 on."""

    def add(k: Any, both: Any) -> Any:
        power, total = both
        k = k.astype(x.dtype)
        power = power * x / k
        return power, total + power / k

    return lax.fori_loop(1, terms + 1, add, (jnp.ones_like(x), jnp.zeros_like(x)))[1]


def expi(x: Any) -> Any:
    """Minus the integral of exp(-t) / t from -x on, of float64 numbers."""
    near, far = jnp.clip(x, 0, _FAR), jnp.clip(x, _FAR, 1e300)
    series = np.euler_gamma + jnp.log(near) + _series(near, _MANY)
    tail = jnp.ones_like(far)
    for k in range(int(_FAR), 0, -1):
        tail = 1 + k * tail / far
    above = jnp.where(x > _FAR, jnp.exp(far) / far * tail, series)
    return jnp.where(x > 0, above, -exp1(-x))
