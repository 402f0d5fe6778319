"""Batching rules of searches in numbers of each lane's own: the numbers and what is sought are sorted together."""

from __future__ import annotations

from typing import Any

from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.casts import astype
from autograph.ops.comparison import equal, greater_equal, less
from autograph.ops.extents import size_number
from autograph.ops.gathering import take_along_axis
from autograph.ops.joining import concat
from autograph.ops.logic import logical_and
from autograph.ops.scans import cumulative_sum_op
from autograph.ops.shape import reshape
from autograph.ops.sorting import argsort_op
from autograph.runtime.apply import apply
from autograph.runtime.dims import num_elements
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.tensor import Tensor
from autograph.transforms.vectorize.values import LaneValues, shape_of, values_of


def _places(batcher: LaneValues, numbers: Value, sought: Value, side: str) -> Any:
    """How many of the numbers are less than each of those sought, or not greater; [lanes, sought]."""
    many, few = [num_elements(shape_of(value)) for value in (numbers, sought)]
    # Equal ones keep their order when sorted, so what comes first here is counted as less.
    pair = (sought, numbers) if side == "left" else (numbers, sought)
    first, start = (few, 0) if side == "left" else (many, many)
    order = apply(argsort_op, concat([_rows(batcher, value) for value in pair], axis=1), axis=1)
    is_number = greater_equal(order, size_number(first)) if side == "left" else less(order, size_number(first))
    counts = apply(cumulative_sum_op, astype(is_number, int64), axis=1)
    back = apply(argsort_op, order, axis=1)
    return take_along_axis(counts, apply(slice_axis_op, back, axis=1, start=start, size=few), axis=1)


def _rows(batcher: LaneValues, value: Value) -> Any:
    return reshape(Tensor(batcher.stacked(value)), (batcher.lanes, num_elements(shape_of(value))))


def batched_searchsorted(batcher: LaneValues, node: Node) -> list[Value]:
    """The places of values in sorted numbers, which each lane has its own of."""
    numbers, values = node.inputs
    places = _places(batcher, numbers, values, node.attrs["side"])
    return values_of(reshape(places, (batcher.lanes, *shape_of(values))))


def batched_isin(batcher: LaneValues, node: Node) -> list[Value]:
    """Whether elements are among others, which each lane has its own of."""
    values, others = node.inputs
    not_above, below = [_places(batcher, others, values, side) for side in ("right", "left")]
    sought, among = _rows(batcher, values), less(below, not_above)
    found = logical_and(among, equal(sought, sought))  # NaN is among nothing
    return values_of(reshape(found, (batcher.lanes, *shape_of(values))))
