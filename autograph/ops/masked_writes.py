"""Writing at a key of one mask and slices, numbers or new axes: a write at the mask alone, on the axes of the mask."""

from __future__ import annotations

from types import EllipsisType
from typing import Any

from autograph.errors import GraphTensorError, ShapeError, TensorIndexError, TensorUseError
from autograph.ops.keys import Hole, Key, Part, Slice
from autograph.ops.rules import rank_of
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import shape_text
from autograph.runtime.op import Op, get_op
from autograph.runtime.refusal import refuse

_ALL = Slice(None, None, None)
_MASK = Hole(True)


def has_mask(key: Key) -> bool:
    """Whether a mask is one of a key's parts."""
    return any(isinstance(part, Hole) and part.mask for part in key)


def require_mask_rank(rank: int, key: Key, ranks: list[int]) -> None:
    """Refuses a mask of more dimensions than are left for it.

    Raises:
        TensorIndexError: the key has too many indices.
    """
    used = sum(ranks) if has_mask(key) else 0
    used += sum(part is not None and not isinstance(part, Hole | EllipsisType) for part in key)
    if has_mask(key) and used > rank:
        what = f"too many indices: {used} for a tensor of {rank} dimensions"
        refuse(TensorIndexError, what, "use one an axis at most; a mask counts as its dimensions")


def is_plain(key: Key) -> bool:
    """Whether `write_masked` takes a key: one mask, no other tensors, and numbers only beside the mask."""
    places = [i for i, part in enumerate(key) if isinstance(part, int | Hole)]
    return sum(isinstance(part, Hole) for part in key) == 1 and places[-1] - places[0] < len(places)


def write_masked(op: Op, x: Any, value: Any, tensors: list[Any], key: Key) -> Any:
    """`x` with a value set, or added, at a key that has a mask.

    Args:
        op: `setitem` or `index_add`.
        x: tensor.
        value: what to write, of the dtype of x.
        tensors: the mask, which has to be the only one.
        key: the key.

    Raises:
        GraphTensorError: there are other tensors, or numbers apart from the mask, where NumPy would reorder axes.
    """
    if len(tensors) > 1:
        refuse(GraphTensorError, "a mask together with other index tensors", "use ag.ops.where, or index in two steps")
    if not is_plain(key):
        refuse(GraphTensorError, "a mask together with a number elsewhere in the key", "index in two steps")
    (mask,) = tensors
    wide = rank_of(mask)
    if key == (_MASK,):
        if rank_of(value) > 1 and wide == rank_of(x):
            what = f"a value of shape {shape_text(value.type.shape)} is stored where a mask chooses single elements"
            refuse(TensorUseError, what, "store a number or a vector")
        return apply(op, x, _in_order(value, 0, rank_of(x) - wide + 1), mask, key=key)
    parts = _expanded(key, rank_of(x), wide)
    at = parts.index(_MASK)
    basic: Key = (*parts[:at], *[_ALL] * wide, *parts[at + 1 :])
    whole = all(part == _ALL for part in basic)
    part = x if whole else apply(get_op("getitem"), x, key=basic, binds=())
    lead = sum(not isinstance(before, int) for before in parts[:at])
    rank = rank_of(part)
    order = [*range(lead, lead + wide), *range(lead), *range(lead + wide, rank)]
    written = apply(op, permute_dims(part, order), _in_order(value, lead, rank - wide + 1), mask, key=(_MASK,))
    written = permute_dims(written, [order.index(axis) for axis in range(rank)])
    return written if whole else apply(get_op("setitem"), x, written, key=basic)


def _expanded(key: Key, rank: int, wide: int) -> list[Part]:
    """The key's parts without the ellipsis, full slices for the axes that it leaves out."""
    require_mask_rank(rank, key, [wide])
    used = wide + sum(part is not None and not isinstance(part, Hole | EllipsisType) for part in key)
    parts = list(key)
    place = next((i for i, part in enumerate(parts) if part is Ellipsis), len(parts))
    return [*parts[:place], *[_ALL] * (rank - used), *parts[place + 1 :]]


def _in_order(value: Any, lead: int, rank: int) -> Any:
    """A value for axes `lead`, the mask's and others, with the mask's first; the place has `rank` axes."""
    shape = value.type.shape
    if len(shape) > rank:
        if any(size != 1 for size in shape[: len(shape) - rank]):
            what = f"a value of shape {shape_text(shape)} is stored into a place of {rank} dimensions"
            refuse(ShapeError, what, "store a value that broadcasts to the place")
        shape = shape[len(shape) - rank :]
        value = reshape(value, shape)
    if not lead or len(shape) < rank - lead:
        return value
    full = reshape(value, (*[1] * (rank - len(shape)), *shape))
    return permute_dims(full, [lead, *range(lead), *range(lead + 1, rank)])
