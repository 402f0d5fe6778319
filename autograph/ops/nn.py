"""Neural-network functions, with the names of `keras.ops.nn`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import add, divide, maximum, multiply, negative, subtract
from autograph.ops.comparison import greater, greater_equal
from autograph.ops.exponential import exp, log, log1p
from autograph.ops.extents import shape_of
from autograph.ops.grids import one_hot
from autograph.ops.reductions import logsumexp, stop_op
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import dtype_of
from autograph.ops.selection import clip, where
from autograph.ops.trigonometry import tanh
from autograph.runtime.apply import apply

__all__ = [
    "binary_crossentropy", "categorical_crossentropy", "gelu", "log_softmax", "one_hot", "relu", "sigmoid", "silu",
    "softmax", "softplus", "sparse_categorical_crossentropy", "tanh",
]  # fmt: skip

_EPSILON = 1e-7


def relu(x: Any) -> Any:
    """`max(x, 0)`; the gradient at 0 is 0.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.relu(ag.constant([-1.0, 2.0])).numpy()
        array([0., 2.], dtype=float32)
    """
    return where(greater(x, 0), x, 0)


def sigmoid(x: Any) -> Any:
    """`1 / (1 + exp(-x))`, without overflow.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.sigmoid(ag.constant([0.0])).numpy()
        array([0.5], dtype=float32)
    """
    small = exp(negative(absolute(x)))
    return divide(where(greater_equal(x, 0), 1.0, small), add(small, 1))


def softplus(x: Any) -> Any:
    """`log(1 + exp(x))`, without overflow.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.softplus(ag.constant([1000.0])).numpy()
        array([1000.], dtype=float32)
    """
    return add(maximum(x, 0), log1p(exp(negative(absolute(x)))))


def silu(x: Any) -> Any:
    """`x * sigmoid(x)`.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.silu(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return multiply(x, sigmoid(x))


def gelu(x: Any) -> Any:
    """The Gaussian error linear unit, in its tanh form.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.gelu(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    inner = multiply(add(x, multiply(multiply(multiply(x, x), x), 0.044715)), float(np.sqrt(2 / np.pi)))
    return multiply(multiply(x, 0.5), add(tanh(inner), 1))


def softmax(x: Any, axis: int = -1) -> Any:
    """Exponentials divided by their sum, without overflow.

    Args:
        x: tensor.
        axis: the axis along which the result sums to 1.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.softmax(ag.constant([0.0, 0.0])).numpy()
        array([0.5, 0.5], dtype=float32)
    """
    powers = exp(subtract(x, apply(stop_op, max_over(x, axis, True))))
    return divide(powers, sum_over(powers, axis, True))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """The logarithm of `softmax`.

    Args:
        x: tensor.
        axis: the axis of the softmax.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.log_softmax(ag.constant([0.0])).numpy()
        array([0.], dtype=float32)
    """
    return subtract(x, logsumexp(x, axis, True))


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
