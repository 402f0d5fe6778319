"""Slices of lists, and where an item is."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import COMPARISONS, convert, select
from autograph.backends.native.builder import Index
from autograph.backends.native.elementwise import common_dtype
from autograph.backends.native.lists import element_type, filled_list, items_of, native_list_type
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.values import Items, Scalar
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import ListType


class _Places:
    """The places of a slice, as `slice.indices` gives them."""

    def __init__(self, lower: Lowering, bounds: tuple[Value, Value], step: int, length: Index) -> None:
        b = self.b = lower.b
        self.step = step
        low, high = (0, length) if step > 0 else (-1, b.sub(length, 1))

        def clamped(value: Value) -> Index:
            index = convert(b, tensor_type(value).dtype, int64, lower.element(value, []))
            below = b.value(f"icmp slt i64 {index}, 0")
            given = b.value(f"select i1 {below}, i64 {b.value(f'add i64 {index}, {length}')}, i64 {index}")
            return b.extremum("max", b.extremum("min", given, high), low)

        self.first, stop = [clamped(value) for value in bounds]
        span = b.sub(stop, self.first) if step > 0 else b.sub(self.first, stop)
        self.count = b.divide(b.extremum("max", b.add(span, abs(step) - 1), 0), abs(step))[0]

    def place(self, index: Index) -> Index:
        """The place of an item of the slice."""
        return self.b.add(self.first, self.b.mul(index, self.step))


def _item(lower: Lowering, items: Items, data: str, index: Index) -> str:
    return lower.b.at("i8", data, lower.b.mul(index, items.element_bytes))


@rule("list_slice")
def _slice(lower: Lowering, node: Node) -> bool:
    items, type_ = items_of(lower, node.inputs[0]), native_list_type(lower, node.outputs[0].type)
    if items is None or type_ is None:
        return False
    b, (start, stop) = lower.b, node.inputs[1:]
    places = _Places(lower, (start, stop), node.attrs["step"], items.length)
    made, data = filled_list(lower, type_, places.count)
    source = b.load("ptr", items.buffer)
    if places.step == 1:
        b.copy(data, _item(lower, items, source, places.first), b.mul(places.count, items.element_bytes))
    else:

        def copy(index: Index) -> None:
            b.copy(
                _item(lower, made, data, index), _item(lower, items, source, places.place(index)), items.element_bytes
            )

        lower.loop(places.count, copy)
    lower.values[node.outputs[0]] = made
    return True


@rule("list_spread")
def _spread(lower: Lowering, node: Node) -> bool:
    part, like = [items_of(lower, value) for value in node.inputs[:2]]
    type_ = native_list_type(lower, node.outputs[0].type)
    if part is None or like is None or type_ is None:
        return False
    b, (start, stop) = lower.b, node.inputs[2:]
    made, data = filled_list(lower, type_, like.length)
    b.copy(data, b.load("ptr", like.buffer), b.mul(like.length, like.element_bytes))
    places = _Places(lower, (start, stop), node.attrs["step"], like.length)
    source = b.load("ptr", part.buffer)

    def copy(index: Index) -> None:
        b.copy(_item(lower, made, data, places.place(index)), _item(lower, part, source, index), made.element_bytes)

    lower.loop(places.count, copy)
    lower.values[node.outputs[0]] = made
    return True


@rule("list_find", "list_count")
def _find(lower: Lowering, node: Node) -> bool:
    b, (output,) = lower.b, node.outputs
    items, wanted = items_of(lower, node.inputs[0]), tensor_type(node.inputs[1])
    assert isinstance(node.inputs[0].type, ListType)
    if items is None:
        return False
    type_ = element_type(node.inputs[0].type)
    if isinstance(type_, ListType):
        return False
    dtype = common_dtype([type_.dtype, wanted.dtype])
    if dtype is None or wanted.shape != type_.shape or not layout.is_real(dtype):
        return False
    size, data = b.product(lower.sizes(type_)), b.load("ptr", items.buffer)
    if not lower.has_flat(node.inputs[1]):
        lower.array(node.inputs[1])
    finds = node.op.name == "list_find"
    total, same = b.stack("i64"), b.stack("i1")
    b.store("i64", -1 if finds else 0, total)

    def compare(index: Index) -> None:
        item = _item(lower, items, data, index)
        b.store("i1", "true", same)

        def one(place: Index) -> None:
            own = layout.load(b, type_.dtype, b.at(layout.memory(type_.dtype), item, place))
            other = lower.flat_element(node.inputs[1], place)
            pair = convert(b, type_.dtype, dtype, own), convert(b, wanted.dtype, dtype, other)
            equal = COMPARISONS["equal"](b, dtype, *pair)
            b.store("i1", b.value(f"and i1 {b.load('i1', same)}, {equal}"), same)

        lower.loop(size, one)
        before = b.load("i64", total)
        if finds:
            first = b.value(f"and i1 {b.load('i1', same)}, {b.value(f'icmp slt i64 {before}, 0')}")
            b.store("i64", select(b, first, "i64", str(index), before), total)
        else:
            one_more = b.value(f"zext i1 {b.load('i1', same)} to i64")
            b.store("i64", b.value(f"add i64 {before}, {one_more}"), total)

    lower.loop(items.length, compare)
    lower.values[output] = Scalar(int64, b.load("i64", total))
    return True
