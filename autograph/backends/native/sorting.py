"""Sorting along an axis, places in sorted vectors, membership and distinct elements."""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import layout
from autograph.backends.native.builder import Index
from autograph.backends.native.elementwise import formula
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.order import RECORD, Records, is_nan_key, is_ordered, order_key, place_in_order
from autograph.backends.native.tasks import split, workers
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import At, tensor_type
from autograph.runtime.dtypes import DType, int64
from autograph.runtime.ir import Node, Value

# What a record costs, in additions.
_WEIGHT = 100


@rule("argsort", "sort")
def _sort(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    type_, dtype = tensor_type(output), tensor_type(operand).dtype
    if not is_ordered(dtype):
        return False
    b, axis, memory = lower.b, node.attrs["axis"], layout.memory(type_.dtype)
    sizes = lower.sizes(type_)
    numbers = lower.array(operand)
    made = lower.fresh(output, type_, sizes)

    def write(row: Callable[[Index], At], records: Records) -> None:
        def put(place: Index) -> None:
            index = records.index(place)
            text = index if node.op.name == "argsort" else _load(lower, numbers, row(index))
            layout.store(b, type_.dtype, text, b.at(memory, made.pointer, lower.linear(row(place), sizes)))

        lower.sweep(records.count, _WEIGHT, put)

    _each_row(lower, numbers, axis, write)
    return True


def _load(lower: Lowering, numbers: Array, at: At) -> str:
    place = lower.b.at(layout.memory(numbers.dtype), numbers.pointer, lower.linear(at, numbers.sizes))
    return layout.load(lower.b, numbers.dtype, place)


def _each_row(
    lower: Lowering, numbers: Array, axis: int, write: Callable[[Callable[[Index], At], Records], None]
) -> None:
    """Sorts the rows along an axis; threads share them.

    Args:
        lower: the function being written.
        numbers: what is sorted.
        axis: the axis.
        write: is told the indices of a place in a row, and the row's records in order.
    """
    b, count = lower.b, numbers.sizes[axis]
    others = [size for place, size in enumerate(numbers.sizes) if place != axis]
    rows = b.product(list(others))
    many = workers(lower.module, b, b.mul(rows, b.mul(count, _WEIGHT))) if rows != 1 else 1
    own_bytes = b.mul(count, 2 * RECORD)
    scratch = lower.allocate(b.mul(many, own_bytes))

    def sort(index: Index, place: str) -> None:
        at = b.unravel(index, others[1:]) if others else []
        records = Records(lower, numbers.dtype, count, place)

        def row(inner: Index) -> At:
            return [*at[:axis], inner, *at[axis:]]

        records.fill(lambda inner: _load(lower, numbers, row(inner)))
        records.sort(polls=rows == 1 and not b.is_inner)
        write(row, records)

    def some(start: Index, stop: Index, worker: str) -> None:
        place = b.at("i8", scratch, b.mul(worker, own_bytes))
        lower.loop(b.sub(stop, start), lambda index: sort(b.add(start, index), place))

    split(lower.module, b, rows, many, some, lower.stopping())


def _sorted(lower: Lowering, value: Value) -> Records:
    """The records of all elements of a tensor, in order."""
    b, numbers = lower.b, lower.array(value)
    memory = layout.memory(numbers.dtype)
    count = b.product(list(numbers.sizes))
    records = Records(lower, numbers.dtype, count, lower.allocate(b.mul(count, 2 * RECORD)))
    records.fill(lambda index: layout.load(b, numbers.dtype, b.at(memory, numbers.pointer, index)))
    records.sort(polls=not b.is_inner)
    return records


def _looked_up(lower: Lowering, node: Node, value: Value, dtype: DType, make: Callable[[str, str], str]) -> None:
    """Gives a node's output: what `make` makes of the elements of a tensor and their keys."""
    b, (output,) = lower.b, node.outputs
    type_ = tensor_type(output)

    def one(text: str) -> str:
        return make(text, order_key(b, dtype, text))

    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, one(lower.element(value, [])))
    else:
        sizes = lower.sizes(type_)
        lower.values[output] = formula(lower, [value], type_, sizes, lambda b, texts: one(texts[0]), _WEIGHT)


@rule("searchsorted")
def _searchsorted(lower: Lowering, node: Node) -> bool:
    vector, values = node.inputs
    dtype = tensor_type(vector).dtype
    if not is_ordered(dtype) or tensor_type(values).dtype is not dtype:
        return False
    numbers = lower.array(vector)
    name = place_in_order(lower.module, dtype, node.attrs["side"] == "right")

    def place(text: str, key: str) -> str:
        return lower.b.value(f"call i64 @{name}(ptr {numbers.pointer}, i64 {numbers.sizes[0]}, i64 {key})")

    _looked_up(lower, node, values, dtype, place)
    return True


@rule("isin")
def _isin(lower: Lowering, node: Node) -> bool:
    x, values = node.inputs
    dtype = tensor_type(x).dtype
    if not is_ordered(dtype) or tensor_type(values).dtype is not dtype:
        return False
    b = lower.b
    records = _sorted(lower, values)
    name = place_in_order(lower.module, None, False)
    last = b.extremum("max", b.sub(records.count, 1), 0)

    def is_in(text: str, key: str) -> str:
        place = b.value(f"call i64 @{name}(ptr {records.pointer}, i64 {records.count}, i64 {key})")
        inside = b.value(f"icmp slt i64 {place}, {records.count}")
        equal = b.value(f"icmp eq i64 {records.key(b.extremum('min', place, last))}, {key}")
        found = b.value(f"and i1 {inside}, {equal}")
        if not dtype.is_floating:
            return found
        return b.value(f"and i1 {found}, {b.value(f'xor i1 {is_nan_key(b, dtype, key)}, true')}")

    _looked_up(lower, node, x, dtype, is_in)
    return True


@rule("unique")
def _unique(lower: Lowering, node: Node) -> bool:
    """Where distinct elements are first, which of them each element is, and how often each occurs."""
    operand, (places, inverse, counts) = node.inputs[0], node.outputs
    dtype = tensor_type(operand).dtype
    if not is_ordered(dtype):
        return False
    b = lower.b
    records = _sorted(lower, operand)
    found, often = [lower.allocate(b.mul(records.count, 8)) for _ in range(2)]
    which = lower.fresh(inverse, tensor_type(inverse), lower.sizes(inverse.type))
    total = b.stack("i64")
    b.store("i64", 0, total)

    def visit(place: Index) -> None:
        key, index, known = records.key(place), records.index(place), b.load("i64", total)
        before = records.key(b.extremum("max", b.sub(place, 1), 0))
        differs = b.value(f"or i1 {b.value(f'icmp ne i64 {key}, {before}')}, {is_nan_key(b, dtype, key)}")
        new = b.value(f"or i1 {differs}, {b.value(f'icmp eq i64 {place}, 0')}")
        own = b.sub(b.add(known, b.value(f"zext i1 {new} to i64")), 1)
        first, count = b.at("i64", found, own), b.at("i64", often, own)
        b.store("i64", b.value(f"select i1 {new}, i64 {index}, i64 {b.load('i64', first)}"), first)
        before_it = b.value(f"select i1 {new}, i64 0, i64 {b.load('i64', count)}")
        b.store("i64", b.value(f"add i64 {before_it}, 1"), count)
        b.store("i64", own, b.at("i64", which.pointer, index))
        b.store("i64", b.value(f"add i64 {own}, 1"), total)

    lower.sweep(records.count, _WEIGHT, visit)
    size = b.load("i64", total)
    for output, pointer in ((places, found), (counts, often)):
        lower.values[output] = Array(int64, pointer, [size])
    return True
