"""Connectionist temporal classification as ops: likelihoods of label sequences, and their first two derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.extents import shape_of
from autograph.ops.nn.ctc_paths import (
    NEVER,
    backward_slopes,
    backward_sums,
    forward_slopes,
    forward_sums,
    log_sum,
    paths_of,
    slope_of_log_sum,
)
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _loss(xp: Any, probabilities: Any, *rest: Any, blank: int) -> Any:
    with np.errstate(all="ignore"):
        paths = paths_of(*rest, blank=blank)
        last = paths.at_last(forward_sums(paths.picked(probabilities), paths))
        total = log_sum(np.where(paths.ends, last, NEVER), 1)
    return np.asarray(-total).astype(np.asarray(probabilities).dtype, copy=False)


def _posterior(xp: Any, probabilities: Any, *rest: Any, blank: int) -> Any:
    """The probability of each class at each time, given the labels: minus the gradient of the loss."""
    with np.errstate(all="ignore"):
        paths = paths_of(*rest, blank=blank)
        scores = paths.picked(probabilities)
        forward = forward_sums(scores, paths)
        through = forward + backward_sums(scores, paths)
        total = log_sum(np.where(paths.ends, paths.at_last(forward), NEVER), 1)
        shares = np.where(np.isfinite(through), np.exp(through - total[None, :, None]), 0.0)
    return paths.spread(shares, probabilities)


def _posterior_slope(xp: Any, probabilities: Any, direction: Any, *rest: Any, blank: int) -> Any:
    """How those probabilities change along a direction of the scores: minus the Hessian of the loss, applied to it."""
    with np.errstate(all="ignore"):
        paths = paths_of(*rest, blank=blank)
        scores, slopes = paths.picked(probabilities), paths.picked(direction)
        forward, backward = forward_sums(scores, paths), backward_sums(scores, paths)
        rise = forward_slopes(forward, slopes, paths)
        ends = np.where(paths.ends, paths.at_last(forward), NEVER)
        total, growth = log_sum(ends, 1), slope_of_log_sum(ends, paths.at_last(rise), 1)
        through, moved = forward + backward, rise + backward_slopes(scores, backward, slopes, paths)
        shares = np.exp(through - total[None, :, None]) * (moved - growth[None, :, None])
        shares = np.where(np.isfinite(through), shares, 0.0)
    return paths.spread(shares, probabilities)


def _loss_vjp(ct: Tensor, out: Tensor, probabilities: Tensor, *rest: Tensor, blank: int) -> tuple[Any, ...]:
    share = apply(ctc_posterior_op, probabilities, *rest, blank=blank)
    return (-(share * reshape(ct, (*shape_of(ct), 1, 1))), None, None, None)


def _posterior_vjp(ct: Tensor, out: Tensor, probabilities: Tensor, *rest: Tensor, blank: int) -> tuple[Any, ...]:
    # A Hessian is symmetric: what it does to cotangents it does to tangents.
    return (apply(ctc_posterior_slope_op, probabilities, ct, *rest, blank=blank), None, None, None)


def _posterior_jvp(tangents: Any, out: Tensor, probabilities: Tensor, *rest: Tensor, blank: int) -> Any:
    return apply(ctc_posterior_slope_op, probabilities, tangents[0], *rest, blank=blank)


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
    vjp=_posterior_vjp,
    jvp=_posterior_jvp,
)

# log probabilities, a direction of them, labels and lengths as above -> [batch, time, classes]
ctc_posterior_slope_op = Op(
    "ctc_posterior_slope",
    kind=Kind.CONTRACTION,
    infer=_posterior_type,
    kernel=_posterior_slope,
    vjp=NOT_DIFFERENTIABLE,
)
