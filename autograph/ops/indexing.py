"""Indexing: `x[key]`, and values with other elements at a key.

A key becomes a static template (attribute) with holes for tensors (operands). The reverse of reading is adding at
the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from autograph.errors import DTypeError, GraphTensorError, ShapeError, TensorIndexError
from autograph.ops.casts import astype
from autograph.ops.index_bounds import mask_fits, number_in_axis, tensor_in_axis, value_fits
from autograph.ops.lists import zeros_like_any
from autograph.ops.ranges import arange
from autograph.ops.rules import dtype_of, normalized_axis, rank_of
from autograph.ops.shape import broadcast_to, reshape, shape_of, sum_to
from autograph.runtime.apply import apply
from autograph.runtime.attribute_text import register_record
from autograph.runtime.context import current_trace, is_recording
from autograph.runtime.dims import Dim, SymbolicDim, known_at_least, known_equal, max_dim, min_dim, shape_text
from autograph.runtime.failure import Requirement
from autograph.runtime.number_range import require_range
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import broadcast
from autograph.runtime.structure_ops import known_dim
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType
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


def _parsed(key: Any) -> tuple[Key, list[Any]]:
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


def numpy_key(key: Key, tensors: list[Any]) -> Any:
    """The key as NumPy takes it."""
    rest = iter(tensors)
    parts: list[Any] = []
    for part in key:
        if isinstance(part, Hole):
            parts.append(np.asarray(next(rest)))
        elif isinstance(part, Slice):
            parts.append(slice(part.start, part.stop, part.step))
        else:
            parts.append(part)
    return tuple(parts)


def _expanded(key: Key, rank: int) -> list[Part]:
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


def _getitem_type(x: TensorType, *indices: TensorType, key: Key, binds: tuple[SymbolicDim, ...] = ()) -> TensorType:
    shape = indexed_shape(x.shape, key, [i.shape for i in indices], binds)
    return TensorType(x.dtype, shape)


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
    for position, part in enumerate(_expanded(key, len(shape))):
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


def _in_bounds(x: Tensor, key: Key, indices: Sequence[Tensor]) -> list[Requirement]:
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
    return _expanded(key, rank)


def _getitem_vjp(ct: Tensor, out: Tensor, x: Tensor, *indices: Tensor, key: Key, binds: Any = ()) -> tuple[Any, ...]:
    zeros = zeros_like_any(x)
    return apply(index_add_op, zeros, ct, *indices, key=key), *[None for _ in indices]


getitem_op = Op(
    "getitem",
    kind=Kind.INDEXING,
    infer=_getitem_type,
    kernel=lambda xp, x, *indices, key, binds=(): np.asarray(x)[numpy_key(key, list(indices))],
    vjp=_getitem_vjp,
    effects=Effect.FAIL,
    requires=lambda x, *indices, key, binds=(): _in_bounds(x, key, indices),
)


def _written_type(x: TensorType, value: TensorType, *indices: TensorType, key: Key) -> TensorType:
    if not any(isinstance(part, Hole) and part.mask for part in key):
        place = indexed_shape(x.shape, key, [i.shape for i in indices], ())
        _require_fit(value.shape, place)
    return x


def _require_fit(shape: tuple[Dim, ...], place: tuple[Dim, ...]) -> None:
    """Refuses a value that surely cannot be stored; sizes that only the graph knows are compared when it runs."""
    sizes = list(shape)
    while len(sizes) > len(place) and sizes[0] == 1:
        del sizes[0]
    pairs = list(zip(reversed(sizes), reversed(place), strict=False))
    if len(sizes) > len(place) or any(size != 1 and known_equal(size, wanted) is False for size, wanted in pairs):
        refuse(
            ShapeError,
            f"a value of shape {shape_text(shape)} is stored into a place of shape {shape_text(place)}",
            "store a value that broadcasts to the place",
        )


def _add_kernel(xp: Any, x: Any, value: Any, *indices: Any, key: Key) -> Any:
    out = np.array(x)
    np.add.at(out, numpy_key(key, list(indices)), value) if indices else _add_basic(out, numpy_key(key, []), value)
    return out


def _add_basic(out: Any, key: Any, value: Any) -> None:
    out[key] += value


index_add_op = Op(
    "index_add",
    kind=Kind.INDEXING,
    infer=_written_type,
    kernel=_add_kernel,
    vjp=lambda ct, out, x, value, *indices, key: (ct, _read(ct, indices, key, value), *[None for _ in indices]),
    effects=Effect.FAIL,
    requires=lambda x, value, *indices, key: _in_bounds(x, key, indices),
)


def _read(ct: Tensor, indices: tuple[Any, ...], key: Key, value: Any) -> Any:
    return sum_to(apply(getitem_op, ct, *indices, key=key, binds=_fresh(key)), shape_of(value))


def _fresh(key: Key) -> tuple[SymbolicDim, ...]:
    trace = current_trace()
    if trace is None or not any(isinstance(part, Hole) and part.mask for part in key):
        return ()
    return (trace.fresh_symbol(),)


def _set_kernel(xp: Any, x: Any, value: Any, *indices: Any, key: Key) -> Any:
    out = np.array(x)
    out[numpy_key(key, list(indices))] = value
    return out


def _set_vjp(ct: Tensor, out: Tensor, x: Tensor, value: Tensor, *indices: Tensor, key: Key) -> tuple[Any, ...]:
    cleared = apply(setitem_op, ct, zeros_like_any(value), *indices, key=key)
    return cleared, _read(ct, indices, key, value), *[None for _ in indices]


def _fits(x: Tensor, value: Tensor, indices: Sequence[Tensor], key: Key) -> list[Requirement]:
    if any(isinstance(part, Hole) and part.mask for part in key):
        return []
    return value_fits(value.type.shape, indexed_shape(x.type.shape, key, [i.type.shape for i in indices], ()))


setitem_op = Op(
    "setitem",
    kind=Kind.INDEXING,
    infer=_written_type,
    kernel=_set_kernel,
    vjp=_set_vjp,
    effects=Effect.FAIL,
    requires=lambda x, value, *indices, key: [*_in_bounds(x, key, indices), *_fits(x, value, indices, key)],
)


_NUMBERS_AND_NONE = (int, type(None), EllipsisType)


def _is_basic(key: Any) -> bool:
    """Whether NumPy takes a key as it is: numbers, slices of numbers, one array of integers."""
    kind = type(key)
    if kind is int:
        return True
    if kind is Tensor:
        return isinstance(key._value, np.ndarray) and key.dtype.is_integer
    if kind is slice:
        known = type(key.start) in _NUMBERS_AND_NONE and type(key.stop) in _NUMBERS_AND_NONE
        return known and type(key.step) in _NUMBERS_AND_NONE
    if kind is tuple:
        return all(type(part) not in (tuple, Tensor) and _is_basic(part) for part in key)
    return kind in _NUMBERS_AND_NONE


def getitem(x: Any, key: Any) -> Any:
    """`x[key]`: ints, slices, None, `...`, integer tensors and one bool mask, by NumPy's rules.

    Args:
        x: tensor.
        key: the key; a list of ints counts as an integer array.

    Returns:
        The elements at the key, a copy.

    Raises:
        IndexError: an index is out of range; at run time where only the graph knows.

    Example:
        >>> import autograph as ag
        >>> ag.ops.getitem(ag.constant([1.0, 2.0, 3.0]), slice(1, None)).numpy()
        array([2., 3.], dtype=float32)
    """
    if type(x) is Tensor and not is_recording() and isinstance(x._value, np.ndarray) and _is_basic(key):
        try:
            return Tensor(x._value[key._value if type(key) is Tensor else key])
        except (IndexError, ValueError):
            pass  # refused below, in the user's terms
    parsed, tensors = _parsed(key)
    return apply(getitem_op, x, *tensors, key=parsed, binds=_fresh(parsed)) if rank_of(x) or parsed else x


def setitem(x: Any, key: Any, value: Any) -> Any:
    """`x` with `value` at a key; `x` itself stays.

    Args:
        x: tensor.
        key: as in `getitem`.
        value: tensor or number that broadcasts to the shape of `x[key]`; it takes the dtype of x.

    Returns:
        A tensor of the shape and dtype of x.

    Raises:
        IndexError: an index is out of range.
        DTypeError: the value's dtype does not fit in x's.
        OverflowError: the value is a Python integer that x's dtype cannot hold.

    Example:
        >>> import autograph as ag
        >>> ag.ops.setitem(ag.constant([1.0, 2.0]), 0, 5).numpy()
        array([5., 2.], dtype=float32)
    """
    parsed, tensors = _parsed(key)
    dtype = dtype_of(x)
    if dtype_of(value).is_inexact and not dtype.is_inexact:
        refuse(
            DTypeError, f"a {dtype_of(value).name} value is stored into a tensor of {dtype.name}", "cast one of them"
        )
    require_range(value, dtype)
    return apply(setitem_op, x, astype(value, dtype), *tensors, key=parsed)


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
    return getitem(x, (slice(None),) * place + (np.asarray(indices) if isinstance(indices, list) else indices,))


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
