"""Batching rules that make the lanes part of a dimension that the op has: of a batch, of filters, of segments."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import add, multiply
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.comparison import greater_equal, less
from autograph.ops.extents import size_number
from autograph.ops.logic import logical_and
from autograph.ops.nn.convolution_op import convolution_op
from autograph.ops.ranges import arange
from autograph.ops.selection import where
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.ir import Node, Value
from autograph.runtime.tensor import Tensor
from autograph.transforms.vectorize.flow import Flow
from autograph.transforms.vectorize.values import LaneValues, rank_of, shape_of, values_of


def differs_in_one(node: Node, flow: Flow) -> bool:
    """Whether the inputs or the kernels are one for all lanes; if neither, each lane is a product of its own anyway."""
    return not all(value in flow.batched for value in node.inputs)


def batched_convolution(batcher: LaneValues, node: Node) -> list[Value]:
    """The lanes' inputs are one batch; kernels that differ are more filters."""
    return values_of((_more_filters if batcher.is_batched(node.inputs[1]) else _more_images)(batcher, node))


def _more_images(batcher: LaneValues, node: Node) -> Any:
    x, kernel = batcher.tensors(node.inputs)
    batch, *rest = shape_of(node.inputs[0])
    out = apply(convolution_op, reshape(x, (batcher.lanes * batch, *rest)), kernel, **node.attrs)
    return reshape(out, (batcher.lanes, *shape_of(node.outputs[0])))


def _more_filters(batcher: LaneValues, node: Node) -> Any:
    x, kernel = batcher.tensors(node.inputs)
    lanes, groups = batcher.lanes, node.attrs["groups"]
    *window, depth, filters = shape_of(node.inputs[1])
    rank = len(window)
    # The filters of a group stay together, those of all lanes.
    apart = reshape(kernel, (lanes, *window, depth, groups, filters // groups))
    turned = permute_dims(apart, (*range(1, rank + 3), 0, rank + 3))
    out = apply(convolution_op, x, reshape(turned, (*window, depth, lanes * filters)), **node.attrs)
    own = shape_of(node.outputs[0])
    apart = reshape(out, (*own[:-1], groups, lanes, filters // groups))
    turned = permute_dims(apart, (rank + 2, *range(rank + 2), rank + 3))
    return reshape(turned, (lanes, *own))


def batched_segments(batcher: LaneValues, node: Node) -> list[Value]:
    """Segments of each lane's own; where the numbers are one for all, the lanes are a dimension of the elements."""
    data, ids = node.inputs
    count, rank, lanes = node.attrs["count"], rank_of(data), batcher.lanes
    if not batcher.is_batched(ids):
        turned = permute_dims(Tensor(batcher.get(data)), (1, 0, *range(2, rank + 1)))
        out = apply(node.op, turned, Tensor(batcher.get(ids)), count=count)
        return values_of(permute_dims(out, (1, 0, *range(2, rank + 1))))
    numbers = Tensor(batcher.get(ids))
    size, *rest = shape_of(data)
    first = multiply(reshape(arange(lanes), (lanes, 1)), size_number(count))
    inside = logical_and(greater_equal(numbers, 0), less(numbers, size_number(count)))
    own = where(inside, add(numbers, first), -1)  # one out of range is of no other lane
    flat = reshape(Tensor(batcher.stacked(data)), (lanes * size, *rest))
    out = apply(node.op, flat, reshape(own, (lanes * size,)), count=lanes * count)
    return values_of(reshape(out, (lanes, count, *rest)))


def batched_sequences(batcher: LaneValues, node: Node) -> list[Value]:
    """Ops of a batch of sequences: all lanes' batches are one."""
    lanes, place = batcher.lanes, 1 if node.op.name == "ctc_decode" else 0  # of the batch in the first output
    operands = []
    for value in node.inputs:
        batch, *rest = shape_of(value)
        operands.append(reshape(Tensor(batcher.stacked(value)), (lanes * batch, *rest)))
    found = apply(node.op, *operands, **node.attrs)
    first, *others = found if isinstance(found, tuple) else (found,)
    own = shape_of(node.outputs[0])
    first = reshape(first, (*own[:place], lanes, *own[place:]))
    first = permute_dims(first, (place, *[axis for axis in range(len(own) + 1) if axis != place]))
    rest = [reshape(out, (lanes, *shape_of(value))) for out, value in zip(others, node.outputs[1:], strict=True)]
    return values_of((first, *rest))


def batched_pinv(batcher: LaneValues, node: Node) -> list[Value]:
    """Pseudo-inverses of all lanes, with the tolerance of each."""
    x, rtol = node.inputs
    wide = Tensor(batcher.stacked(x))
    tolerance = Tensor(batcher.get(rtol))
    if batcher.is_batched(rtol):
        stack = shape_of(x)[:-2]
        own = (*[1] * (len(stack) - rank_of(rtol)), *shape_of(rtol))
        tolerance = broadcast_to(reshape(tolerance, (batcher.lanes, *own)), (batcher.lanes, *stack))
    return values_of(apply(node.op, wide, tolerance))
