"""Loops over indices, large ones in pieces for several threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.module import Module
from autograph.backends.native.tasks import pieces, split, workers

# The additions of a stretch: some milliseconds of work, and a tenth of a second where each misses the caches.
_STRETCH = 1 << 22
# Rows and columns of what is transposed at a time: two rows of as many cache lines of 16 numbers each.
_SQUARE = 16


class Loops:
    """Writes loops.

    Attributes:
        b: the text.
        module: the unit that the function belongs to.
        outermost: the loops that are in no other: their first blocks, and those after them.
        in_loop: whether a loop is being written.
    """

    def __init__(self, module: Module, b: Builder) -> None:
        self.module = module
        self.b = b
        self.outermost: list[tuple[str, str]] = []
        self.in_loop = False

    def loop(self, count: Index, body: Callable[[Index], None], notes: str = "") -> None:
        """Runs `body` for 0 … count - 1."""
        if count == 1:
            body(0)
            return
        b = self.b
        self.module.listing.loop()
        outermost = not self.in_loop and not b.is_inner
        self.in_loop = self.in_loop or outermost
        counter = b.stack("i64")
        first, head, inside, after = b.label("first"), b.label("loop"), b.label("do"), b.label("done")
        if outermost:
            self.outermost.append((first, after))
            b.jump(first)
            b.open_block(first)
        b.store("i64", 0, counter)
        b.jump(head)
        b.open_block(head)
        index = b.load("i64", counter)
        b.branch(b.value(f"icmp slt i64 {index}, {count}"), inside, after)
        b.open_block(inside)
        body(index)
        b.store("i64", b.value(f"add nuw nsw i64 {index}, 1"), counter)
        b.line(f"br label %{head}{notes}")
        b.open_block(after)
        self.in_loop = self.in_loop and not outermost

    def look(self) -> None:
        """Looks at signals, in functions that can end."""

    def stopping(self) -> Callable[[str], None] | None:
        """What ends the function, given a condition; None where it cannot end here."""
        return None

    def sweep(self, count: Index, weight: Index, body: Callable[[Index], None], notes: str = "") -> None:
        """Runs `body` as `loop` does, in stretches, between which it looks at signals.

        Args:
            count: how many trips there are.
            weight: what one costs besides moving an element, in additions.
            body: writes a trip.
            notes: as in `loop`.
        """
        b = self.b
        most = b.extremum("max", b.divide(_STRETCH, b.add(weight, 1))[0], 1)
        small = isinstance(count, int) and isinstance(most, int) and count <= most
        if small or self.in_loop or b.is_inner:
            self.loop(count, body, notes)
            return
        start = b.stack("i64")
        head, again, after = b.label("stretch"), b.label("look"), b.label("swept")
        b.store("i64", 0, start)
        b.jump(head)
        b.open_block(head)
        low = b.load("i64", start)
        end = b.extremum("min", b.add(low, most), count)
        self.loop(b.sub(end, low), lambda index: body(b.add(low, index)), notes)
        b.store("i64", end, start)
        b.branch(b.value(f"icmp slt i64 {end}, {count}"), again, after)
        b.open_block(again)
        self.look()
        b.jump(head)
        b.open_block(after)

    def sweep_all(
        self, sizes: Sequence[Index], weight: Index, body: Callable[[Sequence[Index]], None], notes: str = ""
    ) -> None:
        """Runs `body` for all indices as `nest` does, in stretches of the first axis; the rest as above."""
        if not sizes:
            body([])
            return
        b, (first, *rest) = self.b, sizes
        row = b.sub(b.mul(b.product(rest), b.add(weight, 1)), 1)
        inner = "" if rest else notes
        self.sweep(first, row, lambda at: self.nest(rest, lambda more: body([at, *more]), notes), inner)

    def nest(self, sizes: Sequence[Index], body: Callable[[Sequence[Index]], None], notes: str = "") -> None:
        """Runs `body` for all indices, the last axis innermost."""
        if not sizes:
            body([])
            return
        *outer, last = sizes
        if not outer:
            self.loop(last, lambda index: body([index]), notes)
            return
        first, *rest = sizes
        self.loop(first, lambda index: self.nest(rest, lambda indices: body([index, *indices]), notes))

    def spread(
        self, sizes: Sequence[Index], weight: Index, body: Callable[[Sequence[Index]], None], notes: str = ""
    ) -> None:
        """Runs `body` for all indices as `nest` does, many of them on several threads.

        Trips must not depend on each other; `weight` is what one costs besides moving an element, in additions.
        """
        if not sizes:
            body([])
            return
        if sizes[0] == 1:
            self.spread(sizes[1:], weight, lambda at: body([0, *at]), notes)
            return
        b, first, rest = self.b, sizes[0], sizes[1:]
        each = b.mul(b.product(list(rest)), b.add(weight, 1))
        many = 1 if b.is_inner else workers(self.module, b, b.mul(first, each))
        if many == 1:
            self.nest(sizes, body, notes)
            return
        length, count = pieces(b, first, each)

        def some(start: Index, stop: Index, _: str) -> None:
            low, high = b.mul(start, length), b.extremum("min", b.mul(stop, length), first)

            def row(index: Index) -> None:
                self.nest(rest, lambda at: body([b.add(low, index), *at]), notes)

            self.loop(b.sub(high, low), row, "" if rest else notes)

        split(self.module, b, count, many, some, self.stopping())

    def tile(
        self,
        axis: int,
        sizes: Sequence[Index],
        weight: Index,
        body: Callable[[Sequence[Index]], None],
        notes: str = "",
    ) -> None:
        """Runs `body` as `spread` does, in squares of an axis and the last one, so that both stay in the cache."""
        b, rank = self.b, len(sizes)
        squares = [b.divide_up(sizes[i], _SQUARE) for i in (axis, rank - 1)]
        outer = [i for i in range(rank - 1) if i != axis]

        def square(at: Sequence[Index]) -> None:
            *others, row, column = at
            lows = [b.mul(index, _SQUARE) for index in (row, column)]
            ends = zip((sizes[axis], sizes[-1]), lows, strict=True)
            counts = [b.extremum("min", b.sub(size, low), _SQUARE) for size, low in ends]

            def one(inner: Sequence[Index]) -> None:
                found: dict[int, Index] = dict(zip(outer, others, strict=True))
                found |= {i: b.add(low, k) for i, low, k in zip((axis, rank - 1), lows, inner, strict=True)}
                body([found[i] for i in range(rank)])

            self.nest(counts, one, notes)

        each = b.mul(b.add(weight, 1), _SQUARE * _SQUARE)
        self.spread([*[sizes[i] for i in outer], *squares], each, square)
