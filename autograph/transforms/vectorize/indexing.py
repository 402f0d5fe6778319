"""Batching rules of indexing: the lanes become one more index where the indices differ from lane to lane."""

from __future__ import annotations

from typing import Any

from autograph.ops.broadcasting import broadcast_to
from autograph.ops.indexing import getitem_op
from autograph.ops.keys import Hole, Part, Slice, expanded
from autograph.ops.lists import list_stack
from autograph.ops.ranges import arange
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import get_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.vectorize.flow import Flow
from autograph.transforms.vectorize.lanes import stacked_type
from autograph.transforms.vectorize.values import LaneValues

_ALL = Slice(None, None, None)


def indexes_in_lanes(node: Node, flow: Flow) -> bool:
    """Whether an op of indexing can run for all lanes at once: masks select another number in each."""
    return not any(isinstance(part, Hole) and part.mask for part in node.attrs["key"])


class _Layout:
    """Where the dimensions of the index tensors go in `x[key]`.

    Attributes:
        parts: the key, one part an axis.
        place: how many dimensions of the result come before those of the index tensors.
        spread: whether slices stand between index tensors, which NumPy then puts first.
        rank: the number of dimensions that the index tensors have together (None where there are none).
    """

    def __init__(self, x: Value, indices: list[Value], key: tuple[Part, ...]) -> None:
        assert isinstance(x.type, TensorType)
        self.parts = expanded(key, x.type.rank)
        holes = any(isinstance(part, Hole) for part in self.parts)
        advanced = [isinstance(part, Hole) or (holes and isinstance(part, int)) for part in self.parts]
        first = advanced.index(True) if holes else 0
        last = len(advanced) - advanced[::-1].index(True) if holes else 0
        self.spread = not all(advanced[first:last])
        self.place = 0 if self.spread else sum(not isinstance(part, int) for part in self.parts[:first])
        self.rank = max((_rank(index) for index in indices), default=None)


def _rank(value: Value) -> int:
    assert isinstance(value.type, TensorType)
    return value.type.rank


def _value(x: Any) -> Value:
    trace = current_trace()
    assert trace is not None
    return trace.value(x)


def _index(batcher: LaneValues, value: Value, rank: int) -> Any:
    """An index tensor of all lanes, with `rank` dimensions a lane."""
    assert isinstance(value.type, TensorType)
    found = Tensor(batcher.get(value))
    if not batcher.is_batched(value):
        return found
    return reshape(found, (batcher.lanes, *[1] * (rank - value.type.rank), *value.type.shape))


def _lane_index(batcher: LaneValues, rank: int) -> Any:
    return reshape(arange(batcher.lanes), (batcher.lanes, *[1] * rank))


def batched_getitem(batcher: LaneValues, node: Node) -> list[Value]:
    """`x[key]` of all lanes."""
    x, *indices = node.inputs
    layout = _Layout(x, indices, node.attrs["key"])
    some = any(batcher.is_batched(index) for index in indices)
    if not some and not layout.spread:
        out = apply(
            getitem_op,
            Tensor(batcher.get(x)),
            *batcher.tensors(indices),
            **{**node.attrs, "key": (_ALL, *layout.parts)},
        )
        return [_value(out)]
    rank = layout.rank or 0
    operands = [_index(batcher, index, rank) for index in indices]
    parts: list[Part] = list(layout.parts)
    moved = 0 if layout.spread else layout.place
    if batcher.is_batched(x):
        operands = [_lane_index(batcher, rank), *operands]
        parts = [Hole(), *parts]
        moved = 0
    out = apply(getitem_op, Tensor(batcher.get(x)), *operands, key=tuple(parts))
    total = len(out.type.shape)
    if moved:  # the lanes are where the index tensors' dimensions are
        out = permute_dims(out, (moved, *[axis for axis in range(total) if axis != moved]))
    elif batcher.is_batched(x) and layout.place:  # the index tensors' dimensions come first
        rest = list(range(1 + rank, total))
        out = permute_dims(out, (0, *rest[: layout.place], *range(1, 1 + rank), *rest[layout.place :]))
    return [_value(out)]


def batched_write(batcher: LaneValues, node: Node) -> list[Value]:
    """`x` of all lanes with something written or added at a key."""
    x, value, *indices = node.inputs
    layout = _Layout(x, indices, node.attrs["key"])
    given = Tensor(batcher.stacked(x))
    place = _place_rank(layout)
    written = _aligned(batcher, value, place)
    if not any(batcher.is_batched(index) for index in indices) and not layout.spread:
        return [_value(apply(node.op, given, written, *batcher.tensors(indices), key=(_ALL, *layout.parts)))]
    rank = layout.rank or 0
    operands = [_lane_index(batcher, rank), *[_index(batcher, index, rank) for index in indices]]
    if layout.place:  # the index tensors' dimensions come first now
        axes = list(range(1, place + 1))
        own = axes[layout.place : layout.place + rank]
        written = permute_dims(written, (0, *own, *[axis for axis in axes if axis not in own]))
    return [_value(apply(node.op, given, written, *operands, key=(Hole(), *layout.parts)))]


def _place_rank(layout: _Layout) -> int:
    """The number of dimensions of what one lane's key selects."""
    kept = sum(part is None or isinstance(part, Slice) for part in layout.parts)
    return kept + (layout.rank or 0)


def _aligned(batcher: LaneValues, value: Value, rank: int) -> Any:
    """What is written, of all lanes, with `rank` dimensions a lane."""
    assert isinstance(value.type, TensorType)
    shape = value.type.shape
    own = (*[1] * (rank - len(shape)), *shape[max(0, len(shape) - rank) :])
    found = Tensor(batcher.get(value))
    return reshape(found, (batcher.lanes if batcher.is_batched(value) else 1, *own))


def batched_list_at(batcher: LaneValues, node: Node) -> list[Value]:
    """Ops of an item of a list, whose index differs from lane to lane: the items are stacked for it."""
    items, index, *rest = node.inputs
    assert isinstance(items.type, ListType) and isinstance(items.type.element, TensorType)
    like = Tensor(batcher.stacked(items))
    if node.op.name == "list_single":
        like = apply(get_op("list_zeros_like"), like)
    table = list_stack(like)
    key = (Hole(), Hole())
    places = [Tensor(batcher.get(index)), _lane_index(batcher, 0)]
    if node.op.name == "list_get":
        return [_value(apply(getitem_op, table, *places, key=key))]
    wide = stacked_type(items.type.element, batcher.lanes)
    assert isinstance(wide, TensorType)
    item = broadcast_to(Tensor(batcher.stacked(rest[0])), wide.shape)
    op = get_op("index_add" if node.op.name == "list_add_at" else "setitem")
    return [_value(apply(get_op("list_unstack"), apply(op, table, item, *places, key=key), like))]
