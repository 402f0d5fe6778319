"""Weighted means, ranges, and how variables vary together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import divide
from autograph.ops.complex_parts import conj, real
from autograph.ops.contraction import matmul
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import sqrt
from autograph.ops.extents import size_number
from autograph.ops.linalg.diagonals import diagonal
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import min as min_over
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import Axis, normalized_axis
from autograph.ops.shape import expand_dims, matrix_transpose, reshape
from autograph.ops.statistics import inexact_values, mean
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def average(x: Any, axis: Axis = None, weights: Any = None) -> Any:
    """The mean, in which elements may have weights.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        weights: tensor of the shape of x, or of the size of the axis.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.average(ag.constant([1.0, 5.0]), weights=ag.constant([3.0, 1.0])).numpy()
        array(2., dtype=float32)
    """
    x = inexact_values(as_tensor(x))
    if weights is None:
        return mean(x, axis)
    factors = as_tensor(weights)
    if factors.ndim != x.ndim:
        if factors.ndim != 1 or axis is None or isinstance(axis, Sequence):
            refuse(
                ShapeError, f"average of {x.type} with weights {factors.type}", "give one axis, or a weight an element"
            )
        place = normalized_axis(axis, x.ndim)
        require_equal(factors.type.shape[0], x.type.shape[place], "average: the number of weights and the axis differ")
        factors = reshape(factors, [-1 if i == place else 1 for i in range(x.ndim)])
    factors = factors * (x * 0 + 1)  # as many as elements
    return divide(sum_over(x * factors, axis), sum_over(factors, axis))


def ptp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """The largest element less the smallest.

    Args:
        x: tensor.
        axis: the axis or axes; None for all.
        keepdims: whether reduced axes stay, with size 1.

    Returns:
        The reduced tensor.

    Raises:
        ShapeError: there are no elements.

    Example:
        >>> import autograph as ag
        >>> ag.ops.ptp(ag.constant([1.0, 5.0, 2.0])).numpy()
        array(4., dtype=float32)
    """
    return max_over(x, axis, keepdims) - min_over(x, axis, keepdims)


def cov(x: Any, rowvar: bool = True, ddof: int = 1) -> Any:
    """The covariances of variables.

    Args:
        x: tensor [variables, observations], or of one variable [observations].
        rowvar: False for observations in the first axis.
        ddof: what is taken from the number of observations in the divisor.

    Returns:
        Tensor [variables, variables], without dimensions for one variable.

    Raises:
        ShapeError: x has more than two dimensions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.cov(ag.constant([[1.0, 2.0], [3.0, 5.0]])).numpy()
        array([[0.5, 1. ],
               [1. , 2. ]], dtype=float32)
    """
    x = inexact_values(as_tensor(x))
    if x.ndim not in (1, 2):
        refuse(ShapeError, f"cov of a tensor of {x.ndim} dimensions", "give [variables, observations]")
    rows = expand_dims(x, 0) if x.ndim == 1 else x if rowvar else matrix_transpose(x)
    off = rows - mean(rows, 1, True)
    out = matmul(off, matrix_transpose(conj(off))) / (size_number(rows.type.shape[1]) - ddof)
    return reshape(out, ()) if x.ndim == 1 else out


def corrcoef(x: Any, rowvar: bool = True) -> Any:
    """The correlation coefficients of variables.

    Args:
        x: tensor [variables, observations], or of one variable [observations].
        rowvar: False for observations in the first axis.

    Returns:
        Tensor [variables, variables], without dimensions for one variable.

    Raises:
        ShapeError: x has more than two dimensions.

    Example:
        >>> import autograph as ag
        >>> ag.ops.corrcoef(ag.constant([[1.0, 2.0, 3.0], [3.0, 5.0, 4.0]])).numpy()
        array([[1. , 0.5],
               [0.5, 1. ]], dtype=float32)
    """
    together = cov(x, rowvar)
    if not together.ndim:
        return together / together
    spread = sqrt(real(diagonal(together)))
    return together / expand_dims(spread, 0) / expand_dims(spread, 1)
