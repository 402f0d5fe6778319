"""Sums over all alignments of label sequences, and how they change along a direction of the scores, in NumPy.

A label sequence is lengthened by blanks before, between and after its labels; a path stays, goes on by one, or skips a
blank between different labels. Likelihoods are logarithms, [time, batch, states].

Source: Graves et al., Connectionist Temporal Classification (2006).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

NEVER = -np.inf


class Paths(NamedTuple):
    """What paths go through.

    Args:
        states: labels with blanks around them, [batch, states].
        skips: whether a path may come to each state from the one before the last, [batch, states].
        ends: whether paths may end there: the last label and the blank behind it, [batch, states].
        lengths: how many times there are, [batch].
    """

    states: Any
    skips: Any
    ends: Any
    lengths: Any

    def picked(self, scores: Any) -> Any:
        """The scores [batch, time, classes] of each state."""
        return np.moveaxis(np.take_along_axis(np.asarray(scores), self.states[:, None, :], 2), 1, 0)

    def at_last(self, sums: Any) -> Any:
        """What sums are at each sequence's last time, [batch, states]."""
        return sums[np.maximum(self.lengths - 1, 0), np.arange(sums.shape[1])]

    def spread(self, shares: Any, like: Any) -> Any:
        """Adds up states' shares by class, [batch, time, classes]."""
        out = np.zeros(np.asarray(like).shape, np.asarray(like).dtype)
        batch = np.arange(out.shape[0])
        for state in range(self.states.shape[1]):
            out[batch, :, self.states[:, state]] += shares[:, :, state].T
        return out


def paths_of(target: Any, target_length: Any, output_length: Any, *, blank: int) -> Paths:
    """The paths of label sequences [batch, length]."""
    labels = np.asarray(target)
    states = np.full((labels.shape[0], 2 * labels.shape[1] + 1), blank, np.int64)
    states[:, 1::2] = labels
    skips = np.zeros(states.shape, bool)
    skips[:, 2:] = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    place, last = np.arange(states.shape[1]), 2 * np.asarray(target_length)[:, None]
    return Paths(states, skips, (place == last) | (place == last - 1), np.asarray(output_length))


def _moved(x: Any, by: int, fill: float) -> Any:
    """States' numbers further on, or back."""
    out = np.full_like(x, fill)
    if by > 0:
        out[:, by:] = x[:, : x.shape[1] - by]
    else:
        out[:, : x.shape[1] + by] = x[:, -by:]
    return out


def _before(x: Any, skips: Any, fill: float) -> Any:
    """For each state, the numbers of those that paths come from, [3, batch, states]."""
    return np.stack([x, _moved(x, 1, fill), np.where(skips, _moved(x, 2, fill), fill)])


def _behind(x: Any, skips: Any, fill: float) -> Any:
    """For each state, the numbers of those that paths go to, [3, batch, states]."""
    return np.stack([x, _moved(x, -1, fill), _moved(np.where(skips, x, fill), -2, fill)])


def log_sum(terms: Any, axis: int = 0) -> Any:
    """The logarithm of a sum, from the logarithms of its terms."""
    return np.logaddexp.reduce(terms, axis)


def slope_of_log_sum(terms: Any, slopes: Any, axis: int = 0) -> Any:
    """How a logarithm of a sum changes with its terms; 0 where the sum is none."""
    total = np.expand_dims(log_sum(terms, axis), axis)
    return np.sum(np.where(np.isfinite(total), np.exp(terms - total), 0.0) * slopes, axis)


def forward_sums(scores: Any, paths: Paths) -> Any:
    """The likelihoods of all beginnings of paths."""
    out = np.full_like(scores, NEVER)
    out[:1, :, :2] = scores[:1, :, :2]
    for time in range(1, len(scores)):
        out[time] = scores[time] + log_sum(_before(out[time - 1], paths.skips, NEVER))
    return out


def forward_slopes(sums: Any, slopes: Any, paths: Paths) -> Any:
    """How `forward_sums` changes where scores do by `slopes`."""
    out = np.zeros_like(slopes)
    out[:1, :, :2] = slopes[:1, :, :2]
    for time in range(1, len(slopes)):
        terms, moved = _before(sums[time - 1], paths.skips, NEVER), _before(out[time - 1], paths.skips, 0.0)
        out[time] = slopes[time] + slope_of_log_sum(terms, moved)
    return out


def backward_sums(scores: Any, paths: Paths) -> Any:
    """The likelihoods of all ends of paths, without the scores of the time itself."""
    out = np.full_like(scores, NEVER)
    after = np.full(paths.ends.shape, NEVER)
    for time in range(len(scores) - 1, -1, -1):
        last = (paths.lengths == time + 1)[:, None]
        going = log_sum(_behind(after, paths.skips, NEVER))
        out[time] = np.where(last, np.where(paths.ends, 0.0, NEVER), going)
        after = out[time] + scores[time]
    return out


def backward_slopes(scores: Any, sums: Any, slopes: Any, paths: Paths) -> Any:
    """How `backward_sums` changes where scores do by `slopes`."""
    out = np.zeros_like(slopes)
    after, moved = np.full(paths.ends.shape, NEVER), np.zeros(paths.ends.shape)
    for time in range(len(slopes) - 1, -1, -1):
        terms, moving = _behind(after, paths.skips, NEVER), _behind(moved, paths.skips, 0.0)
        out[time] = np.where((paths.lengths == time + 1)[:, None], 0.0, slope_of_log_sum(terms, moving))
        after, moved = sums[time] + scores[time], out[time] + slopes[time]
    return out
