"""Tensors taken apart along an axis, and joined as NumPy's stacks are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from autograph.errors import GraphTensorError, ShapeError
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.creation import as_tensor
from autograph.ops.joining import concat
from autograph.ops.rules import normalized_axis
from autograph.ops.shape import expand_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def _cut(x: Any, axis: int, bounds: Sequence[Dim]) -> list[Any]:
    """The parts between neighbouring bounds."""
    return [apply(slice_axis_op, x, axis=axis, start=low, size=high - low) for low, high in itertools.pairwise(bounds)]


def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts of a tensor along an axis, of equal size where their number is given.

    Args:
        x: tensor.
        indices_or_sections: how many parts, or the places at which parts begin.
        axis: the axis.

    Returns:
        A list of tensors.

    Raises:
        ShapeError: there is no division into as many equal parts.

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.split(ag.ops.arange(4), 2)]
        [[0, 1], [2, 3]]
    """
    x = as_tensor(x)
    place = normalized_axis(axis, x.ndim)
    size = x.type.shape[place]
    if not isinstance(indices_or_sections, int):
        bounds = [None, *indices_or_sections, None]
        return [x[(slice(None),) * place + (slice(*part),)] for part in itertools.pairwise(bounds)]
    count = indices_or_sections
    if count < 1:
        refuse(ShapeError, f"split into {count} parts", "give one at least")
    require_equal(size % count, 0, f"split of an axis of size {size} into {count} equal parts", "use array_split")
    return _cut(x, place, [i * (size // count) for i in range(count + 1)])


def array_split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts of a tensor along an axis, the first of which may be longer by one element.

    Args:
        x: tensor.
        indices_or_sections: how many parts, or the places at which parts begin.
        axis: the axis.

    Returns:
        A list of tensors.

    Raises:
        GraphTensorError: the size of the axis is known at run time only.

    Example:
        >>> import autograph as ag
        >>> [part.numpy().tolist() for part in ag.ops.array_split(ag.ops.arange(3), 2)]
        [[0, 1], [2]]
    """
    x = as_tensor(x)
    place = normalized_axis(axis, x.ndim)
    size = x.type.shape[place]
    if not isinstance(indices_or_sections, int):
        return split(x, indices_or_sections, axis)
    if not isinstance(size, int):
        refuse(
            GraphTensorError,
            f"array_split of an axis of size '{size}', known at run time only",
            "use split, whose parts are equal",
        )
    least, more = divmod(size, indices_or_sections)
    return _cut(x, place, [i * least + min(i, more) for i in range(indices_or_sections + 1)])


def hsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Parts of a tensor along its second axis (of vectors, the first).

    Args:
        x: tensor.
        indices_or_sections: how many equal parts, or the places at which parts begin.

    Returns:
        A list of tensors.

    Example:
        >>> import autograph as ag
        >>> [part.shape for part in ag.ops.hsplit(ag.ops.zeros((2, 2, 2)), 2)]
        [(2, 1, 2), (2, 1, 2)]
    """
    return split(x, indices_or_sections, 1 if as_tensor(x).ndim > 1 else 0)


def vsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Parts of a tensor along its first axis.

    Args:
        x: tensor.
        indices_or_sections: how many equal parts, or the places at which parts begin.

    Returns:
        A list of tensors.

    Example:
        >>> import autograph as ag
        >>> [part.shape for part in ag.ops.vsplit(ag.ops.zeros((2, 2, 2)), 2)]
        [(1, 2, 2), (1, 2, 2)]
    """
    return split(x, indices_or_sections, 0)


def dsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Parts of a tensor along its third axis.

    Args:
        x: tensor.
        indices_or_sections: how many equal parts, or the places at which parts begin.

    Returns:
        A list of tensors.

    Example:
        >>> import autograph as ag
        >>> [part.shape for part in ag.ops.dsplit(ag.ops.zeros((2, 2, 2)), 2)]
        [(2, 2, 1), (2, 2, 1)]
    """
    return split(x, indices_or_sections, 2)


def _of_rank(x: Any, rank: int) -> Any:
    """A tensor with at least as many axes: rows for two, planes with a last axis of size 1 for three."""
    x = as_tensor(x)
    if x.ndim >= rank:
        return x
    if rank < 3:
        return reshape(x, (*[1] * (rank - x.ndim), *x.type.shape))
    return expand_dims(_of_rank(x, 2), 2)


def hstack(xs: Sequence[Any]) -> Any:
    """Tensors joined along their second axis (of vectors, the first).

    Args:
        xs: tensors whose other sizes agree.

    Returns:
        The joined tensor.

    Raises:
        ShapeError: other sizes differ, or there are no tensors.

    Example:
        >>> import autograph as ag
        >>> ag.ops.hstack([ag.constant([1, 2]), ag.constant([3, 4])]).numpy()
        array([1, 2, 3, 4])
    """
    tensors = [_of_rank(x, 1) for x in xs]
    return concat(tensors, 1 if tensors and tensors[0].ndim > 1 else 0)


def vstack(xs: Sequence[Any]) -> Any:
    """Tensors joined along their first axis, vectors as rows.

    Args:
        xs: tensors whose other sizes agree.

    Returns:
        The joined tensor.

    Raises:
        ShapeError: other sizes differ, or there are no tensors.

    Example:
        >>> import autograph as ag
        >>> ag.ops.vstack([ag.constant([1, 2]), ag.constant([3, 4])]).numpy()
        array([[1, 2],
               [3, 4]])
    """
    return concat([_of_rank(x, 2) for x in xs], 0)


def dstack(xs: Sequence[Any]) -> Any:
    """Tensors joined along their third axis.

    Args:
        xs: tensors whose other sizes agree.

    Returns:
        The joined tensor.

    Raises:
        ShapeError: other sizes differ, or there are no tensors.

    Example:
        >>> import autograph as ag
        >>> ag.ops.dstack([ag.constant([1, 2]), ag.constant([3, 4])]).numpy()
        array([[[1, 3],
                [2, 4]]])
    """
    return concat([_of_rank(x, 3) for x in xs], 2)


def append(x1: Any, x2: Any, axis: int | None = None) -> Any:
    """One tensor after another along an axis.

    Args:
        x1: tensor.
        x2: tensor whose other sizes agree.
        axis: the axis; None joins the flattened tensors.

    Returns:
        The joined tensor.

    Raises:
        ShapeError: ranks or other sizes differ.

    Example:
        >>> import autograph as ag
        >>> ag.ops.append(ag.constant([1, 2]), ag.constant([3])).numpy()
        array([1, 2, 3])
    """
    return concat([as_tensor(x1), as_tensor(x2)], axis)
