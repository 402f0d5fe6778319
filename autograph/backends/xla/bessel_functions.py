"""Bessel functions of the first kind on XLA: means over a period near 0, asymptotic series further out.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 9.1.18, 9.1.21 and 9.2.5 to 9.2.10.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import jax.numpy as jnp

from autograph.ops.special.scipy_functions import scipy_function

_FAR = 25.0  # where the series takes over
_POINTS = 16  # on a quarter of the period: the means are exact to the last digits up to _FAR
_TERMS = 20


def _angles() -> list[float]:
    """The sines of the points of the mean."""
    return [math.sin(math.pi * (k + 0.5) / (2 * _POINTS)) for k in range(_POINTS)]


@functools.cache
def _scipy_rounds_angles() -> bool:
    """Whether SciPy's functions lose digits far from 0, as those before 1.18 do, which round the angle first."""
    return bool(abs(scipy_function("j0")(1e9) - 2.46874718862692e-05) > 1e-15)


def _wave(x: Any, order: int) -> Any:
    """A function far out, right or as wrong as the reference is, so that both say the same."""
    even, odd = _amplitudes(x, order)
    if _scipy_rounds_angles():
        angle = x - (2 * order + 1) * (math.pi / 4)
        return (even * jnp.cos(angle) - odd * jnp.sin(angle)) * jnp.sqrt(2 / math.pi / x)
    total, difference = jnp.sin(x) + jnp.cos(x), jnp.sin(x) - jnp.cos(x)  # the angle's cosine and sine, times √2
    wave = even * difference + odd * total if order else even * total - odd * difference
    return wave * jnp.sqrt(1 / math.pi / x)


def _amplitudes(x: Any, order: int) -> tuple[Any, Any]:
    """The asymptotic series of 9.2.9 and 9.2.10: even terms and odd ones, their signs in turn."""
    even, odd, term = jnp.zeros_like(x), jnp.zeros_like(x), jnp.ones_like(x)
    for k in range(_TERMS):
        sign = 1 if k // 2 % 2 == 0 else -1
        even, odd = (even + sign * term, odd) if k % 2 == 0 else (even, odd + sign * term)
        term = term * (4 * order**2 - (2 * k + 1) ** 2) / ((k + 1) * 8 * x)
    return even, odd


def j0(x: Any) -> Any:
    """Of order 0, of float64 numbers."""
    size = jnp.abs(x)
    near, far = jnp.minimum(size, _FAR), jnp.maximum(size, _FAR)
    mean = sum(jnp.cos(near * sine) for sine in _angles()) / _POINTS
    return jnp.where(size <= _FAR, mean, _wave(far, 0))


def j1(x: Any) -> Any:
    """Of order 1, of float64 numbers."""
    size = jnp.abs(x)
    near, far = jnp.minimum(size, _FAR), jnp.maximum(size, _FAR)
    mean = sum(sine * jnp.sin(near * sine) for sine in _angles()) / _POINTS
    return jnp.copysign(1.0, x) * jnp.where(size <= _FAR, mean, _wave(far, 1))
