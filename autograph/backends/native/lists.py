"""Lists of numbers, or of tensors of one shape: buffers that grow, shared until one of the lists is changed.

Items that are lists are two words, the address of a list's buffer and its length. Buffers live until the call ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, convert
from autograph.backends.native.builder import Index
from autograph.backends.native.list_sizes import innermost
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.ownership import is_last_use
from autograph.backends.native.values import Array, Items, Scalar
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import ListType, TensorType, Type


def native_list_type(lower: Lowering, type_: Type) -> ListType | None:
    """The type of a list that native code handles."""
    return type_ if isinstance(type_, ListType) and lower.is_native_list(type_) else None


def element_type(type_: ListType) -> TensorType | ListType:
    """The type of a native list's elements."""
    assert isinstance(type_.element, TensorType | ListType)
    return type_.element


def fits(type_: ListType, item: Value) -> bool:
    """Whether a value can be an item as it is; a list of other numbers than the items' cannot."""
    return not isinstance(type_.element, ListType) or _stored(item.type) == _stored(type_.element)


def _stored(type_: Type) -> Type:
    """A type as far as memory has it."""
    if isinstance(type_, ListType):
        return ListType(_stored(type_.element))
    return type_.strong() if isinstance(type_, TensorType) else type_


def items_of(lower: Lowering, value: Value) -> Items | None:
    """A list that native code handles."""
    native = lower.values[value]
    return native if isinstance(native, Items) else None


def empty_list(lower: Lowering, type_: ListType, capacity: Index) -> Items:
    """A new list without items."""
    size = lower.element_bytes(type_)
    buffer = lower.b.value(f"call ptr @ag_list_new(ptr %frame, i64 {capacity}, i64 {size})")
    return Items(buffer, 0, size)


def filled_list(lower: Lowering, type_: ListType, count: Index) -> tuple[Items, str]:
    """A new list of so many items, still to be written, and where they lie."""
    made = empty_list(lower, type_, count)
    lower.b.store("i64", count, lower.b.at("i64", made.buffer, 1))
    return Items(made.buffer, count, made.element_bytes), lower.b.load("ptr", made.buffer)


def _address(lower: Lowering, items: Items, index: Index) -> str:
    b = lower.b
    return b.at("i8", b.load("ptr", items.buffer), b.mul(index, items.element_bytes))


def put(lower: Lowering, type_: TensorType | ListType, address: str, value: Value) -> None:
    """Writes an item."""
    if isinstance(type_, ListType):
        items = items_of(lower, value)
        assert items is not None
        _put_list(lower, items, address)
    elif layout.is_register(type_):
        source = value.type
        assert isinstance(source, TensorType)
        layout.store(lower.b, type_.dtype, convert(lower.b, source.dtype, type_.dtype, lower.scalar(value)), address)
    else:
        array = lower.array(value)
        lower.b.copy(address, array.pointer, lower.bytes(array.dtype, array.sizes))


def _put_list(lower: Lowering, items: Items, address: str) -> None:
    lower.b.store("ptr", items.buffer, address)
    lower.b.store("i64", items.length, lower.b.at("i64", address, 1))


def _get_list(lower: Lowering, type_: ListType, address: str) -> Items:
    b = lower.b
    return Items(b.load("ptr", address), b.load("i64", b.at("i64", address, 1)), lower.element_bytes(type_))


def get(lower: Lowering, output: Value, address: str) -> None:
    """Reads an item into an output: the item where it lies, or a copy if lists of its type are changed in place.

    A list that grows leaves its old buffer as it was until the call ends.
    """
    type_ = output.type
    if isinstance(type_, ListType):
        lower.values[output] = _get_list(lower, type_, address)
        return
    assert isinstance(type_, TensorType)
    if layout.is_register(type_):
        lower.values[output] = Scalar(type_.dtype, layout.load(lower.b, type_.dtype, address))
    elif not lower.changes_items(type_):
        lower.values[output] = Array(type_.dtype, address, lower.sizes(type_))
    else:
        made = lower.fresh(output, type_, lower.sizes(type_))
        lower.b.copy(made.pointer, address, lower.bytes(made.dtype, made.sizes))


def _index(lower: Lowering, value: Value, length: Index) -> str:
    """An index from the front; those below zero count from the end."""
    b = lower.b
    assert isinstance(value.type, TensorType)
    index = convert(b, value.type.dtype, int64, lower.element(value, []))
    below = b.value(f"icmp slt i64 {index}, 0")
    return b.value(f"select i1 {below}, i64 {b.value(f'add i64 {index}, {length}')}, i64 {index}")


@rule("list_new", "list_from")
def _new(lower: Lowering, node: Node) -> bool:
    type_ = native_list_type(lower, node.outputs[0].type)
    if type_ is None or not all(fits(type_, value) for value in node.inputs):
        return False
    made, data = filled_list(lower, type_, len(node.inputs))
    for index, value in enumerate(node.inputs):
        put(lower, element_type(type_), lower.b.at("i8", data, lower.b.mul(index, made.element_bytes)), value)
    lower.values[node.outputs[0]] = made
    return True


@rule("list_append")
def _append(lower: Lowering, node: Node) -> bool:
    b = lower.b
    items, type_ = items_of(lower, node.inputs[0]), native_list_type(lower, node.outputs[0].type)
    if items is None or type_ is None or not fits(type_, node.inputs[1]):
        return False
    lower.in_words(node.inputs[1])
    buffer = b.value(
        f"call ptr @ag_list_more(ptr %frame, ptr {items.buffer}, i64 {items.length}, i64 {items.element_bytes})"
    )
    put(
        lower, element_type(type_), _address(lower, Items(buffer, 0, items.element_bytes), items.length), node.inputs[1]
    )
    lower.values[node.outputs[0]] = Items(buffer, b.add(items.length, 1), items.element_bytes)
    return True


@rule("list_pop", "list_unappend")
def _pop(lower: Lowering, node: Node) -> bool:
    items = items_of(lower, node.inputs[0])
    if items is None:
        return False
    rest = lower.b.sub(items.length, 1)
    lower.values[node.outputs[0]] = Items(items.buffer, rest, items.element_bytes)
    get(lower, node.outputs[1], _address(lower, items, rest))
    return True


@rule("list_get")
def _get(lower: Lowering, node: Node) -> bool:
    items = items_of(lower, node.inputs[0])
    if items is None:
        return False
    get(lower, node.outputs[0], _address(lower, items, _index(lower, node.inputs[1], items.length)))
    return True


@rule("list_len")
def _len(lower: Lowering, node: Node) -> bool:
    items = items_of(lower, node.inputs[0])
    if items is None:
        return False
    lower.values[node.outputs[0]] = Scalar(int64, str(items.length))
    return True


def _own(lower: Lowering, node: Node) -> Items | None:
    """The list that a node changes, as its own: the operand's buffer where nothing else needs it."""
    items = items_of(lower, node.inputs[0])
    if items is None or is_last_use(lower, node.inputs[0], node):
        return items
    buffer = lower.b.value(
        f"call ptr @ag_list_copy(ptr %frame, ptr {items.buffer}, i64 {items.length}, i64 {items.element_bytes})"
    )
    return Items(buffer, items.length, items.element_bytes)


@rule("list_set")
def _set(lower: Lowering, node: Node) -> bool:
    type_ = native_list_type(lower, node.outputs[0].type)
    if type_ is None or items_of(lower, node.inputs[0]) is None or not fits(type_, node.inputs[2]):
        return False
    lower.in_words(node.inputs[2])
    made = _own(lower, node)
    assert made is not None
    put(lower, element_type(type_), _address(lower, made, _index(lower, node.inputs[1], made.length)), node.inputs[2])
    lower.values[node.outputs[0]] = made
    return True


@rule("list_add_at")
def _add_at(lower: Lowering, node: Node) -> bool:
    type_ = native_list_type(lower, node.outputs[0].type)
    if type_ is None or items_of(lower, node.inputs[0]) is None or not _addable(type_):
        return False
    if not fits(type_, node.inputs[2]):
        return False
    lower.in_words(node.inputs[2])
    made = _own(lower, node)
    assert made is not None
    address = _address(lower, made, _index(lower, node.inputs[1], made.length))
    element = element_type(type_)
    if isinstance(element, ListType):
        term = items_of(lower, node.inputs[2])
        assert term is not None
        _put_list(lower, _sum(lower, element, _get_list(lower, element, address), term), address)
    else:
        _add_into(lower, element, address, node.inputs[2])
    lower.values[node.outputs[0]] = made
    return True


def _addable(type_: ListType) -> bool:
    tensor = innermost(type_)
    return isinstance(tensor, TensorType) and not tensor.dtype.is_bool


def _add_into(lower: Lowering, type_: TensorType, address: str, value: Value) -> None:
    b, dtype = lower.b, type_.dtype
    assert isinstance(value.type, TensorType)
    source = value.type.dtype
    if layout.is_register(type_):
        term = convert(b, source, dtype, lower.scalar(value))
        total = EMIT["add"][0](b, dtype, layout.load(b, dtype, address), term)
        layout.store(b, dtype, total, address)
        return
    array = lower.array(value)

    def add(index: Index) -> None:
        place = b.at(layout.memory(dtype), address, index)
        term = layout.load(b, dtype, b.at(layout.memory(dtype), array.pointer, index))
        total = EMIT["add"][0](b, dtype, layout.load(b, dtype, place), term)
        layout.store(b, dtype, total, place)

    lower.loop(b.product(list(array.sizes)), add)


@rule("list_zeros_like", "list_single")
def _zeros_like(lower: Lowering, node: Node) -> bool:
    items, type_ = items_of(lower, node.inputs[0]), native_list_type(lower, node.outputs[0].type)
    if items is None or type_ is None or (len(node.inputs) > 1 and not fits(type_, node.inputs[2])):
        return False
    if len(node.inputs) > 1:
        lower.in_words(node.inputs[2])
    made = _zeros(lower, type_, items)
    if len(node.inputs) > 1:
        place = _address(lower, made, _index(lower, node.inputs[1], items.length))
        put(lower, element_type(type_), place, node.inputs[2])
    lower.values[node.outputs[0]] = made
    return True


def _zeros(lower: Lowering, type_: ListType, items: Items) -> Items:
    """A list of zeros like another list's items."""
    b = lower.b
    made, data = filled_list(lower, type_, items.length)
    element = type_.element
    if isinstance(element, ListType):
        _each(lower, [items], made, partial(_zeros, lower, element), [element])
    else:
        size = b.mul(items.length, items.element_bytes)
        b.line(f"call void @llvm.memset.p0.i64(ptr {data}, i8 0, i64 {size}, i1 false)")
    return made


def _each(
    lower: Lowering, sources: Sequence[Items], made: Items, function: Callable[..., Items], types: Sequence[ListType]
) -> None:
    """Fills a list of lists: each from those at its place in some others."""
    b = lower.b
    data = [b.load("ptr", part.buffer) for part in (*sources, made)]

    def one(index: Index) -> None:
        *places, target = [b.at("i8", start, b.mul(index, made.element_bytes)) for start in data]
        found = [_get_list(lower, type_, place) for type_, place in zip(types, places, strict=True)]
        _put_list(lower, function(*found), target)

    lower.loop(made.length, one)


@rule("list_concat")
def _concat(lower: Lowering, node: Node) -> bool:
    parts = [items_of(lower, value) for value in node.inputs]
    type_ = native_list_type(lower, node.outputs[0].type)
    first, second = parts
    if first is None or second is None or type_ is None:
        return False
    b = lower.b
    made, data = filled_list(lower, type_, b.add(first.length, second.length))
    size = b.mul(first.length, first.element_bytes)
    b.copy(data, b.load("ptr", first.buffer), size)
    b.copy(b.at("i8", data, size), b.load("ptr", second.buffer), b.mul(second.length, second.element_bytes))
    lower.values[node.outputs[0]] = made
    return True


@rule("list_add")
def _add(lower: Lowering, node: Node) -> bool:
    first, second = [items_of(lower, value) for value in node.inputs]
    type_ = native_list_type(lower, node.outputs[0].type)
    if first is None or second is None or type_ is None or not _addable(type_):
        return False
    lower.values[node.outputs[0]] = _sum(lower, type_, first, second)
    return True


def _sum(lower: Lowering, type_: ListType, first: Items, second: Items) -> Items:
    """The sums of two lists' items."""
    b, element = lower.b, element_type(type_)
    made, data = filled_list(lower, type_, first.length)
    if isinstance(element, ListType):
        _each(lower, [first, second], made, partial(_sum, lower, element), [element] * 2)
        return made
    dtype, sources = element.dtype, [b.load("ptr", part.buffer) for part in (first, second)]

    def add(index: Index) -> None:
        terms = [layout.load(b, dtype, b.at(layout.memory(dtype), source, index)) for source in sources]
        total = EMIT["add"][0](b, dtype, *terms)
        layout.store(b, dtype, total, b.at(layout.memory(dtype), data, index))

    lower.loop(b.mul(first.length, b.product(lower.sizes(element))), add)
    return made


@rule("list_cast")
def _cast(lower: Lowering, node: Node) -> bool:
    items, type_ = items_of(lower, node.inputs[0]), native_list_type(lower, node.outputs[0].type)
    source_type = node.inputs[0].type
    if items is None or type_ is None or not isinstance(source_type, ListType):
        return False
    source, target = innermost(source_type), innermost(type_)
    assert isinstance(source, TensorType) and isinstance(target, TensorType)
    if source.shape != target.shape or (source.dtype.is_complex and not target.dtype.is_complex):
        return False
    lower.values[node.outputs[0]] = _cast_items(lower, source_type, type_, items)
    return True


def _cast_items(lower: Lowering, source_type: ListType, type_: ListType, items: Items) -> Items:
    b, source, target = lower.b, element_type(source_type), element_type(type_)
    made, data = filled_list(lower, type_, items.length)
    if isinstance(source, ListType) and isinstance(target, ListType):
        _each(lower, [items], made, partial(_cast_items, lower, source, target), [source])
        return made
    assert isinstance(source, TensorType) and isinstance(target, TensorType)
    old = b.load("ptr", items.buffer)

    def cast(index: Index) -> None:
        value = layout.load(b, source.dtype, b.at(layout.memory(source.dtype), old, index))
        place = b.at(layout.memory(target.dtype), data, index)
        layout.store(b, target.dtype, convert(b, source.dtype, target.dtype, value), place)

    lower.loop(b.mul(items.length, b.product(lower.sizes(source))), cast)
    return made


@rule("list_stack")
def _stack(lower: Lowering, node: Node) -> bool:
    items, (output,) = items_of(lower, node.inputs[0]), node.outputs
    type_ = output.type
    if items is None or not isinstance(type_, TensorType):
        return False
    sizes: Sequence[Index] = [items.length, *map(lower.size, type_.shape[1:])]
    data = lower.b.load("ptr", items.buffer)
    if not lower.changes_items(type_.with_shape(type_.shape[1:])):
        lower.values[output] = Array(type_.dtype, data, sizes)
        return True
    made = lower.fresh(output, type_, sizes)
    lower.b.copy(made.pointer, data, lower.b.mul(items.length, items.element_bytes))
    return True


@rule("list_unstack")
def _unstack(lower: Lowering, node: Node) -> bool:
    type_ = native_list_type(lower, node.outputs[0].type)
    if type_ is None:
        return False
    array: Array = lower.array(node.inputs[0])
    made, data = filled_list(lower, type_, array.sizes[0])
    lower.b.copy(data, array.pointer, lower.bytes(array.dtype, array.sizes))
    lower.values[node.outputs[0]] = made
    return True
