"""Sums over all alignments of label sequences on XLA: `autograph.ops.nn.ctc_paths` with scans over time.

Likelihoods are logarithms, [time, batch, states].
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.nn import logsumexp

from autograph.backends.xla.rules import rule
from autograph.ops.nn.ctc_paths import NEVER, Paths


def _paths(labels: Any, target_length: Any, output_length: Any, *, blank: int) -> Paths:
    """The paths of label sequences [batch, length]."""
    states = jnp.full((labels.shape[0], 2 * labels.shape[1] + 1), blank, jnp.int64).at[:, 1::2].set(labels)
    differs = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    skips = jnp.zeros(states.shape, bool).at[:, 2:].set(differs)
    place, last = jnp.arange(states.shape[1]), 2 * target_length[:, None]
    return Paths(states, skips, (place == last) | (place == last - 1), output_length)


def _picked(scores: Any, paths: Paths) -> Any:
    """The scores [batch, time, classes] of each state."""
    return jnp.moveaxis(jnp.take_along_axis(scores, paths.states[:, None, :], 2), 1, 0)


def _at_last(sums: Any, paths: Paths) -> Any:
    """What sums are at each sequence's last time, [batch, states]."""
    return sums[jnp.maximum(paths.lengths - 1, 0), jnp.arange(sums.shape[1])]


def _spread(shares: Any, like: Any, paths: Paths) -> Any:
    """Adds up states' shares by class, [batch, time, classes]."""
    batch = jnp.arange(like.shape[0])[:, None]
    return jnp.zeros_like(like).at[batch, :, paths.states].add(jnp.transpose(shares, (1, 2, 0)).astype(like.dtype))


def _moved(x: Any, by: int, fill: float) -> Any:
    """States' numbers further on, or back."""
    size = x.shape[1]
    if by > 0:
        return jnp.full_like(x, fill).at[:, by:].set(x[:, : max(size - by, 0)])
    return jnp.full_like(x, fill).at[:, : max(size + by, 0)].set(x[:, -by:])


def _before(x: Any, skips: Any, fill: float) -> Any:
    """For each state, the numbers of those that paths come from, [3, batch, states]."""
    return jnp.stack([x, _moved(x, 1, fill), jnp.where(skips, _moved(x, 2, fill), fill)])


def _behind(x: Any, skips: Any, fill: float) -> Any:
    """For each state, the numbers of those that paths go to, [3, batch, states]."""
    return jnp.stack([x, _moved(x, -1, fill), _moved(jnp.where(skips, x, fill), -2, fill)])


def _slope(terms: Any, slopes: Any, axis: int = 0) -> Any:
    """How a logarithm of a sum changes with its terms; 0 where the sum is none."""
    total = logsumexp(terms, axis, keepdims=True)
    return jnp.sum(jnp.where(jnp.isfinite(total), jnp.exp(terms - total), 0) * slopes, axis)


def _forward(scores: Any, slopes: Any, paths: Paths) -> tuple[Any, Any]:
    """The likelihoods of all beginnings of paths, and how they change where scores do by slopes."""
    starts = jnp.arange(scores.shape[2]) < 2
    first = jnp.where(starts, scores[0], NEVER), jnp.where(starts, slopes[0], 0)

    def step(last: Any, here: Any) -> Any:
        terms, moved = _before(last[0], paths.skips, NEVER), _before(last[1], paths.skips, 0)
        now = here[0] + logsumexp(terms, 0), here[1] + _slope(terms, moved)
        return now, now

    sums, rises = lax.scan(step, first, (scores[1:], slopes[1:]))[1]
    return jnp.concatenate([first[0][None], sums]), jnp.concatenate([first[1][None], rises])


def _backward(scores: Any, slopes: Any, paths: Paths) -> tuple[Any, Any]:
    """The same of all ends of paths, without the scores of the time itself."""

    def step(after: Any, here: Any) -> Any:
        score, slope, time = here
        last = (paths.lengths == time + 1)[:, None]
        terms, moved = _behind(after[0], paths.skips, NEVER), _behind(after[1], paths.skips, 0)
        ends = jnp.where(paths.ends, 0, NEVER).astype(score.dtype)
        total = jnp.where(last, ends, logsumexp(terms, 0))
        rise = jnp.where(last, 0, _slope(terms, moved))
        return (total + score, rise + slope), (total, rise)

    start = jnp.full_like(scores[0], NEVER), jnp.zeros_like(scores[0])
    found: tuple[Any, Any] = lax.scan(step, start, (scores, slopes, jnp.arange(len(scores))), reverse=True)[1]
    return found


@rule("ctc_loss")
def _ctc_loss(scores: Any, *rest: Any, blank: int) -> Any:
    if not scores.shape[1]:
        return NotImplemented
    paths = _paths(*rest, blank=blank)
    picked = _picked(scores, paths)
    last = _at_last(_forward(picked, jnp.zeros_like(picked), paths)[0], paths)
    return -logsumexp(jnp.where(paths.ends, last, NEVER), 1)


@rule("ctc_posterior")
def _ctc_posterior(scores: Any, *rest: Any, blank: int) -> Any:
    return _posterior(scores, None, rest, blank)


@rule("ctc_posterior_slope")
def _ctc_posterior_slope(scores: Any, direction: Any, *rest: Any, blank: int) -> Any:
    return _posterior(scores, direction, rest, blank)


def _posterior(scores: Any, direction: Any, rest: Any, blank: int) -> Any:
    """The probability of each class at each time, given the labels, or how it changes along a direction."""
    if not scores.shape[1]:
        return NotImplemented
    paths = _paths(*rest, blank=blank)
    picked = _picked(scores, paths)
    slopes = jnp.zeros_like(picked) if direction is None else _picked(direction, paths)
    (forward, rise), (backward, fall) = _forward(picked, slopes, paths), _backward(picked, slopes, paths)
    ends = jnp.where(paths.ends, _at_last(forward, paths), NEVER)
    through = forward + backward
    shares = jnp.exp(through - logsumexp(ends, 1)[None, :, None])
    if direction is not None:
        shares = shares * (rise + fall - _slope(ends, _at_last(rise, paths), 1)[None, :, None])
    return _spread(jnp.where(jnp.isfinite(through), shares, 0), scores, paths)


@rule("ctc_decode")
def _decode(scores: Any, lengths: Any, *, greedy: bool, width: int, paths: int, merge: bool, blank: int) -> Any:
    """The likeliest class of each frame; a search over prefixes has no rule."""
    if not greedy:
        return NotImplemented
    batch, time, _ = scores.shape
    best = jnp.argmax(scores, 2)
    lengths = jnp.where(lengths < 0, time + lengths, lengths)[:, None]
    inside = jnp.arange(time) < lengths
    kept = inside & (best != blank)
    if merge:
        kept = kept.at[:, 1:].set(kept[:, 1:] & (best[:, 1:] != best[:, :-1]))
    order = jnp.argsort(~kept, axis=1, stable=True)
    sequence = jnp.where(
        jnp.arange(time) < jnp.sum(kept, 1, keepdims=True), jnp.take_along_axis(best, order, 1), -1
    ).astype(jnp.int64)
    labels = jnp.full((paths, batch, time), -1, jnp.int64).at[0].set(sequence)
    likelihood = jnp.sum(jnp.where(inside, jnp.max(scores, 2), 0), 1)
    return labels, jnp.full((batch, paths), -jnp.inf, scores.dtype).at[:, 0].set(likelihood.astype(scores.dtype))
