"""Reductions, scans and sorting on XLA."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.rules import rule
from autograph.ops.rules import sum_dtype
from autograph.runtime.dtypes import from_numpy

Axes = tuple[int, ...]


def _summable(x: Any) -> Any:
    return x.astype(sum_dtype(from_numpy[x.dtype]).numpy)


@rule("sum")
def _sum(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return jnp.sum(_summable(x), axis=axis, keepdims=keepdims)


@rule("prod")
def _prod(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return jnp.prod(_summable(x), axis=axis, keepdims=keepdims)


@rule("max")
def _max(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return _first_nan(x, axis, _extreme(jnp.max, lax.max, x, axis, keepdims))


@rule("min")
def _min(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return _first_nan(x, axis, _extreme(jnp.min, lax.min, x, axis, keepdims))


def _extreme(reduced: Any, extreme: Any, x: Any, axis: Axes, keepdims: bool) -> Any:
    """The largest or smallest elements.

    On the CPU, XLA gives large reductions of floats to a library that passes over NaN. It does not where something else
    is reduced along with them: whether one of them is NaN.
    """

    def kept(x: Any) -> Any:
        return reduced(x, axis=axis, keepdims=keepdims)

    def with_nan(x: Any) -> Any:
        worst = np.asarray(-np.inf if extreme is lax.max else np.inf).astype(x.dtype)
        found, is_nan = lax.reduce(
            (x, jnp.isnan(x)), (worst, np.False_), lambda a, b: (extreme(a[0], b[0]), a[1] | b[1]), axis
        )
        made = jnp.where(is_nan, jnp.asarray(np.nan, x.dtype), found)
        return jnp.expand_dims(made, axis) if keepdims else made

    if not jnp.issubdtype(x.dtype, jnp.floating):
        return kept(x)
    return lax.platform_dependent(x, cpu=with_nan, default=kept)


def _first_nan(x: Any, axis: Axes, made: Any) -> Any:
    """The first element that is no number, which JAX's comparison of complex numbers passes over."""
    if not jnp.iscomplexobj(x):
        return made
    kept = [i for i in range(x.ndim) if i not in axis]
    rows = jnp.transpose(x, (*kept, *axis)).reshape(*[x.shape[i] for i in kept], -1)
    first = jnp.argmax(jnp.isnan(rows), -1, keepdims=True)
    found = jnp.take_along_axis(rows, first, -1).reshape(made.shape)
    return jnp.where(jnp.isnan(found), found, made)


@rule("all")
def _all(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return jnp.all(x, axis=axis, keepdims=keepdims)


@rule("any")
def _any(x: Any, *, axis: Axes, keepdims: bool) -> Any:
    return jnp.any(x, axis=axis, keepdims=keepdims)


@rule("argmax")
def _argmax(x: Any, *, axis: int) -> Any:
    return jnp.argmax(x, axis=axis) if not jnp.iscomplexobj(x) else _place_of(jnp.max, x, axis)


@rule("argmin")
def _argmin(x: Any, *, axis: int) -> Any:
    return jnp.argmin(x, axis=axis) if not jnp.iscomplexobj(x) else _place_of(jnp.min, x, axis)


def _place_of(extreme: Any, x: Any, axis: int) -> Any:
    """Where the first of the extreme complex numbers is: by real parts, then imaginary ones; those with a NaN win."""
    real, imag = jnp.real(x), jnp.imag(x)
    tied = real == extreme(real, axis=axis, keepdims=True)
    beaten = -jnp.inf if extreme is jnp.max else jnp.inf
    best = tied & (imag == extreme(jnp.where(tied, imag, beaten), axis=axis, keepdims=True))
    nan = jnp.isnan(x)
    return jnp.where(jnp.any(nan, axis=axis), jnp.argmax(nan, axis=axis), jnp.argmax(best, axis=axis))


@rule("cumulative_sum")
def _cumulative_sum(x: Any, *, axis: int) -> Any:
    return jnp.cumsum(_summable(x), axis=axis)


@rule("cumulative_prod")
def _cumulative_prod(x: Any, *, axis: int) -> Any:
    return jnp.cumprod(_summable(x), axis=axis)


@rule("sort")
def _sort(x: Any, *, axis: int) -> Any:
    return jnp.sort(x, axis=axis, stable=True)


@rule("argsort")
def _argsort(x: Any, *, axis: int) -> Any:
    return jnp.argsort(x, axis=axis, stable=True)


@rule("recurrence")
def _recurrence(factor: Any, start: Any, *, axis: int) -> Any:
    """y[i] = factor[i] y[i - 1] + start[i], one step after the other as the reference does it."""
    factors, starts = jnp.moveaxis(factor, axis, 0), jnp.moveaxis(start, axis, 0)
    if not starts.shape[0]:
        return start

    def step(last: Any, both: Any) -> tuple[Any, Any]:
        now = both[1] + both[0] * last
        return now, now

    rest = lax.scan(step, starts[0], (factors[1:], starts[1:]))[1]
    return jnp.moveaxis(jnp.concatenate([starts[:1], rest]), 0, axis)
