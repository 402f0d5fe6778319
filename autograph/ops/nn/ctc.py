"""Losses and decoding of sequences whose alignment is not known."""

from __future__ import annotations

from typing import Any

from autograph.errors import DTypeError, ShapeError
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.nn.ctc_decoding import ctc_decode_op
from autograph.ops.nn.ctc_op import ctc_loss_op
from autograph.ops.nn.softmaxes import log_softmax
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse


def _integers(x: Any, rank: int, name: str) -> Any:
    made = as_tensor(x)
    if not made.dtype.is_integer:
        refuse(DTypeError, f"{name} of dtype {made.dtype.name}", "give an integer tensor")
    if made.ndim != rank:
        refuse(ShapeError, f"{name} {made.type} has {made.ndim} dimensions", f"give {rank}")
    return astype(made, int64)


def _scores(x: Any, name: str) -> Any:
    made = as_tensor(x)
    if made.ndim != 3:
        refuse(ShapeError, f"{name} {made.type} has {made.ndim} dimensions", "give [batch, time, classes]")
    return made


def ctc_loss(target: Any, output: Any, target_length: Any, output_length: Any, mask_index: int = 0) -> Any:
    """Minus the logarithm of the likelihood of label sequences, over all alignments.

    Args:
        target: integer tensor [batch, length] of labels.
        output: tensor [batch, time, classes] of logits.
        target_length: integer tensor [batch], how many labels there are.
        output_length: integer tensor [batch], how many times there are.
        mask_index: the class that stands for no label.

    Returns:
        Tensor [batch]; infinite where a sequence does not fit. Its gradient has a gradient, which has none of its own.

    Raises:
        ShapeError: ranks do not fit.
        DTypeError: labels or lengths are not integers.

    Source: Graves et al., Connectionist Temporal Classification, 2006.

    Example:
        >>> import autograph as ag
        >>> logits = ag.ops.zeros((1, 2, 3))
        >>> ag.ops.nn.ctc_loss(ag.constant([[1]]), logits, ag.constant([1]), ag.constant([2])).numpy()
        array([1.0986123], dtype=float32)
    """
    lengths = [
        _integers(x, 1, name) for x, name in ((target_length, "target_length"), (output_length, "output_length"))
    ]
    scores = log_softmax(_scores(output, "output"))
    return apply(ctc_loss_op, scores, _integers(target, 2, "target"), *lengths, blank=mask_index)


def ctc_decode(
    inputs: Any,
    sequence_lengths: Any,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[Any, Any]:
    """The likeliest label sequences.

    Args:
        inputs: tensor [batch, time, classes] of logits.
        sequence_lengths: integer tensor [batch], how many times there are.
        strategy: "greedy" for the likeliest class of each time; "beam_search" for a search over all alignments.
        beam_width: how many beginnings a search keeps.
        top_paths: how many sequences a search gives.
        merge_repeated: whether equal neighbours count once.
        mask_index: the class that stands for no label.

    Returns:
        Labels [paths, batch, time], -1 behind the last, and logarithms of likelihoods [batch, paths] ("greedy":
        minus the sum of the largest logits, as Keras has it).

    Raises:
        ShapeError: ranks do not fit.
        ValueError: there is no such strategy.

    Example:
        >>> import autograph as ag
        >>> logits = ag.constant([[[0.0, 2.0], [0.0, 2.0], [3.0, 0.0]]])
        >>> ag.ops.nn.ctc_decode(logits, ag.constant([3]))[0].numpy()
        array([[[ 1, -1, -1]]])
    """
    if strategy not in ("greedy", "beam_search"):
        raise ValueError(f"strategy is {strategy!r}, and has to be 'greedy' or 'beam_search'")
    greedy = strategy == "greedy"
    logits = _scores(inputs, "inputs")
    labels, scores = apply(
        ctc_decode_op,
        logits if greedy else log_softmax(logits),
        _integers(sequence_lengths, 1, "sequence_lengths"),
        greedy=greedy,
        width=beam_width,
        paths=1 if greedy else top_paths,
        merge=merge_repeated,
        blank=mask_index,
    )
    return labels, -scores if greedy else scores
