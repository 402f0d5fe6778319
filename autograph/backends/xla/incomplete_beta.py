"""The shares of beta distributions on XLA: a continued fraction, and Stirling's formula for the density.

Source: DLMF 8.17.22 for the fraction.
"""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.incomplete_gamma import gamma_by_stirling, log_distance

_MOST = 500  # turns, of the fraction
_LEVELS = 4  # of it in one turn: on a GPU each costs a launch
_EPS = float(np.finfo(np.float64).eps)
_TINY = 1e-290  # stands for 0 in a denominator


def scale(a: Any, b: Any) -> Any:
    """What a density times x y is at its largest, of positive, finite numbers in float64."""
    n = a + b
    whole, first, second = gamma_by_stirling(jnp.stack([n, a, b]))
    return jnp.sqrt(a / n) * jnp.sqrt(b / (2 * math.pi)) * (whole / first / second)


def inner_shares(a: Any, b: Any, x: Any, y: Any, scale: Any) -> tuple[Any, Any]:
    """The share of the beta distribution that lies below x, and its density times x y, x^a y^b / B(a, b).

    Args:
        a: positive, finite numbers, float64.
        b: the same.
        x: numbers in [0, 1].
        y: 1 - x with all its digits.
        scale: that of a and b.
    """
    both, past = jnp.stack([a, b]), b * x - a * y
    far = log_distance(jnp.stack([past, -past]) / both, (a + b) / both * jnp.stack([x, y]))
    rate = jnp.exp(-a * far[0] - b * far[1]) * scale  # in which large factors have cancelled
    near = x * (a + b + 2) < a + 1
    first, second = jnp.where(near, a, b), jnp.where(near, b, a)
    share = rate / first * _fraction(first, second, jnp.where(near, x, y))
    return jnp.where(near, share, 1 - share), rate


def _fraction(a: Any, b: Any, x: Any) -> Any:
    """1 / (1 + d1 / (1 + d2 / (1 + …))), by Lentz's method."""

    def level(m: Any, even: bool, state: Any) -> Any:
        above, below, value, _ = state
        part = m * (b - m) / (a + 2 * m - 1) if even else -(a + m) * (a + b + m) / (a + 2 * m + 1)
        term = part * x / (a + 2 * m)
        above, below = _not_zero(1 + term / above), 1 / _not_zero(1 + term * below)
        return above, below, value * above * below, jnp.abs(above * below - 1)

    def turn(state: Any) -> Any:
        count, *rest = state
        for k in range(_LEVELS):
            m = (count * _LEVELS + k).astype(x.dtype)
            rest = level(m + 1, True, level(m, False, rest))
        return count + 1, *rest

    def goes_on(state: Any) -> Any:
        return (state[0] < _MOST) & jnp.any(state[-1] > 2 * _EPS)

    one = jnp.ones_like(x)
    value = lax.while_loop(goes_on, turn, (jnp.int32(0), one, 0 * one, one, one))[3]
    return 1 / value


def _not_zero(x: Any) -> Any:
    return jnp.where(jnp.abs(x) < _TINY, _TINY, x)
