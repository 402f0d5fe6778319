"""Constants, variables, branches, loops and calls of other graphs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.assignments import assigned_in
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.host import caught_by
from autograph.backends.native.host_ops import call_host
from autograph.backends.native.lists import empty_list
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.polling import poll_trip
from autograph.backends.native.support import FRAME_POINTERS
from autograph.backends.native.values import Array, Handle, Native, Scalar, Slot
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.types import ListType, RefType, TensorType, Type


@rule("constant")
def _constant(lower: Lowering, node: Node) -> bool:
    (output,), raw = node.outputs, node.attrs["value"]
    type_ = output.type
    assert isinstance(type_, TensorType)
    if layout.is_register(type_):
        lower.values[output] = Scalar(type_.dtype, layout.constant(np.asarray(raw).item(), type_.dtype))
    else:
        array = np.asarray(raw, type_.dtype.numpy)
        lower.values[output] = Array(type_.dtype, lower.module.constant(array), array.shape)
    return True


@rule("dimension")
def _dimension(lower: Lowering, node: Node) -> bool:
    lower.values[node.outputs[0]] = Scalar(int64, str(lower.size(node.attrs["dim"])))
    return True


@rule("undefined")
def _undefined(lower: Lowering, node: Node) -> bool:
    return _placeholder(lower, node.outputs[0])


def _placeholder(lower: Lowering, output: Value) -> bool:
    """Gives an output a value that nothing reads."""
    type_ = output.type
    if isinstance(type_, TensorType):
        if layout.is_register(type_):
            lower.values[output] = Scalar(type_.dtype, layout.constant(0, type_.dtype))
        else:
            sizes: list[Index] = [dim if isinstance(dim, int) else 0 for dim in type_.shape]
            made = lower.fresh(output, type_, lower.sizes(type_) if lower.knows(type_) else sizes)
            lower.zero(made)
        return True
    if isinstance(type_, ListType) and lower.is_native_list(type_):
        lower.values[output] = empty_list(lower, type_, 0)
        return True
    return False


@rule("read")
def _read(lower: Lowering, node: Node) -> bool:
    slot = lower.values[node.inputs[0]]
    assert isinstance(slot, Slot)
    native, _ = lower.read_words(node.outputs[0].type, slot.pointer, 0)
    lower.values[node.outputs[0]] = native
    return True


@rule("assign")
def _assign(lower: Lowering, node: Node) -> bool:
    ref, value = node.inputs
    slot = lower.values[ref]
    assert isinstance(slot, Slot)
    lower.to_words(value, slot.pointer, 0)
    return True


# -- places for values that several paths give ------------------------------------------------------------


def place(lower: Lowering, type_: Type) -> str:
    """Words in which several paths leave a value."""
    return lower.words([type_])


def take(lower: Lowering, output: Value, words: str) -> None:
    """The value that words hold, with the sizes that are known used in place of the words'."""
    native, _ = lower.read_words(output.type, words, 0)
    if isinstance(native, Array) and isinstance(output.type, TensorType) and lower.knows(output.type):
        native = Array(native.dtype, native.pointer, lower.sizes(output.type))
    lower.values[output] = native
    lower.bind(output)


@rule("cond")
def _cond(lower: Lowering, node: Node) -> bool:
    b = lower.b
    places = [place(lower, output.type) for output in node.outputs]
    labels = b.label("then"), b.label("else")
    after = b.label("joined")
    b.branch(lower.scalar(node.inputs[0]), *labels)
    for label, region in zip(labels, node.regions, strict=True):
        b.open_block(label)
        lower.scoped(region)
        for result, words in zip(region.results, places, strict=True):
            lower.to_words(result, words, 0)
        lower.leave()
        b.jump(after)
    b.open_block(after)
    for output, words in zip(node.outputs, places, strict=True):
        take(lower, output, words)
    return True


class _Carry:
    """A value that a loop carries: where its words lie, and two buffers in turn for an array's elements."""

    def __init__(self, lower: Lowering, type_: Type, init: Value | None, words: str, same: bool) -> None:
        self.type = type_
        self.words = words
        self.same = same  # whether it stays what it is in every trip
        self.buffers: list[str] = []
        self.room: list[str] = []
        if isinstance(type_, TensorType) and not layout.is_register(type_) and not same:
            self.sized = lower.knows(type_)
            if self.sized:
                size = lower.bytes(type_.dtype, lower.sizes(type_))
                self.buffers = [lower.allocate(size) for _ in range(2)]
            else:
                self.buffers = [lower.b.stack("ptr") for _ in range(2)]
                self.room = [lower.b.stack("i64") for _ in range(2)]
                for buffer, room in zip(self.buffers, self.room, strict=True):
                    lower.b.store("ptr", "null", buffer)
                    lower.b.store("i64", 0, room)

    @property
    def moves(self) -> bool:
        """Whether its elements are copied from trip to trip."""
        return bool(self.buffers)

    def other(self, lower: Lowering, now: str, size: Index) -> str:
        """The buffer that does not hold the present elements, with room for so many bytes."""
        b = lower.b
        if self.sized:
            first = b.value(f"icmp eq ptr {now}, {self.buffers[0]}")
            return b.value(f"select i1 {first}, ptr {self.buffers[1]}, ptr {self.buffers[0]}")
        first = b.value(f"icmp eq ptr {now}, {b.load('ptr', self.buffers[0])}")
        buffer = b.value(f"select i1 {first}, ptr {self.buffers[1]}, ptr {self.buffers[0]}")
        room = b.value(f"select i1 {first}, ptr {self.room[1]}, ptr {self.room[0]}")
        small, enough = b.label("small"), b.label("enough")
        b.branch(b.value(f"icmp slt i64 {b.load('i64', room)}, {size}"), small, enough)
        b.open_block(small)
        more = b.value(f"shl i64 {size}, 1")
        b.store("ptr", b.value(f"call ptr @ag_heap(ptr %frame, i64 {more})"), buffer)
        b.store("i64", more, room)
        b.jump(enough)
        b.open_block(enough)
        return b.load("ptr", buffer)


@rule("while")
def _while(lower: Lowering, node: Node) -> bool:
    b = lower.b
    test, body = node.regions
    carries = [
        _Carry(lower, output.type, init, place(lower, output.type), _stays(body, index))
        for index, (init, output) in enumerate(zip(node.inputs, node.outputs, strict=True))
    ]
    for carry, init in zip(carries, node.inputs, strict=True):
        lower.to_words(init, carry.words, 0)
    references = _array_references(lower, node)
    mark = b.here()
    head, inside, after = b.label("while"), b.label("trip"), b.label("end")
    outer, lower.allocates = lower.allocates, False
    b.jump(head)
    b.open_block(head)
    lower.symbols = lower.symbols.new_child()
    _enter(lower, test.params, carries, node.inputs)
    lower.write(test)
    b.branch(lower.scalar(test.results[0]), inside, after)
    b.open_block(inside)
    for param, tested in zip(body.params, test.params, strict=True):
        lower.values[param] = lower.values[tested]
    starts = {ref: b.load("i64", slot.pointer) for ref, (_, slot) in references.items()}
    _aim(lower, body, carries)
    lower.write(body)
    _carry_over(lower, body, carries)
    for ref, (carry, slot) in references.items():
        _keep_variable(lower, ref, carry, slot, starts[ref])
    if lower.allocates:
        saved = [b.stack("ptr") for _ in range(3)]
        _mark(b, mark, saved)
        for offset, name in zip((0, 8, 16), saved, strict=True):
            b.store("ptr", b.load("ptr", name), b.at("i8", "%frame", offset))
    lower.allocates = lower.allocates or outer
    poll_trip(lower, body)
    b.jump(head)
    lower.leave()
    b.open_block(after)
    for output, carry, init in zip(node.outputs, carries, node.inputs, strict=True):
        if carry.same:
            lower.values[output] = lower.values[init]
            lower.bind(output)
        else:
            take(lower, output, carry.words)
    return True


def _stays(body: Region, index: int) -> bool:
    return body.results[index] is body.params[index]


def _enter(lower: Lowering, params: Sequence[Value], carries: Sequence[_Carry], inits: Sequence[Value]) -> None:
    for param, carry, init in zip(params, carries, inits, strict=True):
        if carry.same:
            lower.values[param] = lower.values[init]
            lower.bind(param)
        else:
            take(lower, param, carry.words)


def _aim(lower: Lowering, body: Region, carries: Sequence[_Carry]) -> None:
    """Lets what the body computes for the next trip be written where the next trip reads it."""
    taken: set[Value] = set()
    for result, param, carry in zip(body.results, body.params, carries, strict=True):
        if not carry.moves or not carry.sized or result in taken or result.node is None or result.region is not body:
            continue
        taken.add(result)

        def target(param: Value = param, carry: _Carry = carry) -> str:
            now = lower.values[param]
            assert isinstance(now, Array)
            return carry.other(lower, now.pointer, 0)

        lower.targets[result] = target


def _carry_over(lower: Lowering, body: Region, carries: Sequence[_Carry]) -> None:
    """Leaves the results where the next trip finds them."""
    b = lower.b
    kept: list[tuple[_Carry, Sequence[Index]]] = []
    for result, param, carry in zip(body.results, body.params, carries, strict=True):
        if carry.same:
            continue
        if carry.moves:
            kept.append((carry, _moved(lower, carry, lower.array(result), lower.values[param])))
        else:
            kept.append((carry, lower.word_texts(lower.in_words(result))))
    for carry, texts in kept:
        for at, text in enumerate(texts):
            b.store("i64", text, b.at("i64", carry.words, at))


def _moved(lower: Lowering, carry: _Carry, made: Array, now: Native) -> list[Index]:
    """The words of a carried array after a trip; elements that are new move to the other buffer."""
    b = lower.b
    assert isinstance(now, Array)
    size = lower.bytes(made.dtype, made.sizes)
    kept, changed = b.label("same"), b.label("new")
    pointer = b.stack("ptr")
    b.store("ptr", now.pointer, pointer)
    b.branch(b.value(f"icmp eq ptr {made.pointer}, {now.pointer}"), kept, changed)
    b.open_block(changed)
    buffer = carry.other(lower, now.pointer, size)
    lower.b.copy_unless_there(buffer, made.pointer, size)
    b.store("ptr", buffer, pointer)
    b.jump(kept)
    b.open_block(kept)
    return [b.value(f"ptrtoint ptr {b.load('ptr', pointer)} to i64"), *made.sizes]


def _array_references(lower: Lowering, node: Node) -> dict[Value, tuple[_Carry, Slot]]:
    """Variables in memory that a loop assigns: their elements, too, have to outlive each trip."""
    found = {}
    for ref in assigned_in(node.regions):
        slot = lower.values[ref]
        assert isinstance(slot, Slot) and isinstance(ref.type, RefType)
        if isinstance(ref.type.value, TensorType) and not layout.is_register(ref.type.value):
            found[ref] = (_Carry(lower, ref.type.value, None, slot.pointer, False), slot)
    return found


def _keep_variable(lower: Lowering, ref: Value, carry: _Carry, slot: Slot, start: str) -> None:
    b = lower.b
    assert isinstance(ref.type, RefType)
    changed, kept = b.label("changed"), b.label("kept")
    now = b.load("i64", slot.pointer)
    b.branch(b.value(f"icmp ne i64 {now}, {start}"), changed, kept)
    b.open_block(changed)
    native, _ = lower.read_words(ref.type.value, slot.pointer, 0)
    assert isinstance(native, Array)
    size = lower.bytes(native.dtype, native.sizes)
    buffer = carry.other(lower, b.value(f"inttoptr i64 {start} to ptr"), size)
    lower.b.copy_unless_there(buffer, native.pointer, size)
    b.store("i64", b.value(f"ptrtoint ptr {buffer} to i64"), slot.pointer)
    b.jump(kept)
    b.open_block(kept)


def _mark(b: Builder, mark: tuple[list[str], int], saved: Sequence[str]) -> None:
    """Remembers, before a loop, how much of the frame's memory was in use."""
    lines = []
    for offset, name in zip((0, 8, 16), saved, strict=True):
        lines.append(f"%m{name[1:]} = getelementptr inbounds i8, ptr %frame, i64 {offset}")
        lines.append(f"%w{name[1:]} = load ptr, ptr %m{name[1:]}")
        lines.append(f"store ptr %w{name[1:]}, ptr {name}")
    b.insert(mark, lines)


@rule("try")
def _try(lower: Lowering, node: Node) -> bool:
    """A failure inside goes to the handler, which asks the host whether it is one of the classes that are caught."""
    b = lower.b
    code, *results = node.outputs
    places = [place(lower, output.type) for output in node.outputs]
    depth_at = b.at("i8", "%frame", FRAME_POINTERS["depth"])
    depth = b.load("i64", depth_at)
    handler, after = b.label("handler"), b.label("tried")
    outer, lower.fail = lower.fail, handler
    lower.scoped(node.regions[0])
    b.store("i64", 0, places[0])
    for result, words in zip(node.regions[0].results, places[1:], strict=True):
        lower.to_words(result, words, 0)
    lower.leave()
    b.jump(after)
    lower.fail = outer
    b.open_block(handler)
    caught = b.label("caught")
    raised = b.load("ptr", b.at("i8", "%frame", FRAME_POINTERS["raised"]))
    b.branch(b.value(f"icmp eq ptr {raised}, null"), caught, outer, ", !prof !1")
    b.open_block(caught)
    b.store("i64", depth, depth_at)
    call_host(lower, caught_by(node.attrs["catches"]), [], [code], location=node.location)
    lower.to_words(code, places[0], 0)
    lower.symbols = lower.symbols.new_child()
    for output, words in zip(results, places[1:], strict=True):
        if not _placeholder(lower, output):
            lower.values[output] = Handle("0")
        lower.to_words(output, words, 0)
    lower.leave()
    b.jump(after)
    b.open_block(after)
    for output, words in zip(node.outputs, places, strict=True):
        take(lower, output, words)
    return True
