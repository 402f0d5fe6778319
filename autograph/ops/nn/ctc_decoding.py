"""The likeliest label sequences under frame-wise probabilities, as an op.

Source: Hannun et al., First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs
(2014), for the search over prefixes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.nn.ctc_op import require_floats
from autograph.runtime.dtypes import int64
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.types import TensorType

_Beam = dict[tuple[int, ...], tuple[float, float]]  # prefix -> log likelihoods of its ends in a blank and in a label


def _greedy(frames: Any, blank: int, merge: bool) -> list[tuple[tuple[int, ...], float]]:
    best = frames.argmax(1)
    keep = best != blank
    if merge:
        keep[1:] &= best[1:] != best[:-1]
    return [(tuple(best[keep].tolist()), float(frames.max(1, initial=-np.inf).sum()))]


def _beam_search(frames: Any, blank: int, merge: bool, width: int) -> list[tuple[tuple[int, ...], float]]:
    """The likeliest prefixes after all frames, best first."""
    beam: _Beam = {(): (0.0, -np.inf)}
    for scores in frames.tolist():
        grown: _Beam = {}
        for prefix, (in_blank, in_label) in beam.items():
            either = float(np.logaddexp(in_blank, in_label))
            for label, score in enumerate(scores):
                if label == blank:
                    _add(grown, prefix, either + score, -np.inf)
                elif prefix and label == prefix[-1] and merge:
                    _add(grown, prefix, -np.inf, in_label + score)
                    _add(grown, (*prefix, label), -np.inf, in_blank + score)
                else:
                    _add(grown, (*prefix, label), -np.inf, either + score)
        beam = dict(sorted(grown.items(), key=lambda item: (-np.logaddexp(*item[1]), item[0]))[:width])
    return [(prefix, float(np.logaddexp(*ends))) for prefix, ends in beam.items()]


def _add(beam: _Beam, prefix: tuple[int, ...], in_blank: float, in_label: float) -> None:
    old_blank, old_label = beam.get(prefix, (-np.inf, -np.inf))
    beam[prefix] = (float(np.logaddexp(old_blank, in_blank)), float(np.logaddexp(old_label, in_label)))


def _kernel(
    xp: Any, scores: Any, lengths: Any, *, greedy: bool, width: int, paths: int, merge: bool, blank: int
) -> tuple[Any, Any]:
    batch, time, _ = scores.shape
    labels = np.full((paths, batch, time), -1, np.int64)
    likelihoods = np.full((batch, paths), -np.inf, scores.dtype)
    with np.errstate(all="ignore"):
        for element in range(batch):
            frames = np.asarray(scores)[element, : int(lengths[element])]
            found = _greedy(frames, blank, merge) if greedy else _beam_search(frames, blank, merge, width)
            for rank, (sequence, likelihood) in enumerate(found[:paths]):
                labels[rank, element, : len(sequence)] = sequence
                likelihoods[element, rank] = likelihood
    return labels, likelihoods


def _infer(scores: TensorType, lengths: TensorType, *, paths: int, **attrs: Any) -> tuple[TensorType, TensorType]:
    require_floats(scores)
    batch, time, _ = scores.shape
    return TensorType(int64, (paths, batch, time)), TensorType(scores.dtype, (batch, paths))


# log probabilities [batch, time, classes], lengths [batch] -> labels [paths, batch, time], likelihoods [batch, paths]
ctc_decode_op = Op("ctc_decode", kind=Kind.CONTRACTION, infer=_infer, kernel=_kernel, vjp=NOT_DIFFERENTIABLE)
