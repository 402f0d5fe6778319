"""What stands for the values of one lane's region, of all lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Value
from autograph.runtime.structure_ops import dimension_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType
from autograph.transforms.vectorize.flow import Flow
from autograph.transforms.vectorize.lanes import spread


class LaneValues:
    """Values of one lane's region, and what stands for them.

    Args:
        trace: what the vectorised nodes are recorded into.
        lanes: how many lanes there are.
        flow: which values differ from lane to lane.
        known: what stands for values of the region; values from outside stand for themselves.
    """

    def __init__(self, trace: Trace, lanes: Dim, flow: Flow, known: dict[Value, Value]) -> None:
        self.trace = trace
        self.lanes = lanes
        self.flow = flow
        self.known = known

    def is_batched(self, value: Value) -> bool:
        """Whether a value differs from lane to lane."""
        return value in self.flow.batched

    def get(self, value: Value) -> Value:
        """What stands for a value."""
        return self.known.get(value, value)

    def stacked(self, value: Value) -> Value:
        """All lanes' values, stacked, also of a value that is one for all."""
        found = self.get(value)
        return found if self.is_batched(value) else spread(self.trace, found, self.lanes)

    def lane_count(self) -> Value:
        """The number of lanes as a value."""
        if isinstance(self.lanes, int):
            return self.trace.constant(self.lanes)
        return self.trace.record(dimension_op, (), {"dim": self.lanes}, (TensorType(int64, (), True),))[0]

    def tensors(self, values: Sequence[Value]) -> list[Any]:
        """The tensors that stand for values."""
        return [Tensor(self.get(value)) for value in values]


def rank_of(value: Value) -> int:
    """The number of dimensions of one lane's value."""
    assert isinstance(value.type, TensorType)
    return value.type.rank


def shape_of(value: Value) -> tuple[Any, ...]:
    """The shape of one lane's value."""
    assert isinstance(value.type, TensorType)
    return value.type.shape


def values_of(found: Any) -> list[Value]:
    """What an op gives, recorded in the trace under way."""
    trace = current_trace()
    assert trace is not None
    return [trace.value(x) for x in (found if isinstance(found, tuple) else (found,))]
