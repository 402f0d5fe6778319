"""Numbers counted by bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.arithmetic import subtract
from autograph.ops.axis_parts import flip
from autograph.ops.comparison import greater_equal
from autograph.ops.creation import as_tensor
from autograph.ops.extents import size_number
from autograph.ops.gathering import take
from autograph.ops.joining import concat
from autograph.ops.ranges import linspace
from autograph.ops.reductions import all as all_of
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import min as min_over
from autograph.ops.searching import fresh_size, searchsorted
from autograph.ops.selection import where
from autograph.ops.shape import reshape
from autograph.ops.sorting import sort
from autograph.ops.statistics import inexact_values
from autograph.runtime.apply import apply
from autograph.runtime.dims import SymbolicDim, known_equal
from autograph.runtime.dtypes import float64, int64
from autograph.runtime.failure import Requirement
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType

_NEGATIVE = "bincount of negative numbers"


def _bincount_type(x: TensorType, *weights: TensorType, least: int, binds: tuple[SymbolicDim, ...]) -> TensorType:
    return TensorType(float64 if weights else int64, binds)


def _bincount_kernel(xp: Any, x: Any, *weights: Any, least: int, binds: tuple[SymbolicDim, ...]) -> Any:
    array = np.asarray(x)
    if array.size and array.min() < 0:
        raise ValueError(_NEGATIVE)
    return np.bincount(array, weights[0] if weights else None, least)


def _bincount_vjp(ct: Tensor, out: Tensor, x: Tensor, *weights: Tensor, least: int, binds: Any) -> tuple[Any, ...]:
    return (None, take(ct, x)) if weights else (None,)


# Numbers [n], and weights [n] if they have any -> the count or weight of each number.
bincount_op = Op(
    "bincount",
    kind=Kind.INDEXING,
    infer=_bincount_type,
    kernel=_bincount_kernel,
    vjp=_bincount_vjp,
    effects=Effect.FAIL,
    requires=lambda x, *rest, **attrs: [Requirement(all_of(greater_equal(x, 0)), ValueError, (_NEGATIVE,))],
)


def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each whole number occurs.

    Args:
        x: integer tensor [n], not negative.
        weights: tensor [n] of how much each element counts.
        minlength: how many numbers the result tells of at least.

    Returns:
        int64 (with weights float64) tensor of one element more than the largest number; in a graph its size is
        known at run time.

    Raises:
        DTypeError: x is no vector of integers.
        ValueError: a number is negative.

    Example:
        >>> import autograph as ag
        >>> ag.ops.bincount(ag.constant([0, 2, 2])).numpy()
        array([1, 0, 2])
    """
    x = as_tensor(x)
    if not x.dtype.is_integer or x.ndim != 1:
        refuse(DTypeError, f"bincount of {x.type}", "give a vector of integers")
    if weights is None:
        return apply(bincount_op, x, least=minlength, binds=fresh_size())
    factors = as_tensor(weights)
    require_equal(factors.type.shape[0], x.type.shape[0], "bincount: the numbers of elements and weights differ")
    return apply(bincount_op, x, factors, least=minlength, binds=fresh_size())


def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    """The index of the bin that each number falls into.

    Args:
        x: tensor.
        bins: tensor [n] of the bins' edges, ascending or descending.
        right: whether bins contain their upper edge rather than their lower one.

    Returns:
        int64 tensor of the shape of x.

    Raises:
        ShapeError: the edges are no vector.

    Example:
        >>> import autograph as ag
        >>> ag.ops.digitize(ag.constant([0.5, 1.0, 7.0]), ag.constant([0.0, 1.0, 2.0])).numpy()
        array([1, 2, 3])
    """
    edges = as_tensor(bins)
    side = "left" if right else "right"
    found = searchsorted(edges, x, side)
    count = edges.type.shape[0]
    if known_equal(count, 0) or known_equal(count, 1):
        return found
    falling = subtract(size_number(count), searchsorted(flip(edges), x, side))
    return where(edges[0] > edges[-1], falling, found)


def histogram(x: Any, bins: Any = 10, range: Any = None) -> tuple[Any, Any]:
    """How many numbers fall into each of neighbouring bins.

    Args:
        x: tensor.
        bins: how many bins of equal width, or a tensor of their edges, ascending.
        range: where the bins begin and end; by default at the least and the largest number.

    Returns:
        The counts [bins], int64, and the edges [bins + 1]. The last bin contains its upper edge.

    Raises:
        ShapeError: there are no numbers, or no bins.

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.histogram(ag.constant([0.0, 1.0, 4.0]), 2)]
        [[2, 1], [0.0, 2.0, 4.0]]
    """
    values = reshape(inexact_values(as_tensor(x)), (-1,))
    if isinstance(bins, int):
        if bins < 1:
            refuse(ShapeError, f"histogram of {bins} bins", "give one at least")
        low, high = (min_over(values), max_over(values)) if range is None else [as_tensor(end) for end in range]
        single = low == high
        edges = linspace(where(single, low - 0.5, low), where(single, high + 0.5, high), bins + 1, dtype=values.dtype)
    else:
        edges = as_tensor(bins)
    ordered = sort(values)
    below = searchsorted(ordered, edges[:-1], "left")
    last = searchsorted(ordered, edges[-1:], "right")
    places = concat([below, last])
    return places[1:] - places[:-1], edges
