"""Batching rules: how an op computes all lanes at once, where its operands are stacked along a new first axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.ops.contraction import matmul
from autograph.ops.lists import list_stack_op
from autograph.ops.shape import permute_dims, reshape
from autograph.runtime.apply import apply
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import Kind
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.vectorize.flow import Flow
from autograph.transforms.vectorize.indexing import batched_getitem, batched_list_at, batched_write, indexes_in_lanes
from autograph.transforms.vectorize.lanes import stacked_type
from autograph.transforms.vectorize.merged import (
    batched_convolution,
    batched_pinv,
    batched_segments,
    batched_sequences,
    differs_in_one,
)
from autograph.transforms.vectorize.sorted_places import batched_isin, batched_searchsorted
from autograph.transforms.vectorize.values import LaneValues, rank_of, shape_of, values_of

Rule = Callable[[LaneValues, Node], list[Value]]


def has_rule(node: Node, flow: Flow) -> bool:
    """Whether a node without regions, whose operands are not all one for all lanes, has a batching rule."""
    condition = _ONLY.get(node.op.name)
    if condition is not None and not condition(node, flow):
        return False
    return node.op.name in RULES or node.op.name in _CONTROL or node.op.kind is Kind.ELEMENTWISE


def rule_of(node: Node, flow: Flow) -> Rule:
    """The rule of a node that has one."""
    return RULES.get(node.op.name, _elementwise)


def _with_rank(batcher: LaneValues, value: Value, rank: int) -> Any:
    """A stacked operand whose lanes have more dimensions, of size 1 before their own."""
    found = Tensor(batcher.get(value))
    missing = rank - rank_of(value)
    if not batcher.is_batched(value) or missing <= 0:
        return found
    return reshape(found, (batcher.lanes, *[1] * missing, *shape_of(value)))


def _elementwise(batcher: LaneValues, node: Node) -> list[Value]:
    rank = max(rank_of(value) for value in node.inputs)
    attrs = {**node.attrs, "weak": False} if "weak" in node.attrs else node.attrs
    return values_of(apply(node.op, *[_with_rank(batcher, value, rank) for value in node.inputs], **attrs))


def _moved(axis: Any, rank: int) -> Any:
    """Axes of one lane as those of all."""
    if axis is None:
        return tuple(range(1, rank + 1))
    if isinstance(axis, tuple):
        return tuple([one % rank + 1 for one in axis])
    return axis % rank + 1


def _along_axes(batcher: LaneValues, node: Node) -> list[Value]:
    rank = max(rank_of(value) for value in node.inputs)
    attrs = {key: _moved(a, rank) if key in ("axis", "axes") else a for key, a in node.attrs.items()}
    return values_of(apply(node.op, *[Tensor(batcher.stacked(value)) for value in node.inputs], **attrs))


def _permute(batcher: LaneValues, node: Node) -> list[Value]:
    (x,) = batcher.tensors(node.inputs)
    return values_of(permute_dims(x, (0, *[axis + 1 for axis in node.attrs["axes"]])))


def _shaped(batcher: LaneValues, node: Node) -> list[Value]:
    x = _with_rank(batcher, node.inputs[0], len(shape_of(node.outputs[0]))) if node.op.name == "broadcast_to" else None
    x = Tensor(batcher.get(node.inputs[0])) if x is None else x
    return values_of(apply(node.op, x, shape=(batcher.lanes, *shape_of(node.outputs[0]))))


def _as_is(batcher: LaneValues, node: Node) -> list[Value]:
    """Ops that take any number of leading dimensions."""
    return values_of(apply(node.op, *batcher.tensors(node.inputs), **node.attrs))


def _stacked(batcher: LaneValues, node: Node) -> list[Value]:
    """Ops whose operands take the same leading dimensions."""
    return values_of(apply(node.op, *[Tensor(batcher.stacked(value)) for value in node.inputs], **node.attrs))


def _matmul(batcher: LaneValues, node: Node) -> list[Value]:
    a, b = node.inputs
    left, right = batcher.tensors(node.inputs)
    if rank_of(a) == 1 and rank_of(b) == 2 and not batcher.is_batched(b):
        return values_of(matmul(left, right))
    if rank_of(a) == 2 and rank_of(b) == 1 and not batcher.is_batched(a):
        return values_of(matmul(right, permute_dims(left, (1, 0))))
    left = _matrix(batcher, a, left, (1, *shape_of(a)))
    right = _matrix(batcher, b, right, (*shape_of(b), 1))
    rank = max(rank_of(a), rank_of(b), 2)
    left, right = _padded(batcher, a, left, rank), _padded(batcher, b, right, rank)
    return values_of(reshape(matmul(left, right), (batcher.lanes, *shape_of(node.outputs[0]))))


def _matrix(batcher: LaneValues, value: Value, x: Any, shape: tuple[Any, ...]) -> Any:
    """A vector as a matrix of one row or column."""
    if rank_of(value) != 1:
        return x
    return reshape(x, (batcher.lanes, *shape) if batcher.is_batched(value) else shape)


def _padded(batcher: LaneValues, value: Value, x: Any, rank: int) -> Any:
    """A stacked stack of matrices with as many dimensions a lane as the other operand's."""
    own = x.type.shape
    missing = rank + 1 - len(own)
    return reshape(x, (own[0], *[1] * missing, *own[1:])) if batcher.is_batched(value) and missing > 0 else x


def _solve(batcher: LaneValues, node: Node) -> list[Value]:
    a, b = node.inputs
    left, right = Tensor(batcher.stacked(a)), Tensor(batcher.stacked(b))
    if rank_of(b) == 1:
        right = reshape(right, (batcher.lanes, *shape_of(b), 1))
    rank = max(rank_of(a), rank_of(b), 2) + 1
    left, right = [reshape(x, (x.type.shape[0], *[1] * (rank - x.ndim), *x.type.shape[1:])) for x in (left, right)]
    return values_of(reshape(apply(node.op, left, right), (batcher.lanes, *shape_of(node.outputs[0]))))


def _lists(batcher: LaneValues, node: Node) -> list[Value]:
    """Ops of lists, whose items are stacked: all operands are, but for indices."""
    index = _INDEX.get(node.op.name, ())
    if any(batcher.is_batched(node.inputs[place]) for place in index):
        return batched_list_at(batcher, node)
    operands = [
        Tensor(batcher.get(value) if place in index else batcher.stacked(value))
        for place, value in enumerate(node.inputs)
    ]
    attrs = dict(node.attrs)
    if "element" in attrs:
        attrs["element"] = stacked_type(attrs["element"], batcher.lanes)
    return values_of(apply(node.op, *operands, **attrs))


def _list_stack(batcher: LaneValues, node: Node) -> list[Value]:
    (items,) = node.inputs
    rank = rank_of(node.outputs[0])
    out = apply(list_stack_op, Tensor(batcher.get(items)), **node.attrs)
    return values_of(permute_dims(out, (1, 0, *range(2, rank + 1))))


def _list_unstack(batcher: LaneValues, node: Node) -> list[Value]:
    rows, like = node.inputs
    turned = permute_dims(Tensor(batcher.stacked(rows)), (1, 0, *range(2, rank_of(rows) + 1)))
    return values_of(apply(node.op, turned, Tensor(batcher.stacked(like))))


def _searchsorted(batcher: LaneValues, node: Node) -> list[Value]:
    return (batched_searchsorted if batcher.is_batched(node.inputs[0]) else _as_is)(batcher, node)


def _isin(batcher: LaneValues, node: Node) -> list[Value]:
    return (batched_isin if batcher.is_batched(node.inputs[1]) else _as_is)(batcher, node)


# Their rules are beside those of control flow.
_CONTROL = ("check", "fail", "custom_gradient")
_SPREAD = ("cumulative_sum", "cumulative_prod", "argsort", "sort", "recurrence", "flip", "slice_axis", "pad_axis")
_REDUCE = ("sum", "prod", "max", "min", "any", "all", "argmax", "argmin", "concat", "fft", "rfft", "irfft")
_LEADING = (
    "cholesky", "eig", "eigh", "svd", "qr", "lu", "inv", "cofactor", "det", "slogdet", "expm",
    "view", "random_bits", "random_advance",
)  # fmt: skip
_LISTS = (
    "list_append", "list_unappend", "list_pop", "list_get", "list_set", "list_from", "list_cast", "list_zeros_like",
    "list_concat", "list_slice", "list_spread", "list_add", "list_single", "list_add_at", "list_len",
)  # fmt: skip
# The operands of list ops that are indices.
_INDEX: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("list_get", "list_set", "list_single", "list_add_at"), (1,)),
    "list_slice": (1, 2),
    "list_spread": (2, 3),
}

RULES: dict[str, Rule] = {
    **dict.fromkeys(_SPREAD + _REDUCE, _along_axes),
    **dict.fromkeys(("reshape", "broadcast_to"), _shaped),
    **dict.fromkeys(_LEADING, _as_is),
    **dict.fromkeys(_LISTS, _lists),
    "permute_dims": _permute,
    "matmul": _matmul,
    "solve": _solve,
    "cofactor_slope": _stacked,
    "pinv": batched_pinv,
    "convolution": batched_convolution,
    "searchsorted": _searchsorted,
    "isin": _isin,
    **dict.fromkeys(("segment_sum", "segment_prod", "segment_max", "segment_min"), batched_segments),
    **dict.fromkeys(("ctc_loss", "ctc_posterior", "ctc_posterior_slope", "ctc_decode"), batched_sequences),
    "getitem": batched_getitem,
    "index_add": batched_write,
    "setitem": batched_write,
    "list_stack": _list_stack,
    "list_unstack": _list_unstack,
}


def _indexes_items(node: Node, flow: Flow) -> bool:
    """Whether a list's index is one for all, or its items can be stacked."""
    index = node.inputs[1] in flow.batched
    type_ = node.inputs[0].type
    return not index or (isinstance(type_, ListType) and isinstance(type_.element, TensorType))


# Rules that hold for some operands only.
_ONLY: dict[str, Callable[[Node, Flow], bool]] = {
    "convolution": differs_in_one,
    "list_slice": lambda node, flow: not flow.batched.intersection(node.inputs[1:]),
    "list_spread": lambda node, flow: not flow.batched.intersection(node.inputs[2:]),
    **dict.fromkeys(("list_get", "list_set", "list_single", "list_add_at"), _indexes_items),
    **dict.fromkeys(("getitem", "index_add", "setitem"), indexes_in_lanes),
}
