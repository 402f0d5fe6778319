"""Work in pieces, which the threads of the process share: loops over elements, blocks of products."""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.module import Module

# About how many additions a piece has, and at most, since between pieces one looks at signals; and how many there have
# to be for other threads to wake up.
PIECE = 1 << 15
LARGEST = 1 << 22
MOST_PIECES = 32  # where these are not too large
LEAST = 1 << 18

# Writes the work of some pieces, from one on and before another, on a worker: its number.
Body = Callable[[Index, Index, str], None]


def workers(module: Module, b: Builder, work: Index) -> Index:
    """How many threads may share so much work, in additions."""
    if isinstance(work, int) and work < LEAST:
        return 1
    module.declare("ag_threads", "declare i64 @ag_threads() nounwind memory(read)")
    count = b.value("call i64 @ag_threads()")
    if isinstance(work, int):
        return count
    return b.value(f"select i1 {b.value(f'icmp slt i64 {work}, {LEAST}')}, i64 1, i64 {count}")


def split(
    module: Module,
    b: Builder,
    count: Index,
    many: Index,
    body: Body,
    end: Callable[[str], None] | None = None,
) -> None:
    """Runs pieces 0 … count - 1 on so many threads, in whatever order.

    The body becomes a function of its own, told in words what it uses of the function around it.

    Args:
        module: the unit.
        b: the text.
        count: how many pieces there are.
        many: the threads.
        body: writes the work of some pieces.
        end: ends the function where a condition says that a signal stopped the work; None to work to the end.
    """
    if count == 1 or many == 1 or b.is_inner:
        body(0, count, "0")
        return
    module.declare("ag_split", "declare i64 @ag_split(ptr, ptr, i64, i64, ptr) nounwind")
    name = b.label("@task") + f".{module.number()}"
    start, stop, worker = [b.label(f"%{hint}") for hint in ("from", "to", "worker")]
    b.begin(f"define internal void {name}(ptr %words, i64 {start}, i64 {stop}, i64 {worker}) nounwind")
    body(start, stop, worker)
    b.line("ret void")
    inner = b.end()
    words = b.stack("i64", max(1, len(inner.free)))
    taken = []
    for place, (free, type_) in enumerate(inner.free.items()):
        b.store(type_, free, b.at("i64", words, place))
        taken.append(f"  %word{place} = getelementptr i64, ptr %words, i64 {place}")
        taken.append(f"  {free} = load {type_}, ptr %word{place}")
    module.add(inner.text(taken))
    frame = "null" if end is None else "%frame"
    stopped = b.value(f"call i64 @ag_split(ptr {name}, ptr {words}, i64 {count}, i64 {many}, ptr {frame})")
    if end is not None:
        module.polls = True
        end(b.value(f"icmp ne i64 {stopped}, 0"))


def pieces(b: Builder, size: Index, work: Index) -> tuple[Index, Index]:
    """How an axis is cut, an element of which takes so much work: elements of a piece, and the number of pieces."""
    least = b.divide(PIECE, b.extremum("max", work, 1))[0]
    most = b.divide(LARGEST, b.extremum("max", work, 1))[0]
    length = b.extremum("max", least, b.extremum("min", b.divide(size, MOST_PIECES)[0], most))
    length = b.extremum("max", length, 1)
    if isinstance(size, int) and isinstance(length, int):
        length = max(1, min(size, length))
    return length, b.divide_up(size, length)
