"""The order of numbers as that of unsigned words, and sorting by it.

Each number has a key of 64 bits: keys are in order as NumPy sorts numbers (NaN last), and equal where numbers are
equal. Records of a key and an index are sorted byte by byte, from the last to the first, which keeps the order of equal
ones; few of them by insertion.
"""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import select
from autograph.backends.native.builder import Builder, Index, float_text
from autograph.backends.native.loops import Loops
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.module import Module
from autograph.backends.native.short_floats import is_short
from autograph.runtime.dtypes import DType

# The bytes of a record.
RECORD = 16
# So many records at most are sorted by insertion.
_FEW = 24
# What moving a record costs, in additions.
_WEIGHT = 64


def is_ordered(dtype: DType) -> bool:
    """Whether numbers of a dtype have keys."""
    return layout.is_real(dtype)


def order_key(b: Builder, dtype: DType, x: str) -> str:
    """The key of a number."""
    t = layout.register(dtype)
    if dtype.is_floating:
        bits = 32 if t == "float" else 64
        word = f"i{bits}"
        plain = b.value(f"bitcast {t} {b.value(f'fadd {t} {x}, {float_text(0.0, t)}')} to {word}")  # one zero
        sign = b.value(f"ashr {word} {plain}, {bits - 1}")
        turned = b.value(f"xor {word} {plain}, {b.value(f'or {word} {sign}, {-(2 ** (bits - 1))}')}")
        key = select(b, b.value(f"fcmp uno {t} {x}, {x}"), word, "-1", turned)
        return key if bits == 64 else b.value(f"zext i32 {key} to i64")
    key = b.value(f"xor {t} {x}, {-(2 ** (dtype.bits - 1))}") if dtype.kind == "int" else x
    return key if dtype.bits == 64 else b.value(f"zext {t} {key} to i64")


def is_nan_key(b: Builder, dtype: DType, key: str) -> str:
    """Whether a key is that of NaN."""
    if not dtype.is_floating:
        return "false"
    return b.value(f"icmp eq i64 {key}, {-1 if layout.register(dtype) == 'double' else 2**32 - 1}")


class Records:
    """Records in memory, in order once `sort` has been written.

    Args:
        lower: the function being written.
        dtype: of the numbers.
        count: how many there are.
        place: memory for twice as many.
    """

    def __init__(self, lower: Lowering, dtype: DType, count: Index, place: str) -> None:
        self.lower, self.dtype, self.count = lower, dtype, count
        self.pointer = place
        self._spare = lower.b.at("i8", place, lower.b.mul(count, RECORD))

    def fill(self, number: Callable[[Index], str]) -> None:
        """Writes the records of numbers."""
        b = self.lower.b

        def put(index: Index) -> None:
            place = b.at("i64", self.pointer, b.mul(index, 2))
            b.store("i64", order_key(b, self.dtype, number(index)), place)
            b.store("i64", index, b.at("i64", place, 1))

        self.lower.sweep(self.count, _WEIGHT, put)

    def sort(self, polls: bool) -> None:
        """Puts the records in order; `polls`: where that may end the function, since a signal has come."""
        lower, b = self.lower, self.lower.b
        name = _sorting(lower.module, 4 if is_short(self.dtype) else self.dtype.numpy.itemsize)
        frame = "%frame" if polls else "null"
        lower.module.polls |= polls
        listed = f"ptr {frame}, ptr {self.pointer}, ptr {self._spare}, i64 {self.count}"
        self.pointer = b.value(f"call ptr @{name}({listed})")
        if polls:
            lower.fail_if(b.value(f"icmp eq ptr {self.pointer}, null"))

    def key(self, index: Index) -> str:
        """The key at a place."""
        b = self.lower.b
        return b.load("i64", b.at("i64", self.pointer, b.mul(index, 2)))

    def index(self, index: Index) -> str:
        """Which number is at a place."""
        b = self.lower.b
        return b.load("i64", b.at("i64", self.pointer, b.add(b.mul(index, 2), 1)))


def _sorting(module: Module, width: int) -> str:
    """The function that sorts records whose keys have so many bytes: gives where they lie, null after a signal."""
    name = f"sort.{width}"
    b = Builder(f"define internal ptr @{name}(ptr %frame, ptr %records, ptr %spare, i64 %count) noinline nounwind")
    loops = _Sorting(module, b)
    few, many = b.label("few"), b.label("many")
    b.branch(b.value(f"icmp sle i64 %count, {_FEW}"), few, many)
    b.open_block(few)
    _insert(b, loops)
    b.line("ret ptr %records")
    b.open_block(many)
    _by_bytes(b, loops, width)
    return module.shared(name, b.text())


class _Sorting(Loops):
    """Loops of a function that gives null after a signal, if it has a frame."""

    def look(self) -> None:
        b = self.b
        ask, stop, on = b.label("ask"), b.label("stop"), b.label("on")
        b.branch(b.value("icmp eq ptr %frame, null"), on, ask)
        b.open_block(ask)
        b.branch(b.value(f"icmp eq i64 {b.value('call i64 @ag_look(ptr %frame)')}, 0"), stop, on)
        b.open_block(stop)
        b.line("ret ptr null")
        b.open_block(on)


def _while(b: Builder, condition: Callable[[], str], body: Callable[[], None]) -> None:
    head, inside, after = b.label("while"), b.label("do"), b.label("done")
    b.jump(head)
    b.open_block(head)
    b.branch(condition(), inside, after)
    b.open_block(inside)
    body()
    b.jump(head)
    b.open_block(after)


def _move(b: Builder, source: str, target: str) -> None:
    for place in range(2):
        b.store("i64", b.load("i64", b.at("i64", source, place)), b.at("i64", target, place))


def _insert(b: Builder, loops: Loops) -> None:
    place = b.stack("i64")

    def record(index: Index) -> str:
        return b.at("i64", "%records", b.mul(index, 2))

    def insert(index: Index) -> None:
        own = [b.load("i64", b.at("i64", record(index), i)) for i in range(2)]
        b.store("i64", index, place)

        def goes_on() -> str:
            at = b.load("i64", place)
            before = b.extremum("max", b.sub(at, 1), 0)
            larger = b.value(f"icmp ugt i64 {b.load('i64', record(before))}, {own[0]}")
            return b.value(f"and i1 {b.value(f'icmp sgt i64 {at}, 0')}, {larger}")

        def shift() -> None:
            at = b.load("i64", place)
            before = b.sub(at, 1)
            _move(b, record(before), record(at))
            b.store("i64", before, place)

        _while(b, goes_on, shift)
        for i in range(2):
            b.store("i64", own[i], b.at("i64", record(b.load("i64", place)), i))

    loops.loop("%count", insert)


def _by_bytes(b: Builder, loops: Loops, width: int) -> None:
    counts = b.stack("i64", 256 * width)
    b.line(f"call void @llvm.memset.p0.i64(ptr {counts}, i8 0, i64 {2048 * width}, i1 false)")
    places = [b.stack("ptr"), b.stack("ptr")]
    for place, pointer in zip(places, ("%records", "%spare"), strict=True):
        b.store("ptr", pointer, place)

    def slot(record: str, byte: int) -> str:
        shifted = b.value(f"lshr i64 {b.load('i64', record)}, {8 * byte}")
        digit = b.value(f"and i64 {shifted}, 255")
        return b.at("i64", counts, b.add(digit, 256 * byte))

    def count(index: Index) -> None:
        for byte in range(width):
            place = slot(b.at("i64", "%records", b.mul(index, 2)), byte)
            b.store("i64", b.value(f"add i64 {b.load('i64', place)}, 1"), place)

    loops.sweep("%count", _WEIGHT, count)
    for byte in range(width):
        _by_byte(b, loops, counts, places, slot, byte)
    b.line(f"ret ptr {b.load('ptr', places[0])}")


def _by_byte(
    b: Builder, loops: Loops, counts: str, places: list[str], slot: Callable[[str, int], str], byte: int
) -> None:
    """One pass: records go to the other place, in the order of a byte; none where all have the same."""
    source, target = [b.load("ptr", place) for place in places]
    sort, after = b.label("sort"), b.label("sorted")
    b.branch(b.value(f"icmp eq i64 {b.load('i64', slot(source, byte))}, %count"), after, sort)
    b.open_block(sort)
    total = b.stack("i64")
    b.store("i64", 0, total)

    def add(index: Index) -> None:
        place = b.at("i64", counts, b.add(index, 256 * byte))
        own, before = b.load("i64", place), b.load("i64", total)
        b.store("i64", before, place)
        b.store("i64", b.value(f"add i64 {before}, {own}"), total)

    loops.loop(256, add)

    def put(index: Index) -> None:
        record = b.at("i64", source, b.mul(index, 2))
        place = slot(record, byte)
        at = b.load("i64", place)
        b.store("i64", b.value(f"add i64 {at}, 1"), place)
        _move(b, record, b.at("i64", target, b.mul(at, 2)))

    loops.sweep("%count", _WEIGHT, put)
    b.store("ptr", target, places[0])
    b.store("ptr", source, places[1])
    b.jump(after)
    b.open_block(after)


def place_in_order(module: Module, dtype: DType | None, right: bool) -> str:
    """The function `i64 f(ptr numbers, i64 count, i64 key)`: where a key goes among numbers that are in order.

    Args:
        module: gets the function.
        dtype: of the numbers; None for records.
        right: whether behind equal ones rather than before them.
    """
    name = f"place.{'right' if right else 'left'}.{'records' if dtype is None else dtype.name}"
    b = Builder(f"define internal i64 @{name}(ptr %numbers, i64 %count, i64 %key) nounwind memory(argmem: read)")
    low, high = b.stack("i64"), b.stack("i64")
    b.store("i64", 0, low)
    b.store("i64", "%count", high)

    def goes_on() -> str:
        return b.value(f"icmp slt i64 {b.load('i64', low)}, {b.load('i64', high)}")

    def halve() -> None:
        first, last = b.load("i64", low), b.load("i64", high)
        middle = b.value(f"lshr i64 {b.value(f'add i64 {first}, {last}')}, 1")
        if dtype is None:
            key = b.load("i64", b.at("i64", "%numbers", b.mul(middle, 2)))
        else:
            key = order_key(b, dtype, layout.load(b, dtype, b.at(layout.memory(dtype), "%numbers", middle)))
        before = b.value(f"icmp {'ule' if right else 'ult'} i64 {key}, %key")
        b.store("i64", select(b, before, "i64", b.value(f"add i64 {middle}, 1"), first), low)
        b.store("i64", select(b, before, "i64", last, middle), high)

    _while(b, goes_on, halve)
    b.line(f"ret i64 {b.load('i64', low)}")
    return module.shared(name, b.text())
