"""Distinct elements and membership. Sizes that data decides are bound at run time in graphs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograph.ops.extents import shape_of
from autograph.ops.gathering import take
from autograph.ops.logic import logical_not
from autograph.ops.manipulation import moveaxis
from autograph.ops.rules import normalized_axis
from autograph.ops.searching import fresh_size
from autograph.ops.shape import reshape
from autograph.ops.sorting import ordered
from autograph.runtime.apply import apply
from autograph.runtime.dims import SymbolicDim, num_elements
from autograph.runtime.dtypes import bool_, int64
from autograph.runtime.op import Kind, Op
from autograph.runtime.types import TensorType


class UniqueAll(NamedTuple):
    """The distinct elements of a tensor, in ascending order, and where they are."""

    values: Any
    indices: Any
    inverse_indices: Any
    counts: Any


class UniqueCounts(NamedTuple):
    """The distinct elements of a tensor and how often each occurs."""

    values: Any
    counts: Any


class UniqueInverse(NamedTuple):
    """The distinct elements of a tensor and, for each element, its index among them."""

    values: Any
    inverse_indices: Any


def _unique_type(x: TensorType, *, binds: tuple[SymbolicDim, ...]) -> tuple[TensorType, ...]:
    found = TensorType(int64, binds)
    return found, TensorType(int64, x.shape), found


def _unique_kernel(xp: Any, x: Any, *, binds: tuple[SymbolicDim, ...]) -> tuple[Any, ...]:
    array = ordered(np.asarray(x))
    _, indices, inverse, counts = np.unique(array.reshape(-1), True, True, True, equal_nan=False)
    return indices, inverse.reshape(array.shape), counts


# Gives places only: values are gathered by them, so that gradients flow by the gather's rule.
unique_op = Op(
    "unique",
    kind=Kind.INDEXING,
    infer=_unique_type,
    kernel=_unique_kernel,
    vjp=lambda ct, out, x, *, binds: (None,),
)


def _unique_rows_type(x: TensorType, *, binds: tuple[SymbolicDim, ...]) -> tuple[TensorType, ...]:
    found = TensorType(int64, binds)
    return found, TensorType(int64, x.shape[:1]), found


def _unique_rows_kernel(xp: Any, x: Any, *, binds: tuple[SymbolicDim, ...]) -> tuple[Any, ...]:
    _, indices, inverse, counts = np.unique(np.asarray(x), True, True, True, axis=0)
    return indices, inverse.reshape(-1), counts


# The same of the rows of a matrix.
unique_rows_op = Op(
    "unique_rows",
    kind=Kind.INDEXING,
    infer=_unique_rows_type,
    kernel=_unique_rows_kernel,
    vjp=lambda ct, out, x, *, binds: (None,),
)

isin_op = Op(
    "isin",
    kind=Kind.INDEXING,
    infer=lambda x, values: TensorType(bool_, x.shape),
    kernel=lambda xp, x, values: np.asarray(np.isin(ordered(x), ordered(values))),
    vjp=lambda ct, out, x, values: (None, None),
    promotes=True,
)


def unique_all(x: Any) -> UniqueAll:
    """The distinct elements in ascending order, where each is first, each element's index among them, and counts.

    Args:
        x: tensor; NaNs are all distinct.

    Returns:
        `values` [k], `indices` [k] into the flattened tensor, `inverse_indices` of the shape of x, `counts` [k].

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.unique_all(ag.constant([3, 1, 3]))]
        [[1, 3], [1, 0], [1, 0, 1], [1, 2]]
    """
    indices, inverse, counts = apply(unique_op, x, binds=fresh_size())
    return UniqueAll(take(reshape(x, (-1,)), indices), indices, inverse, counts)


def unique_along(x: Any, axis: int) -> UniqueAll:
    """The distinct slices of a tensor along an axis, in the order of their elements, as `unique_all` gives elements."""
    shape = shape_of(x)
    place = normalized_axis(axis, len(shape))
    rows = reshape(moveaxis(x, place, 0), (shape[place], num_elements([*shape[:place], *shape[place + 1 :]])))
    indices, inverse, counts = apply(unique_rows_op, rows, binds=fresh_size())
    return UniqueAll(take(x, indices, place), indices, inverse, counts)


def unique_counts(x: Any) -> UniqueCounts:
    """The distinct elements in ascending order and how often each occurs.

    Args:
        x: tensor; NaNs are all distinct.

    Returns:
        `values` [k] and `counts` [k].

    Example:
        >>> import autograph as ag
        >>> ag.ops.unique_counts(ag.constant([3, 1, 3])).counts.numpy()
        array([1, 2])
    """
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Any) -> UniqueInverse:
    """The distinct elements in ascending order and, for each element, its index among them.

    Args:
        x: tensor; NaNs are all distinct.

    Returns:
        `values` [k] and `inverse_indices` of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.unique_inverse(ag.constant([3, 1, 3])).inverse_indices.numpy()
        array([1, 0, 1])
    """
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: Any) -> Any:
    """The distinct elements in ascending order.

    Args:
        x: tensor; NaNs are all distinct.

    Returns:
        Tensor [k]; in a graph its size is known at run time.

    Example:
        >>> import autograph as ag
        >>> ag.ops.unique_values(ag.constant([3, 1, 3])).numpy()
        array([1, 3])
    """
    return unique_all(x).values


def isin(x: Any, values: Any, *, invert: bool = False) -> Any:
    """Whether each element is among others; NaN never is.

    Args:
        x: tensor or number.
        values: tensor or number, the others.
        invert: whether to tell those that are not.

    Returns:
        A bool tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.isin(ag.constant([1, 2, 3]), ag.constant([3, 1])).numpy()
        array([ True, False,  True])
    """
    found = apply(isin_op, x, values)
    return logical_not(found) if invert else found
