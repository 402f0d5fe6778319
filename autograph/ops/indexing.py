"""Indexing: `x[key]`, and values with other elements at a key. The reverse of reading is adding at the key."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.broadcasting import sum_to
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.extents import shape_of
from autograph.ops.index_bounds import mask_takes, value_fits
from autograph.ops.keys import Hole, Key, in_bounds, indexed_shape, numpy_key, parsed_key
from autograph.ops.lists import zeros_like_any
from autograph.ops.masked_writes import has_mask, is_plain, require_mask_rank, write_masked
from autograph.ops.rules import dtype_of, rank_of
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace, is_recording
from autograph.runtime.dims import Dim, SymbolicDim, known_equal, shape_text
from autograph.runtime.failure import Requirement
from autograph.runtime.number_range import require_range
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType


def _getitem_type(x: TensorType, *indices: TensorType, key: Key, binds: tuple[SymbolicDim, ...] = ()) -> TensorType:
    require_mask_rank(len(x.shape), key, [len(i.shape) for i in indices])
    shape = indexed_shape(x.shape, key, [i.shape for i in indices], binds)
    return TensorType(x.dtype, shape)


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
    requires=lambda x, *indices, key, binds=(): in_bounds(x, key, indices),
)


def _written_type(x: TensorType, value: TensorType, *indices: TensorType, key: Key) -> TensorType:
    require_mask_rank(len(x.shape), key, [len(i.shape) for i in indices])
    if not has_mask(key):
        place = indexed_shape(x.shape, key, [i.shape for i in indices], ())
        sizes = list(value.shape)
        while len(sizes) > len(place) > 0 and sizes[0] == 1:  # NumPy stores such values too
            del sizes[0]
        _require_fit(value.shape, sizes, place)
    elif key == (Hole(True),):
        tail = x.shape[len(indices[0].shape) :]
        _require_fit(value.shape, value.shape[-len(tail) :] if tail else (), tail)
    return x


def _added_type(x: TensorType, value: TensorType, *indices: TensorType, key: Key) -> TensorType:
    require_mask_rank(len(x.shape), key, [len(i.shape) for i in indices])
    if not has_mask(key):
        _require_fit(value.shape, value.shape, indexed_shape(x.shape, key, [i.shape for i in indices], ()))
    return x


def _require_fit(shape: Sequence[Dim], sizes: Sequence[Dim], place: Sequence[Dim]) -> None:
    """Refuses a value that surely cannot be stored; sizes that only the graph knows are compared when it runs."""
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
    infer=_added_type,
    kernel=_add_kernel,
    vjp=lambda ct, out, x, value, *indices, key: (ct, _read(ct, indices, key, value), *[None for _ in indices]),
    effects=Effect.FAIL,
    requires=lambda x, value, *indices, key: in_bounds(x, key, indices),
)


def _read(ct: Tensor, indices: tuple[Any, ...], key: Key, value: Any) -> Any:
    return sum_to(apply(getitem_op, ct, *indices, key=key, binds=_fresh(key)), shape_of(value))


def _fresh(key: Key) -> tuple[SymbolicDim, ...]:
    trace = current_trace()
    if trace is None or not has_mask(key):
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
    if has_mask(key):
        return mask_takes(indices[0], value.type.shape, x.type.shape) if key == (Hole(True),) else []
    return value_fits(value.type.shape, indexed_shape(x.type.shape, key, [i.type.shape for i in indices], ()))


setitem_op = Op(
    "setitem",
    kind=Kind.INDEXING,
    infer=_written_type,
    kernel=_set_kernel,
    vjp=_set_vjp,
    effects=Effect.FAIL,
    requires=lambda x, value, *indices, key: [*in_bounds(x, key, indices), *_fits(x, value, indices, key)],
)


_NUMBERS_AND_NONE = (int, type(None), EllipsisType)


def _is_basic(key: Any) -> bool:
    """Whether NumPy takes a key as it is: numbers, slices of numbers, one array of integers or one mask."""
    kind = type(key)
    if kind is int:
        return True
    if kind is Tensor:
        value = key._value
        return isinstance(value, np.ndarray) and (key.dtype.is_integer or (key.dtype.is_bool and value.ndim > 0))
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
    parsed, tensors = parsed_key(key)
    return apply(getitem_op, x, *tensors, key=parsed, binds=_fresh(parsed)) if rank_of(x) or parsed else x


def index_add(x: Any, key: Any, value: Any) -> Any:
    """`x` with `value` added at a key; what a key names twice is added twice.

    Args:
        x: tensor.
        key: as in `getitem`.
        value: tensor or number that broadcasts to the shape of `x[key]`; it takes the dtype of x.

    Returns:
        A tensor of the shape and dtype of x.

    Raises:
        IndexError: an index is out of range.

    Example:
        >>> import autograph as ag
        >>> ag.ops.indexing.index_add(ag.constant([1.0, 2.0]), ag.constant([0, 0]), 5).numpy()
        array([11.,  2.], dtype=float32)
    """
    parsed, tensors = parsed_key(key)
    return _written(index_add_op, x, astype(value, dtype_of(x)), tensors, parsed)


def _written(op: Op, x: Any, value: Any, tensors: list[Any], key: Key) -> Any:
    if has_mask(key) and is_recording() and (current_trace() is not None or is_plain(key)):
        return write_masked(op, as_tensor(x), as_tensor(value), tensors, key)
    return apply(op, x, value, *tensors, key=key)


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
    parsed, tensors = parsed_key(key)
    dtype = dtype_of(x)
    if dtype_of(value).is_inexact and not dtype.is_inexact:
        refuse(
            DTypeError, f"a {dtype_of(value).name} value is stored into a tensor of {dtype.name}", "cast one of them"
        )
    require_range(value, dtype)
    return _written(setitem_op, x, astype(value, dtype), tensors, parsed)
