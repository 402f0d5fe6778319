"""The incomplete gamma functions on XLA: a series, a continued fraction, and an expansion for large parameters.

Sources: DLMF 8.7.1, 8.9.2 and 8.12; the expansion's coefficients as A. Gil, J. Segura and N. M. Temme compute them,
SIAM J. Sci. Comput. 34 (2012), A2965.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy import special
from scipy.special import zetac

_LARGE = 20.0  # parameters from here on have the expansion
_WIDE = 1.0  # as far from the mean, in the expansion's variable
_ORDER = 40  # of the expansion
_TERMS, _DEPTH = 60, 144
_UNROLLED = 5  # steps of a loop that are one kernel: on a GPU each costs a launch, and everywhere time to compile
_LITTLE = 0.25  # below, the logarithm of gamma(1 + a) keeps all digits as a series


def _coefficients(count: int) -> list[float]:
    """The power series of f(t) = t / (l - 1) where t² / 2 = l - 1 - log(l), from that of l."""
    steps = [Fraction(0), Fraction(1)]  # l - 1 = t + t² / 3 + …
    for n in range(2, count + 1):
        crossed = sum((steps[i] * steps[n + 1 - i] for i in range(2, n)), Fraction(0))
        steps.append(steps[n - 1] / (n + 1) - crossed / 2)
    found = [Fraction(1)]
    for n in range(1, count):
        found.append(-sum((steps[k + 1] * found[n - k] for k in range(1, n + 1)), Fraction(0)))
    return [float(x) for x in found]


_F = _coefficients(_ORDER + 2)
_ZETA = zetac(np.arange(2, 20)) / np.arange(2, 20)  # of the logarithm of gamma


def shares(a: Any, x: Any) -> tuple[Any, Any]:
    """The shares of the gamma distribution with parameter a that lie below x and above it, of float64 numbers."""
    a, x = jnp.broadcast_arrays(a, x)
    inside = (a > 0) & (x > 0) & (a < jnp.inf) & (x < jnp.inf)
    below, above, _ = inner_shares(jnp.where(inside, a, 1.0), jnp.where(inside, x, 1.0))
    none = (x == 0) | (a == jnp.inf)
    wrong = (a < 0) | (x < 0) | ((a == 0) & (x == 0)) | ((a == jnp.inf) & (x == jnp.inf)) | jnp.isnan(a + x)
    ends = [jnp.where(wrong, jnp.nan, jnp.where(none, share, 1.0 - share)) for share in (0.0, 1.0)]
    return jnp.where(inside, below, ends[0]), jnp.where(inside, above, ends[1])


def inner_shares(a: Any, x: Any) -> tuple[Any, Any, Any]:
    """The shares for positive, finite numbers, and the distribution's density times x."""
    distance = log_distance((x - a) / a, x / a)
    side = jnp.where(x < a, -1.0, 1.0) * jnp.sqrt(2 * distance)
    tail, gamma = _expansion(a, side)
    peak = jnp.exp(-a * distance) / jnp.sqrt(2 * math.pi * a)  # beside gamma: x^a exp(-x) / gamma(a + 1)
    power = jnp.exp(a * jnp.log(x) - x - special.gammaln(a + 1))
    power = jnp.where(a < _LARGE, power, peak / gamma)
    least = jnp.maximum(a, 1.0)
    below = power * _series(a, jnp.minimum(x, least))
    above = power * a * _fraction(a, jnp.maximum(x, least))
    rest = jnp.where((x <= 1) & (a <= 1), _near_zero(jnp.minimum(a, 1.0), jnp.minimum(x, 1.0)), 1 - below)
    expanded = (a >= _LARGE) & (jnp.abs(side) < _WIDE)
    turned, shift = side * jnp.sqrt(a / 2), peak * tail / gamma
    near = x <= least
    below = jnp.where(expanded, lax.erfc(-turned) / 2 - shift, jnp.where(near, below, 1 - above))
    return below, jnp.where(expanded, lax.erfc(turned) / 2 + shift, jnp.where(near, rest, above)), power * a


def log_distance(past: Any, x: Any) -> Any:
    """x - 1 - log(x), with all digits near 1; past is x - 1."""
    near = jnp.clip(past, -0.5, 0.5)
    part = near / (2 + near)
    square = part * part
    total = _polynomial(1 / np.arange(3.0, 37, 2), square)
    return jnp.where(past == near, part * (near - 2 * square * total), past - jnp.log(x))


def gamma_by_stirling(a: Any) -> Any:
    """gamma(a) as a part of its approximation by Stirling, of positive numbers."""
    direct = special.gammaln(a) - (a - 0.5) * jnp.log(a) + a - 0.5 * math.log(2 * math.pi)
    return jnp.where(a < _LARGE, jnp.exp(direct), _expansion(a, jnp.zeros_like(a))[1])


def _expansion(a: Any, side: Any) -> tuple[Any, Any]:
    """What the error function leaves of the shares, and gamma(a) as a part of its approximation by Stirling."""
    a, side = jnp.maximum(a, _LARGE), jnp.clip(side, -_WIDE, _WIDE)

    def step(state: Any, order: Any) -> Any:
        after, second, total = state  # the coefficients of orders n + 1 and n + 2, and the sum
        coefficient, n = order
        term = coefficient + (n + 2) / a * second
        return (term, after, total * side + term), None

    orders = (jnp.asarray(_F[1:]), jnp.arange(float(len(_F) - 1)))
    _, first, total = lax.scan(step, (jnp.zeros_like(a),) * 3, orders, reverse=True, unroll=_UNROLLED)[0]
    return total, 1 + first / a


def _polynomial(coefficients: Any, x: Any) -> Any:
    """A polynomial of x, by Horner's rule."""

    def step(total: Any, coefficient: Any) -> Any:
        return total * x + coefficient, None

    return lax.scan(step, jnp.zeros_like(x), jnp.asarray(coefficients), reverse=True, unroll=_UNROLLED)[0]


def _series(a: Any, x: Any) -> Any:
    """The sum of x^n / ((a + 1) … (a + n))."""

    def step(turn: Any, total: Any) -> Any:
        return 1 + x / (a + (_TERMS - turn).astype(x.dtype)) * total

    return lax.fori_loop(0, _TERMS, step, jnp.ones_like(x), unroll=_UNROLLED)


def _fraction(a: Any, x: Any) -> Any:
    """1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - …))), from within."""

    def level(turn: Any, rest: Any) -> Any:
        k = (_DEPTH - turn).astype(x.dtype)
        return k * (k - a) / (x + 2 * k + 1 - a - rest)

    return 1 / (x + 1 - a - lax.fori_loop(0, _DEPTH, level, jnp.zeros_like(x), unroll=_UNROLLED))


def _near_zero(a: Any, x: Any) -> Any:
    """The upper share where neither number is above 1."""

    def step(turn: Any, total: Any) -> Any:
        n = (20 - turn).astype(x.dtype)
        return -x / n * (1 / (a + n) + total)

    power = a * jnp.log(x) - _log_gamma_past_1(a)
    total = lax.fori_loop(0, 20, step, jnp.zeros_like(x), unroll=_UNROLLED)
    return -jnp.expm1(power) - jnp.exp(power) * a * total


def _log_gamma_past_1(a: Any) -> Any:
    """log(gamma(1 + a)) of numbers up to 1."""
    little = jnp.minimum(a, _LITTLE)
    total = _polynomial(_ZETA, -little)
    found = little * (1 - np.euler_gamma + little * total) - jnp.log1p(little)
    return jnp.where(a <= _LITTLE, found, special.gammaln(1 + a))
