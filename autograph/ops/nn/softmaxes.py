"""Scores as probabilities."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import maximum
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import exp, log
from autograph.ops.gathering import take_along_axis
from autograph.ops.ranges import arange
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import require_elements, stop_op
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis, normalized_axis
from autograph.ops.scans import cumulative_sum
from autograph.ops.shape import reshape
from autograph.ops.sorting import sort
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import int64


def softmax(x: Any, axis: Axis = -1) -> Any:
    """Exponentials divided by their sum, without overflow.

    Args:
        x: tensor.
        axis: the axis or axes along which the result sums to 1; None for all.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.softmax(ag.constant([0.0, 0.0])).numpy()
        array([0.5, 0.5], dtype=float32)
    """
    x = as_tensor(x)
    powers = exp(_below_largest(x, axis))
    return powers / sum_over(powers, axis, True)


def _below_largest(x: Any, axis: Axis) -> Any:
    """x less its largest elements, whose exponentials do not overflow."""
    return x - apply(stop_op, max_over(x, axis, True))


def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """The logarithm of `softmax`.

    Args:
        x: tensor.
        axis: the axis or axes of the softmax; None for all.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.log_softmax(ag.constant([0.0, 0.0])).numpy()
        array([-0.6931472, -0.6931472], dtype=float32)
    """
    x = as_tensor(x)
    less = _below_largest(x, axis)
    return less - log(sum_over(exp(less), axis, True))


def sparsemax(x: Any, axis: int = -1) -> Any:
    """The nearest probabilities to x, of which many are exactly 0.

    Args:
        x: tensor.
        axis: the axis along which the result sums to 1.

    Returns:
        A tensor of the shape of x.

    Source: Martins and Astudillo, From Softmax to Sparsemax, 2016.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.sparsemax(ag.constant([0.2, 1.0, -3.0])).numpy()
        array([0.09999998, 0.9       , 0.        ], dtype=float32)
    """
    x = as_tensor(x)
    place = normalized_axis(axis, x.ndim)
    size = x.type.shape[place]
    require_elements(x, axis, "sparsemax")
    ordered = sort(x, place, descending=True)
    counts = reshape(arange(size) + 1, [-1 if i == place else 1 for i in range(x.ndim)])
    sums = cumulative_sum(ordered, place)
    inside = ordered * astype(counts, x.dtype) + 1 > sums
    count = sum_over(astype(inside, int64), place, True)
    limit = (take_along_axis(sums, count - 1, place) - 1) / astype(count, x.dtype)
    return maximum(x - limit, 0)
