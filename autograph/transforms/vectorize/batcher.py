"""The transform: records, for each node of one lane's region, what computes it for all lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.errors import StagingError, message
from autograph.ops.lists import list_stack_op
from autograph.ops.shape import reshape
from autograph.runtime.dims import Dim
from autograph.runtime.ir import Node, Region, Value, clone_node, walk
from autograph.runtime.structure_ops import assign_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, TensorType
from autograph.transforms.vectorize.flow import Flow
from autograph.transforms.vectorize.lanes import (
    appended,
    counted,
    item_of,
    lane_of,
    spread,
    stacked_type,
    zeros_of_type,
)
from autograph.transforms.vectorize.rules import has_rule, rule_of
from autograph.transforms.vectorize.values import LaneValues

ControlRule = Callable[["Batcher", Node], None]
_control_rules: dict[str, ControlRule] = {}


def register_control_rule(name: str, rule: ControlRule) -> None:
    """Sets the batching rule of an op with regions (its module announces it here)."""
    _control_rules[name] = rule


class Batcher(LaneValues):
    """Records nodes of all lanes."""

    @classmethod
    def of_region(cls, trace: Trace, lanes: Dim, region: Region, batched: Sequence[Value]) -> Batcher:
        """For a region whose parameters in `batched` differ from lane to lane."""
        _refuse_assignments(region)
        flow = Flow(has_rule)
        flow.batched.update(batched)
        flow.mark(region.nodes)
        return cls(trace, lanes, flow, {})

    def inner(self, known: dict[Value, Value]) -> Batcher:
        """The same for a region inside, where other values stand for some."""
        return Batcher(self.trace, self.lanes, self.flow, {**self.known, **known})

    def set(self, value: Value, found: Value) -> None:
        """Notes what stands for a node's output; a stacked value in the sizes that its type says."""
        if self.is_batched(value) and isinstance(found.type, TensorType):
            wanted = stacked_type(value.type, self.lanes)
            assert isinstance(wanted, TensorType)
            if found.type.shape != wanted.shape:
                found = self.trace.value(reshape(Tensor(found), wanted.shape))
        self.known[value] = found

    def run(self, nodes: Sequence[Node]) -> None:
        """Records what stands for nodes."""
        for node in nodes:
            start = len(self.trace.region.nodes)
            self._visit(node)
            for made in self.trace.region.nodes[start:]:
                made.location = node.location

    def results(self, region: Region, wanted: Sequence[bool]) -> list[Value]:
        """Records a region; its results, stacked where wanted."""
        self.run(region.nodes)
        return [
            self.stacked(value) if stack else self.get(value)
            for value, stack in zip(region.results, wanted, strict=True)
        ]

    def _visit(self, node: Node) -> None:
        if node in self.flow.looped:
            self.lane_by_lane(node)
        elif not any(self.is_batched(value) for value in self.flow.takes(node)):
            self._copy(node)
        elif node.regions or node.op.name in _control_rules:
            _control_rules[node.op.name](self, node)
        else:
            found = rule_of(node, self.flow)(self, node)
            for output, value in zip(node.outputs, found, strict=True):
                self.set(output, value)

    def _copy(self, node: Node) -> None:
        mapping = dict(self.known)
        copy = clone_node(node, mapping)
        self.trace.region.append(copy)
        for old, new in zip(node.outputs, copy.outputs, strict=True):
            self.known[old] = spread(self.trace, new, self.lanes) if self.is_batched(old) else new

    def lane_by_lane(self, node: Node) -> None:
        """The rule for every node: a loop over the lanes."""
        trace = self.trace
        taken = [value for value in dict.fromkeys(self.flow.takes(node)) if self.is_batched(value)]
        elements = [output.type for output in node.outputs]

        def trip(lane: Value, made: list[Value]) -> list[Value]:
            mapping = dict(self.known)
            for value in taken:
                mapping[value] = self._own(value, lane)
            copy = clone_node(node, mapping)
            trace.region.append(copy)
            return [appended(trace, items, out) for items, out in zip(made, copy.outputs, strict=True)]

        lists = counted(trace, self.lane_count(), trip, elements, node.op.name)
        for output, items in zip(node.outputs, lists, strict=True):
            if isinstance(output.type, ListType):
                self.known[output] = items
                continue
            wanted = stacked_type(output.type, self.lanes)
            assert isinstance(wanted, TensorType)
            if self.lanes == 0:
                self.known[output] = zeros_of_type(trace, wanted)
                continue
            size = trace.fresh_symbol()
            made = trace.record(
                list_stack_op, (items,), {"binds": (size,)}, (wanted.with_shape((size, *wanted.shape[1:])),)
            )[0]
            self.known[output] = trace.value(reshape(Tensor(made), wanted.shape))

    def _own(self, value: Value, lane: Value) -> Value:
        if value in self.flow.ragged:
            return item_of(self.trace, self.get(value), lane, value.type)
        return lane_of(self.trace, self.get(value), lane, value.type)


def _refuse_assignments(region: Region) -> None:
    for node in walk(region):
        if node.op is assign_op:
            raise StagingError(
                message(
                    "a function that is vectorised assigns a variable, which would be once for all lanes",
                    node.location,
                    "return the values and assign them outside; draw random numbers from keys: ag.random.split",
                )
            )
