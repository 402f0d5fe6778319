"""Connectionist temporal classification as an op: the likelihood of label sequences under frame-wise probabilities.

Source: Graves et al., Connectionist Temporal Classification (2006). A label sequence is lengthened by blanks before,
between and after its labels; a path stays, goes on by one, or skips a blank between different labels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.extents import shape_of
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_NEVER = -np.inf


def _states(target: Any, blank: int) -> Any:
    """Labels with blanks before, between and after them, [batch, 2 * length + 1]."""
    out = np.full((target.shape[0], 2 * target.shape[1] + 1), blank, np.int64)
    out[:, 1::2] = target
    return out


def _skips(states: Any, blank: int) -> Any:
    """Whether a path may come to each state from the one before the last."""
    allowed = np.zeros(states.shape, bool)
    allowed[:, 2:] = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    return allowed


def _shifted(scores: Any, by: int) -> Any:
    out = np.full_like(scores, _NEVER)
    out[:, by:] = scores[:, : scores.shape[1] - by]
    return out


def _forward(scores: Any, skips: Any) -> Any:
    """Logarithms of the likelihoods of all beginnings of paths, [time, batch, states]."""
    out = np.full_like(scores, _NEVER)
    if len(scores):
        out[0, :, :2] = scores[0, :, :2]
    for time in range(1, len(scores)):
        last = out[time - 1]
        skipped = np.where(skips, _shifted(last, 2), _NEVER)
        out[time] = scores[time] + np.logaddexp(np.logaddexp(last, _shifted(last, 1)), skipped)
    return out


def _prepared(probabilities: Any, target: Any, blank: int) -> Any:
    states = _states(np.asarray(target), blank)
    picked = np.take_along_axis(np.asarray(probabilities), states[:, None, :], 2)
    return states, np.moveaxis(picked, 1, 0), _skips(states, blank)


def _ends(target_length: Any, states: Any) -> Any:
    """The states at which paths may end: the last label and the blank behind it."""
    place = np.arange(states.shape[1])
    last = 2 * np.asarray(target_length)[:, None]
    return (place == last) | (place == last - 1)


def _loss(xp: Any, probabilities: Any, target: Any, target_length: Any, output_length: Any, *, blank: int) -> Any:
    with np.errstate(all="ignore"):
        states, scores, skips = _prepared(probabilities, target, blank)
        forward = _forward(scores, skips)
        final = np.where(_ends(target_length, states), _at_last(forward, output_length), _NEVER)
        return np.asarray(-np.logaddexp.reduce(final, 1)).astype(np.asarray(probabilities).dtype, copy=False)


def _at_last(forward: Any, output_length: Any) -> Any:
    last = np.maximum(np.asarray(output_length) - 1, 0)
    return forward[last, np.arange(forward.shape[1])]


def _posterior(xp: Any, probabilities: Any, target: Any, target_length: Any, output_length: Any, *, blank: int) -> Any:
    """The probability of each class at each time, given the labels: minus the gradient of the loss."""
    with np.errstate(all="ignore"):
        states, scores, skips = _prepared(probabilities, target, blank)
        forward = _forward(scores, skips)
        ends, lengths = _ends(target_length, states), np.asarray(output_length)
        backward = np.full_like(forward, _NEVER)
        after = np.full(ends.shape, _NEVER)
        for time in range(len(scores) - 1, -1, -1):
            going = np.logaddexp(np.logaddexp(after, _earlier(after, 1)), _earlier(np.where(skips, after, _NEVER), 2))
            backward[time] = np.where((lengths == time + 1)[:, None], np.where(ends, 0.0, _NEVER), going)
            after = backward[time] + scores[time]
        paths = forward + backward
        total = np.logaddexp.reduce(np.where(ends, _at_last(forward, output_length), _NEVER), 1)
        share = np.where(np.isfinite(paths), np.exp(paths - total[None, :, None]), 0.0)
    out = np.zeros(np.asarray(probabilities).shape, np.asarray(probabilities).dtype)
    batch = np.arange(out.shape[0])
    for state in range(states.shape[1]):
        out[batch, :, states[:, state]] += share[:, :, state].T
    return out


def _earlier(scores: Any, by: int) -> Any:
    return _shifted(scores[:, ::-1], by)[:, ::-1]


def _loss_vjp(ct: Tensor, out: Tensor, probabilities: Tensor, *rest: Tensor, blank: int) -> tuple[Any, ...]:
    share = apply(ctc_posterior_op, probabilities, *rest, blank=blank)
    return (-(share * reshape(ct, (*shape_of(ct), 1, 1))), None, None, None)


def require_floats(scores: TensorType) -> None:
    """Refuses scores that are not real floats.

    Raises:
        DTypeError: they are not.
    """
    if not scores.dtype.is_floating:
        refuse(DTypeError, f"alignments of scores {scores}", "give real floats")


def _posterior_type(probabilities: TensorType, *rest: TensorType, blank: int) -> TensorType:
    require_floats(probabilities)
    return probabilities


def _infer(probabilities: TensorType, *rest: TensorType, blank: int) -> TensorType:
    require_floats(probabilities)
    return TensorType(probabilities.dtype, probabilities.shape[:1])


# log probabilities [batch, time, classes], labels [batch, length], lengths [batch], [batch] -> [batch]
ctc_loss_op = Op("ctc_loss", kind=Kind.CONTRACTION, infer=_infer, kernel=_loss, vjp=_loss_vjp)

ctc_posterior_op = Op(
    "ctc_posterior",
    kind=Kind.CONTRACTION,
    infer=_posterior_type,
    kernel=_posterior,
    vjp=NOT_DIFFERENTIABLE,
)
