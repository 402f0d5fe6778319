"""Quantile functions on XLA: Newton's method on logarithms, and whole numbers between bounds that close in.

The logarithms of a gamma distribution's shares are concave in log(x), and those of a beta distribution's in
log(x / (1 - x)), so that Newton's method on them converges from everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy import special

from autograph.backends.xla import incomplete_beta
from autograph.backends.xla.incomplete_gamma import inner_shares, shares

_LONGEST = 2.0  # step
_CLOSE = 1e-8  # a step after which what is left is its square
_TURNS = 100
_TINY = float(np.finfo(np.float64).tiny)
_MOST = 2.0**62  # beyond, no whole number is sought


def gamma_quantile(a: Any, u: Any) -> Any:
    """What the share u of the gamma distribution with parameter a lies below, of float64 numbers."""
    a, u = jnp.broadcast_arrays(a, u)
    inside = (a > 0) & (a < jnp.inf) & (u > 0) & (u < 1)
    found = _newton(jnp.where(inside, a, 1.0), jnp.where(inside, u, 0.5))
    end = jnp.where((u == 0) & (a >= 0), 0.0, jnp.where((u == 1) & (a >= 0), jnp.inf, jnp.nan))
    return jnp.where(inside, found, end)


def _newton(a: Any, u: Any) -> Any:
    """The quantile for a positive, finite parameter and a share in (0, 1)."""
    is_low = u <= 0.5
    wanted = jnp.where(is_low, u, 1 - u)

    def turn(state: Any) -> Any:
        count, x, _ = state
        below, above, rate = inner_shares(a, jnp.maximum(x, _TINY))
        share = jnp.where(is_low, below, above)
        step = jnp.clip(jnp.log(wanted / share) * share / rate, -_LONGEST, _LONGEST)
        step = jnp.where((share > 0) & (rate > 0), step, _LONGEST / 2)
        step = jnp.where(is_low, step, -step)
        moved = x * jnp.exp(step)
        return count + 1, moved, jnp.any((jnp.abs(step) > _CLOSE) & (moved != x))

    return lax.while_loop(_goes_on, turn, (jnp.int32(0), _gamma_start(a, u), jnp.bool_(True)))[1]


def _goes_on(state: Any) -> Any:
    return state[-1] & (state[0] < _TURNS)


def _gamma_start(a: Any, u: Any) -> Any:
    """By the cube root, which is nearly normal; where that is no use, by the first term of the series."""
    root = 1 - 1 / (9 * a) + special.ndtri(u) / (3 * jnp.sqrt(a))
    first = jnp.exp((jnp.log(u) + special.gammaln(a + 1)) / a)
    return jnp.where((a < 1) | (root < 0.3), first, a * root**3)


def beta_quantile(a: Any, b: Any, u: Any) -> Any:
    """What the share u of the beta distribution with parameters a and b lies below, of float64 numbers."""
    a, b, u = jnp.broadcast_arrays(a, b, u)
    inside = (a > 0) & (a < jnp.inf) & (b > 0) & (b < jnp.inf) & (u > 0) & (u < 1)
    found = _between_0_and_1(*[jnp.where(inside, x, other) for x, other in ((a, 1.0), (b, 1.0), (u, 0.5))])
    at_0, at_1 = (u == 0) | ((a == 1) & (b == jnp.inf)), (u == 1) | ((a == jnp.inf) & (b == 1))
    valid = (a > 0) & (b > 0) & (u >= 0) & (u <= 1) & (at_0 | at_1)
    return jnp.where(inside, found, jnp.where(valid, jnp.where(at_0 & (u < 1), 0.0, 1.0), jnp.nan))


def _between_0_and_1(a: Any, b: Any, u: Any) -> Any:
    """The quantile for positive, finite parameters and a share in (0, 1), which is taken from the nearer end."""
    is_low = u <= 0.5
    wanted = jnp.where(is_low, u, 1 - u)
    a, b = jnp.where(is_low, a, b), jnp.where(is_low, b, a)
    scale = incomplete_beta.scale(a, b)
    log_beta = -a * jnp.log1p(b / a) - b * jnp.log1p(a / b) - jnp.log(scale)
    least = (jnp.log(wanted) + jnp.log(a) + log_beta) / a  # y^b is 1 at most
    normal = jnp.log(a) - jnp.log(b) + special.ndtri(wanted) * jnp.sqrt(1 / a + 1 / b)

    def turn(state: Any) -> Any:
        count, place, _ = state
        share, rate = incomplete_beta.inner_shares(a, b, _logistic(place), _logistic(-place), scale)
        step = jnp.where((share > 0) & (rate > 0), jnp.log(wanted / share) * share / rate, _LONGEST / 2)
        moved = jnp.maximum(place + step, least - 1)  # which is least up to rounding
        return count + 1, moved, jnp.any((jnp.abs(step) > _CLOSE) & (moved != place))

    start = jnp.where((a < 1) | (b < 1), least, jnp.maximum(normal, least))
    place = lax.while_loop(_goes_on, turn, (jnp.int32(0), start, jnp.bool_(True)))[1]
    return _logistic(jnp.where(is_low, place, -place))


def _logistic(x: Any) -> Any:
    """1 / (1 + exp(-x)), with all digits on both sides."""
    small = jnp.exp(-jnp.abs(x))
    return jnp.where(x < 0, small, 1.0) / (1 + small)


def poisson_quantile(rate: Any, u: Any) -> Any:
    """The least whole number up to which a share u of the Poisson distribution lies, of float64 numbers."""
    rate, u = jnp.broadcast_arrays(rate, u)
    inside = (rate > 0) & (rate < _MOST) & (u > jnp.exp(-rate)) & (u < 1)
    known, share = jnp.where(inside, rate, 1.0), jnp.where(inside, u, 0.5)
    root = special.ndtri(share)
    guess = jnp.floor(known + root * jnp.sqrt(known) + (root * root - 1) / 6)

    def covers(k: Any) -> Any:
        return (k >= 0) & (shares(jnp.maximum(k, 0.0) + 1, known)[1] >= share)

    found = _between(covers, jnp.maximum(guess - 2, -1.0), jnp.maximum(guess + 2, 0.0), jnp.sqrt(known))
    return jnp.where(inside, found, jnp.where(u <= jnp.exp(-rate), 0.0, jnp.nan))


def _between(covers: Callable[[Any], Any], low: Any, high: Any, width: Any) -> Any:
    """The least whole number that covers a share; low and high are guesses around it, and width how far to go on."""

    def widen(state: Any) -> Any:
        count, low, high, width, _ = state
        too_high, enough = covers(jnp.stack([low, high]))
        low, high = jnp.where(too_high, low - width, low), jnp.where(enough, high, high + width)
        return count + 1, jnp.maximum(low, -1.0), high, 2 * width, jnp.any(too_high | ~enough)

    def halve(state: Any) -> Any:
        count, low, high, _ = state
        middle = jnp.floor(low + (high - low) / 2)
        enough = covers(middle)
        low, high = jnp.where(enough, low, middle), jnp.where(enough, middle, high)
        middle = jnp.floor(low + (high - low) / 2)
        return count + 1, low, high, jnp.any((middle > low) & (middle < high))

    first = (jnp.int32(0), low, high, jnp.ceil(width), jnp.bool_(True))
    _, low, high, _, _ = lax.while_loop(_goes_on, widen, first)
    second = (jnp.int32(0), low, high, jnp.bool_(True))
    return lax.while_loop(_goes_on, halve, second)[2]
