"""Elements taken at indices along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.extents import shape_of
from autograph.ops.indexing import getitem
from autograph.ops.ranges import arange
from autograph.ops.rules import normalized_axis, rank_of
from autograph.ops.shape import reshape
from autograph.runtime.dims import Dim
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The elements at indices along an axis.

    Args:
        x: tensor.
        indices: integer tensor.
        axis: the axis; may be left out for one dimension.

    Returns:
        `x` with that axis replaced by the shape of the indices.

    Raises:
        IndexError: an index is out of range.
        ShapeError: the axis is not given and not clear.

    Example:
        >>> import autograph as ag
        >>> ag.ops.take(ag.constant([1.0, 2.0, 3.0]), ag.constant([2, 0])).numpy()
        array([3., 1.], dtype=float32)
    """
    rank = rank_of(x)
    if axis is None and rank != 1:
        refuse(ShapeError, f"take from a tensor of {rank} dimensions needs an axis", "give axis=")
    place = normalized_axis(0 if axis is None else axis, rank)
    found = np.asarray(indices) if isinstance(indices, list) else indices
    return getitem(x, (slice(None),) * place + (found,) if place else found)


def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    """The elements at indices of the same rank along an axis.

    Args:
        x: tensor.
        indices: integer tensor of the rank of x whose other sizes broadcast against x's.
        axis: the axis.

    Returns:
        A tensor of the shape of the indices.

    Example:
        >>> import autograph as ag
        >>> ag.ops.take_along_axis(ag.constant([[1.0, 2.0], [3.0, 4.0]]), ag.constant([[1], [0]])).numpy()
        array([[2.],
               [3.]], dtype=float32)
    """
    own, shape = shape_of(x), shape_of(indices)
    if len(own) != len(shape):
        refuse(ShapeError, f"take_along_axis of shapes {own} and {shape}: the ranks differ", "reshape the indices")
    place = normalized_axis(axis, len(shape))
    others = broadcast((*own[:place], 1, *own[place + 1 :]), (*shape[:place], 1, *shape[place + 1 :]))
    x = _spread_over(x, others, place)
    indices = _spread_over(indices, others, place)
    shape = shape_of(indices)
    key = []
    for i, dim in enumerate(shape):
        if i == place:
            key.append(indices)
        else:
            key.append(broadcast_to(reshape(arange(dim), [-1 if j == i else 1 for j in range(len(shape))]), shape))
    return getitem(x, tuple(key))


def _spread_over(x: Any, others: tuple[Dim, ...], axis: int) -> Any:
    """A tensor broadcast along all axes but one."""
    shape = shape_of(x)
    wanted = (*others[:axis], shape[axis], *others[axis + 1 :])
    return x if shape == wanted else broadcast_to(x, wanted)
