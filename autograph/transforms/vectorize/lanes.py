"""How values of all lanes are held, and how they come to be: stacked, spread from one for all, or one lane's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.ops.arithmetic import add
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.comparison import less
from autograph.ops.creation import full
from autograph.ops.indexing import getitem
from autograph.ops.lists import list_append_op, list_get_op, list_len, list_new_op
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Region, Value
from autograph.runtime.structure_ops import cast_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import ListType, RefType, TensorType, Type

_COUNT = TensorType(int64)


def stacked_type(type_: Type, lanes: Dim) -> Type:
    """The type of all lanes' values of a type."""
    if isinstance(type_, ListType):
        return ListType(stacked_type(type_.element, lanes))
    assert not isinstance(type_, RefType)
    return TensorType(type_.dtype, (lanes, *type_.shape))


def spread(trace: Trace, value: Value, lanes: Dim) -> Value:
    """One value for all lanes, stacked."""
    type_ = value.type
    wide = stacked_type(type_, lanes)
    if isinstance(type_, ListType):
        assert isinstance(wide, ListType)
        if value.node is not None and value.node.op is list_new_op:
            return trace.record(list_new_op, (), {"element": wide.element}, (wide,))[0]
        return mapped(trace, value, lambda item: spread(trace, item, lanes), wide.element)
    assert isinstance(type_, TensorType) and isinstance(wide, TensorType)
    tensor = Tensor(value)
    if type_.weak:
        tensor = apply(cast_op, tensor, dtype=type_.dtype, weak=False)
    return trace.value(broadcast_to(reshape(tensor, (1, *type_.shape)), wide.shape))


def lane_of(trace: Trace, value: Value, lane: Value, type_: Type) -> Value:
    """One lane's value of a type, from a stacked value."""
    if isinstance(type_, ListType):
        return mapped(trace, value, lambda item: lane_of(trace, item, lane, type_.element), type_.element)
    assert isinstance(type_, TensorType)
    found = getitem(Tensor(value), Tensor(lane))
    if type_.weak:
        found = apply(cast_op, found, dtype=type_.dtype, weak=True)
    return trace.value(found)


def gathered(trace: Trace, value: Value, lanes: Value) -> Value:
    """A stacked value with other lanes in place of some."""
    if isinstance(value.type, ListType):
        return mapped(trace, value, lambda item: gathered(trace, item, lanes), value.type.element)
    return trace.value(getitem(Tensor(value), Tensor(lanes)))


def zeros_of_type(trace: Trace, type_: Type) -> Value:
    """A placeholder of a stacked type."""
    if isinstance(type_, ListType):
        return trace.record(list_new_op, (), {"element": type_.element}, (type_,))[0]
    assert isinstance(type_, TensorType)
    return trace.value(full(type_.shape, 0, dtype=type_.dtype))


def item_of(trace: Trace, items: Value, index: Value, type_: Type) -> Value:
    """An item of a list, whose sizes are those of a type."""
    return trace.record(list_get_op, (items, index), {}, (type_,))[0]


def appended(trace: Trace, items: Value, item: Value) -> Value:
    """A list with one more item."""
    return trace.record(list_append_op, (items, item), {}, (items.type,))[0]


def mapped(trace: Trace, items: Value, function: Callable[[Value], Value], element: Type) -> Value:
    """A list of what a function gives for a list's items."""
    assert isinstance(items.type, ListType)
    inner = items.type.element

    def trip(index: Value, made: list[Value]) -> list[Value]:
        return [appended(trace, made[0], function(item_of(trace, items, index, inner)))]

    return counted(trace, trace.value(list_len(Tensor(items))), trip, [element])[0]


def counted(
    trace: Trace,
    count: Value,
    trip: Callable[[Value, list[Value]], list[Value]],
    elements: list[Type],
    mark: str = "",
) -> list[Value]:
    """Records a loop that begins with empty lists and gives what they become.

    Args:
        trace: the trace.
        count: how many trips.
        trip: from the number of the trip and the lists, the lists after it.
        elements: the types of the lists' items.
        mark: the op that the loop runs lane by lane, noted in the graph.
    """
    types = [ListType(element) for element in elements]
    starts = [trace.record(list_new_op, (), {"element": element}, (ListType(element),))[0] for element in elements]
    test, body = Region([_COUNT, *types]), Region([_COUNT, *types])
    with trace.inside(test):
        test.results = [trace.value(less(Tensor(test.params[0]), Tensor(count)))]
    with trace.inside(body):
        made = trip(body.params[0], body.params[1:])
        body.results = [trace.value(add(Tensor(body.params[0]), np.asarray(1))), *made]
    attrs: dict[str, Any] = {"lane_by_lane": mark} if mark else {}
    start = trace.constant(np.asarray(0))
    return trace.record(while_op, (start, *starts), attrs, (_COUNT, *types), (test, body))[1:]
