"""Blocks and elements at places that tensors say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import DTypeError, ShapeError
from autograph.ops.creation import as_tensor, zeros
from autograph.ops.extents import dims_of_shape
from autograph.ops.indexing import getitem, index_add, setitem
from autograph.ops.ranges import arange
from autograph.ops.shape import reshape
from autograph.runtime.refusal import refuse


def _places(indices: Any, rank: int, what: str) -> tuple[Any, ...]:
    """A key of one index tensor an axis, from indices [..., k]."""
    places = as_tensor(indices)
    if not places.dtype.is_integer:
        refuse(DTypeError, f"{what} at indices {places.type}", "give integers")
    count = places.type.shape[-1] if places.ndim else 0
    if not isinstance(count, int) or not 0 < count <= rank:
        refuse(ShapeError, f"{what} at indices {places.type} of a tensor of {rank} dimensions", "give [..., k] indices")
    return tuple([places[..., i] for i in range(count)])


def _block(start_indices: Any, sizes: Sequence[Any]) -> tuple[Any, ...]:
    """A key of the block of given sizes that begins at indices: one index tensor an axis, which broadcast to it."""
    starts = list(start_indices) if isinstance(start_indices, list | tuple) else _starts(as_tensor(start_indices))
    if len(starts) != len(sizes):
        refuse(ShapeError, f"{len(starts)} start indices for a block of shape {tuple(sizes)}", "give one for each axis")
    key = []
    for axis, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        places = arange(size) + start
        key.append(reshape(places, [-1 if i == axis else 1 for i in range(len(sizes))]))
    return tuple(key)


def _starts(x: Any) -> list[Any]:
    size = x.type.shape[0] if x.type.shape else None
    if not isinstance(size, int):
        refuse(ShapeError, f"start indices {x.type}", "give a vector of known size")
    return [x[i] for i in range(size)]


def scatter(indices: Any, values: Any, shape: Any) -> Any:
    """Zeros, with values added at indices.

    Args:
        indices: integer tensor [..., k] of places in the first k axes.
        values: tensor [..., *rest] of what is added; places that occur again get sums.
        shape: the sizes of the result.

    Returns:
        A tensor of that shape, of the dtype of the values.

    Raises:
        DTypeError: the indices are no integers.
        IndexError: an index is out of range.
        ShapeError: the shapes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.scatter(ag.constant([[0], [2], [0]]), ag.constant([1.0, 2.0, 3.0]), (3,)).numpy()
        array([4., 0., 2.], dtype=float32)
    """
    parts = as_tensor(values)
    sizes = dims_of_shape(shape)
    return index_add(zeros(sizes, parts.dtype), _places(indices, len(sizes), "scatter"), parts)


def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Any:
    """A tensor with other elements at indices.

    Args:
        inputs: tensor.
        indices: integer tensor [..., k] of places in the first k axes.
        updates: tensor [..., *rest] of the elements.
        reduction: None to replace elements, "add" to add to them.

    Returns:
        A tensor of the shape and dtype of inputs.

    Raises:
        DTypeError: the indices are no integers.
        IndexError: an index is out of range.
        ShapeError: the shapes do not fit.
        ValueError: there is no such reduction.

    Example:
        >>> import autograph as ag
        >>> ag.ops.scatter_update(ag.ops.zeros((3,)), ag.constant([[0], [2]]), ag.constant([1.0, 2.0])).numpy()
        array([1., 0., 2.], dtype=float32)
    """
    x = as_tensor(inputs)
    if reduction not in (None, "add"):
        raise ValueError(f"reduction is {reduction!r}, and has to be None or 'add'")
    write = setitem if reduction is None else index_add
    return write(x, _places(indices, x.ndim, "scatter_update"), updates)


def slice(inputs: Any, start_indices: Any, shape: Any) -> Any:
    """The block of a tensor that begins at indices.

    Args:
        inputs: tensor.
        start_indices: the index of its first element along each axis: numbers, scalar tensors, or an integer tensor
            [rank].
        shape: its sizes.

    Returns:
        A tensor of that shape.

    Raises:
        IndexError: the block reaches beyond the tensor.
        ShapeError: there is not one index and size for each axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.slice(ag.constant([1, 2, 3, 4]), ag.constant([1]), (2,)).numpy()
        array([2, 3])
    """
    x = as_tensor(inputs)
    sizes = dims_of_shape(shape)
    if len(sizes) != x.ndim:
        refuse(ShapeError, f"slice of shape {sizes} of a tensor {x.type}", "give a size for each axis")
    return getitem(x, _block(start_indices, sizes))


def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Any:
    """A tensor with another block at indices.

    Args:
        inputs: tensor.
        start_indices: the index of its first element along each axis: numbers, scalar tensors, or an integer tensor
            [rank].
        updates: tensor, the block.

    Returns:
        A tensor of the shape and dtype of inputs.

    Raises:
        IndexError: the block reaches beyond the tensor.
        ShapeError: there is not one index and size for each axis.

    Example:
        >>> import autograph as ag
        >>> ag.ops.slice_update(ag.ops.zeros((4,)), ag.constant([1]), ag.ops.ones((2,))).numpy()
        array([0., 1., 1., 0.], dtype=float32)
    """
    x, block = as_tensor(inputs), as_tensor(updates)
    if block.ndim != x.ndim:
        refuse(ShapeError, f"slice_update of {x.type} with a block {block.type}", "give a block of as many dimensions")
    return setitem(x, _block(start_indices, block.type.shape), block)
