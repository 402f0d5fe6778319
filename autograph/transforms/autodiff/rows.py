"""The cotangent of a tensor of which a loop reads a part each trip: the parts are collected, and added up at the end.

Adding each part to a cotangent of the whole tensor would make the gradient of `for x in xs` take time for the square of
the length.

Before, in the backward loop:              After:
    %g = index_add %zeros, %ct, %i             %is = list_append %is, %i
    %sum = add %sum, %g                        %cts = list_append %cts, %ct
                                           and behind the loop:
                                               %g = index_add %zeros, (stack %cts), (stack %is)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograph.ops.comparison import greater
from autograph.ops.creation import full_op
from autograph.ops.indexing import index_add_op
from autograph.ops.keys import Hole, Key, Slice
from autograph.ops.lists import list_append_op, list_new_op, list_stack_op, zeros_like_any, zeros_of_op
from autograph.runtime.apply import apply
from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.structure_ops import cond_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, TensorType, Type


@dataclass
class Part:
    """What one trip adds to a tensor's cotangent: at a key, a value."""

    value: Value
    key: Key
    operands: list[Value]  # what is added, then the indices


class Rows:
    """The parts that a trip of a backward loop adds to cotangents of tensors from outside.

    Args:
        body: the backward loop's body.
        wanted: the tensors from outside.
    """

    def __init__(self, body: Region, wanted: list[Value]) -> None:
        self.body = body
        self.parts: list[Part] = []
        self._wanted = set(wanted)

    def take(self, value: Value, ct: Any) -> bool:
        """Takes a part of a cotangent, if it is one of rows."""
        if value not in self._wanted or not isinstance(ct, Tensor):
            return False
        node = getattr(ct._value, "node", None)
        if node is None or node.region is not self.body or not _adds_row(node):
            return False
        _forget(self.body, node)
        self.parts.append(Part(value, node.attrs["key"], node.inputs[1:]))
        return True

    def types(self) -> list[Type]:
        """The types of the lists that the loop carries."""
        return [ListType(value.type) for part in self.parts for value in part.operands]

    def starts(self, trace: Trace) -> list[Value]:
        """Empty lists to begin with."""
        return [
            trace.record(list_new_op, (), {"element": value.type}, (ListType(value.type),))[0]
            for part in self.parts
            for value in part.operands
        ]

    def carry(self, trace: Trace) -> list[Value]:
        """Makes the body carry the lists; their values after a trip."""
        operands = [value for part in self.parts for value in part.operands]
        params = [self.body.add_param(type_) for type_ in self.types()]
        pairs = zip(params, operands, strict=True)
        return [trace.record(list_append_op, pair, {}, (pair[0].type,))[0] for pair in pairs]

    def totals(self, trace: Trace, trips: Value, lists: list[Value]) -> list[tuple[Value, Tensor]]:
        """Records, behind the loop, what its parts add up to."""
        found = []
        rest = iter(lists)
        for part in self.parts:
            own = [next(rest) for _ in part.operands]
            found.append((part.value, _total(trace, trips, part, own)))
        return found


def _total(trace: Trace, trips: Value, part: Part, lists: list[Value]) -> Tensor:
    some, none = Region(), Region()
    size = trace.fresh_symbol()  # one for all, which are as long as each other
    with trace.inside(some):
        added, *indices = [apply(list_stack_op, Tensor(items), binds=(size,)) for items in lists]
        zeros = zeros_like_any(Tensor(part.value))
        some.results = [trace.value(apply(index_add_op, zeros, added, *indices, key=part.key))]
    with trace.inside(none):
        none.results = [trace.value(zeros_like_any(Tensor(part.value)))]
    ran = trace.value(greater(Tensor(trips), 0))
    return Tensor(trace.record(cond_op, (ran,), {}, (part.value.type,), (some, none))[0])


def _adds_row(node: Node) -> bool:
    """Whether a node adds to zeros, at scalar indices of the first axes."""
    if node.op is not index_add_op:
        return False
    zeros, added, *indices = node.inputs
    made = zeros.node
    if made is None or not (made.op is zeros_of_op or (made.op is full_op and made.attrs["value"] == 0)):
        return False
    holes = node.attrs["key"][: len(indices)]
    rest = node.attrs["key"][len(indices) :]
    if not indices or not all(isinstance(part, Hole) and not part.mask for part in holes):
        return False
    types = [index.type for index in indices]
    if not all(isinstance(part, Slice) or part is Ellipsis for part in rest):
        return False
    if not all(isinstance(type_, TensorType) and not type_.shape for type_ in types):
        return False
    assert isinstance(added.type, TensorType) and isinstance(zeros.type, TensorType)
    return all(isinstance(dim, int) or dim in zeros.type.shape for dim in added.type.shape)


def _forget(region: Region, node: Node) -> None:
    place = next(i for i in reversed(range(len(region.nodes))) if region.nodes[i] is node)
    del region.nodes[place]
