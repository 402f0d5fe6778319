"""Cross-entropies, and how far images are apart."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import add, divide, multiply, negative, subtract
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import log, log10
from autograph.ops.extents import shape_of
from autograph.ops.grids import one_hot
from autograph.ops.nn.sigmoids import softplus
from autograph.ops.nn.softmaxes import log_softmax
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import dtype_of
from autograph.ops.selection import clip
from autograph.ops.statistics import mean

_EPSILON = 1e-7


def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """The cross-entropy of predicted and true class probabilities.

    Args:
        target: tensor of true probabilities.
        output: tensor of predicted probabilities, or of logits.
        from_logits: whether `output` are logits.
        axis: the axis of the classes.

    Returns:
        The losses, without that axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.categorical_crossentropy(ag.constant([0.0, 1.0]), ag.constant([0.0, 1.0])).item() < 1e-6
        True
    """
    if from_logits:
        scores = log_softmax(output, axis)
    else:
        scores = log(clip(divide(output, sum_over(output, axis, True)), _EPSILON, 1 - _EPSILON))
    return negative(sum_over(multiply(target, scores), axis))


def sparse_categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """The cross-entropy of predicted class probabilities and true classes.

    Args:
        target: integer tensor of true classes, without the class axis.
        output: tensor of predicted probabilities, or of logits.
        from_logits: whether `output` are logits.
        axis: the axis of the classes.

    Returns:
        The losses, of the shape of `target`.

    Example:
        >>> import autograph as ag
        >>> logits = ag.constant([[0.0, 100.0]])
        >>> ag.ops.nn.sparse_categorical_crossentropy(ag.constant([1]), logits, from_logits=True).numpy()
        array([-0.], dtype=float32)
    """
    classes = shape_of(output)[axis]
    truth = one_hot(target, classes, axis, dtype_of(output))  # type: ignore[arg-type]
    return categorical_crossentropy(truth, output, from_logits, axis)


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """The cross-entropy of predicted and true probabilities of one event, element by element.

    Args:
        target: tensor of true probabilities.
        output: tensor of predicted probabilities, or of logits.
        from_logits: whether `output` are logits.

    Returns:
        The losses, of the shape of `output`.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.binary_crossentropy(ag.constant([1.0]), ag.constant([0.0]), from_logits=True).numpy()
        array([0.6931472], dtype=float32)
    """
    if from_logits:
        return subtract(softplus(output), multiply(target, output))
    p = clip(output, _EPSILON, 1 - _EPSILON)
    return negative(add(multiply(target, log(p)), multiply(subtract(1, target), log(subtract(1, p)))))


def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """The peak signal-to-noise ratio of two signals, in decibels.

    Args:
        x1: tensor.
        x2: tensor of the same shape.
        max_val: the largest value that signals can have.

    Returns:
        A scalar tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.psnr(ag.constant([1.0, 0.0]), ag.constant([0.0, 0.0]), 1.0).numpy()
        array(3.0103002, dtype=float32)
    """
    off = as_tensor(x1) - as_tensor(x2)
    return log10(max_val**2 / mean(off * off)) * 10
