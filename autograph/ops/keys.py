"""Keys of indexing: static templates (attributes) with holes for tensors (operands), and what shape they select."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from autograph.errors import DTypeError, GraphTensorError, ShapeError, TensorIndexError
from autograph.ops.index_bounds import mask_fits, number_in_axis, tensor_in_axis
from autograph.ops.rules import dtype_of
from autograph.runtime.attribute_text import register_record
from autograph.runtime.dims import Dim, SymbolicDim, known_at_least, max_dim, min_dim
from autograph.runtime.failure import Requirement
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.structure_ops import known_dim
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable


@register_record
@dataclass(frozen=True, slots=True)
class Hole:
    """The place of the next index tensor in a key; `mask` for a bool one."""

    mask: bool = False


@register_record
@dataclass(frozen=True, slots=True)
class Slice:
    """A slice whose bounds are known sizes or absent."""

    start: Dim | None
    stop: Dim | None
    step: int | None


Part = int | Hole | Slice | None | EllipsisType


Key = tuple[Part, ...]


def parsed_key(key: Any) -> tuple[Key, list[Any]]:
    parts, tensors = [], []
    for part in key if isinstance(key, tuple) else (key,):
        made = _part(part)
        if isinstance(made, Hole):
            tensors.append(np.asarray(part) if isinstance(part, list) else part)
        parts.append(made)
    return tuple(parts), tensors


def _part(part: Any) -> Part:
    if part is None or part is Ellipsis or (isinstance(part, int) and not isinstance(part, bool)):
        return part
    if isinstance(part, slice):
        return Slice(_bound(part.start), _bound(part.stop), _step(part.step))
    if isinstance(part, np.integer):
        return int(part)
    if isinstance(part, list):
        part = np.asarray(part)
    if isinstance(part, Variable | np.ndarray | Tensor) or hasattr(part, "__autograph_tensor__"):
        dtype = dtype_of(part.value() if isinstance(part, Variable) else part)
        if not (dtype.is_integer or dtype.is_bool):
            refuse(
                DTypeError, f"a tensor of dtype {dtype.name} cannot be an index", "cast it: ag.ops.astype(i, ag.int64)"
            )
        return Hole(dtype.is_bool)
    refuse(
        DTypeError,
        f"{part!r} cannot be an index of a tensor",
        "use ints, slices, None, ..., or integer and bool tensors",
    )


def _bound(bound: Any) -> Dim | None:
    if bound is None or isinstance(bound, int | SymbolicDim):
        return bound
    if isinstance(bound, Tensor):
        known = known_dim(bound)
        if known is not None:
            return known
        if bound.is_graph:
            refuse(
                GraphTensorError,
                "a slice bound is a tensor whose value only the running graph knows",
                "index by ag.ops.arange, or use a mask",
            )
    return int(bound)


def _step(step: Any) -> int | None:
    if step is None:
        return None
    if int(step) == 0:
        refuse(ShapeError, "slice step cannot be zero", "use a step of at least 1, or -1 to go backwards")
    return int(step)


def numpy_key(key: Key, tensors: list[Any], xp: Any = np) -> Any:
    """The key as NumPy, or a module like it, takes it."""
    rest = iter(tensors)
    parts: list[Any] = []
    for part in key:
        if isinstance(part, Hole):
            parts.append(xp.asarray(next(rest)))
        elif isinstance(part, Slice):
            parts.append(slice(part.start, part.stop, part.step))
        else:
            parts.append(part)
    return tuple(parts)


def expanded(key: Key, rank: int) -> list[Part]:
    """The key without the ellipsis, one part an axis (and None for new axes)."""
    used = sum(part is not None and part is not Ellipsis for part in key)
    if used > rank:
        refuse(
            TensorIndexError, f"too many indices: {used} for a tensor of {rank} dimensions", "use one an axis at most"
        )
    missing: list[Part] = [Slice(None, None, None)] * (rank - used)
    parts = list(key)
    at = next((i for i, part in enumerate(parts) if part is Ellipsis), len(parts))
    return [*parts[:at], *missing, *parts[at + 1 :]]


def _length(part: Slice, size: Dim) -> Dim:
    """The number of elements in a slice of an axis, as `slice.indices` counts them."""
    if isinstance(size, int) and all(isinstance(b, int | None) for b in (part.start, part.stop)):
        return len(range(*slice(part.start, part.stop, part.step).indices(size)))
    step = 1 if part.step is None else part.step
    low, high = (0, size) if step > 0 else (-1, size - 1)
    first, last = (low, high) if step > 0 else (high, low)
    start = first if part.start is None else _clamped(_from_end(part.start, size), low, high)
    stop = last if part.stop is None else _clamped(_from_end(part.stop, size), low, high)
    span = stop - start if step > 0 else start - stop
    count = span if known_at_least(span, 0) is True else max_dim(span, 0)
    return (count + abs(step) - 1) // abs(step)


def _from_end(bound: Dim, size: Dim) -> Dim:
    return size + bound if isinstance(bound, int) and bound < 0 else bound


def _clamped(bound: Dim, low: int, high: Dim) -> Dim:
    if known_at_least(high - bound, 0) is True and known_at_least(bound, low) is True:
        return bound
    return max_dim(min_dim(bound, high), low)


def indexed_shape(
    shape: tuple[Dim, ...], key: Key, tensors: list[tuple[Dim, ...]], binds: tuple[SymbolicDim, ...]
) -> tuple[Dim, ...]:
    """The shape of `x[key]`, by NumPy's rules of basic and advanced indexing."""
    masks = sum(isinstance(part, Hole) and part.mask for part in key)
    if masks:
        return _masked_shape(shape, key, tensors, binds)
    out: list[Dim] = []
    axis, place, spread = 0, -1, False
    arrays: list[tuple[Dim, ...]] = []
    rest = iter(tensors)
    last = -2
    for position, part in enumerate(expanded(key, len(shape))):
        if part is None:
            out.append(1)
            continue
        if isinstance(part, Slice):
            out.append(_length(part, shape[axis]))
        elif isinstance(part, Hole) or any(isinstance(p, Hole) for p in key):
            if place < 0:
                place = len(out)
            spread = spread or (last >= 0 and position != last + 1)
            last = position
            arrays.append(next(rest) if isinstance(part, Hole) else ())
        if isinstance(part, int):
            _require_in_range(part, shape[axis])
        axis += 1
    if arrays:
        place = 0 if spread else place
        out[place:place] = broadcast(*arrays)
    return tuple(out)


def _require_in_range(index: int, size: Dim) -> None:
    if isinstance(size, int) and not -size <= index < size:
        raise IndexError(f"index {index} is out of bounds for an axis of size {size}")


def _masked_shape(
    shape: tuple[Dim, ...], key: Key, tensors: list[tuple[Dim, ...]], binds: tuple[SymbolicDim, ...]
) -> tuple[Dim, ...]:
    if len(tensors) != 1 or not all(isinstance(part, Hole | Slice | EllipsisType) for part in key):
        refuse(GraphTensorError, "a mask together with other index tensors", "use ag.ops.where, or index in two steps")
    at = next(i for i, part in enumerate(key) if isinstance(part, Hole))
    if any(part != Slice(None, None, None) for part in key[:at] + key[at + 1 :]) or Ellipsis in key[:at]:
        refuse(GraphTensorError, "a mask together with slices", "index in two steps")
    count = len(tensors[0])
    return (*shape[:at], binds[0], *shape[at + count :])


def in_bounds(x: Tensor, key: Key, indices: Sequence[Tensor]) -> list[Requirement]:
    """What the indices of a key have to be, axis by axis."""
    shape, rest, axis = x.type.shape, iter(indices), 0
    found: list[Requirement] = []
    for part in _axis_parts(key, len(shape), indices):
        if isinstance(part, Hole):
            index = next(rest)
            if part.mask:
                found += mask_fits(index.type.shape, shape[axis:], axis)
                axis += len(index.type.shape)
                continue
            found += tensor_in_axis(index, shape[axis], axis)
        elif isinstance(part, int):
            found += number_in_axis(part, shape[axis], axis)
        axis += part is not None
    return found


def _axis_parts(key: Key, rank: int, indices: Sequence[Tensor]) -> list[Part]:
    """The key's parts without an ellipsis that stands before others (a mask takes as many axes as it has)."""
    if any(isinstance(part, Hole) and part.mask for part in key):
        return [part for part in key if part is not Ellipsis]
    return expanded(key, rank)
