"""Plans a function's memory: values that are not used at the same time share a place.

The plan is made from the text, when all is written: a buffer is in use from where its address is made to the last
instruction that mentions it, or anything made of it. Addresses may lie in words on the stack meanwhile; then each use
of those words counts. What is used in a loop and was there before it, or comes back to its start in such words, is in
use until the loop ends; what leaves the function, until that ends.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograph.backends.native.builder import Builder, Index, name_of

ALIGNMENT = 64
# Less than this is not planned: it stays in the processor's cache in any case.
LEAST = 1 << 14

_NAME = re.compile(r"%[\w.]+")
_LABEL = re.compile(r"label %([\w.]+)")
_PASSES_ON = ("getelementptr", "ptrtoint", "inttoptr", "select", "bitcast", "phi")
# Calls that keep no address and give none: of libraries and Python, of intrinsics, products and functions of numbers.
_PURE = re.compile(r"call [^@(]*(inttoptr \(|@llvm\.|@math\.|@ag_host\(|@ag_product_|@ag_split\()")


class Arena:
    """The memory of known size of one function: one piece, in which each buffer has a place.

    Attributes:
        pool: the name of the piece's address.
        bytes: its size, known when the plan is made.
        buffers: the buffers' sizes, by the names of their addresses.
    """

    def __init__(self, pool: str) -> None:
        self.pool = pool
        self.bytes = 0
        self.buffers: dict[str, int] = {}
        self._fixed = 0  # of buffers in functions within the function, whose text is final already

    def take(self, b: Builder, size: int) -> str:
        """A buffer: the name of its address."""
        padded = max(ALIGNMENT, -(-size // ALIGNMENT) * ALIGNMENT)  # also of no elements, so that there is a pool
        if b.is_inner:
            self._fixed += padded
            return b.value(self._address(self._fixed - padded))
        name = b.value(self._address(0))
        self.buffers[name] = padded
        return name

    def _address(self, place: Index) -> str:
        return f"getelementptr inbounds i8, ptr {self.pool}, i64 {place}"

    def plan(self, b: Builder) -> None:
        """Gives each buffer its place in the text."""
        total = sum(self.buffers.values())
        spans = _Uses(b, self.buffers).spans() if total >= LEAST else None
        places = self._in_turn() if spans is None else self._shared(spans)
        for _, lines in b.blocks:
            for i, line in enumerate(lines):
                name = name_of(line) if self.pool in line else None
                if name in places:
                    text = self._address(places[name])
                    lines[i], b.made[name] = f"  {name} = {text}", text
        self.bytes = max([self._fixed, *[places[name] + size for name, size in self.buffers.items()]])

    def _in_turn(self) -> dict[str, int]:
        places, at = {}, self._fixed
        for name, size in self.buffers.items():
            places[name] = at
            at += size
        return places

    def _shared(self, spans: dict[str, tuple[int, int]]) -> dict[str, int]:
        """The largest first, each at the lowest place that no buffer in use at the same time takes."""
        places: dict[str, int] = {}
        for name in sorted(self.buffers, key=lambda name: -self.buffers[name]):
            start, stop = spans[name]
            taken = sorted(
                (places[other], places[other] + self.buffers[other])
                for other in places
                if spans[other][0] <= stop and start <= spans[other][1]
            )
            at = self._fixed
            for low, high in taken:
                if low - at >= self.buffers[name]:
                    break
                at = max(at, high)
            places[name] = at
        return places


@dataclass
class _Slots:
    """Words on the stack that hold addresses.

    Attributes:
        held: for each place on the stack, the buffers whose addresses it may hold.
        linked: for each place, the places whose addresses it may hold.
        used: for each place, where it is mentioned.
    """

    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    linked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    used: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def reached(self, slots: set[str]) -> set[str]:
        """Places that can be reached from some."""
        found, waiting = set(slots), list(slots)
        while waiting:
            for other in self.linked[waiting.pop()] - found:
                found.add(other)
                waiting.append(other)
        return found

    def buffers(self, slots: set[str]) -> set[str]:
        """The buffers that can be reached from some places."""
        return {buffer for slot in self.reached(slots) for buffer in self.held[slot]}

    def size(self) -> int:
        """How much is known."""
        return sum(map(len, self.held.values())) + sum(map(len, self.linked.values()))


class _Uses:
    """Where buffers are used in a function's text, by line."""

    def __init__(self, b: Builder, buffers: dict[str, int]) -> None:
        self.buffers = buffers
        self.last: dict[str, int] = dict.fromkeys(buffers, 0)
        self.first: dict[str, int] = {}
        self.escaped: set[str] = set()
        self.slots = _Slots()
        self.addresses: dict[str, set[str]] = {name: {name} for name in buffers}  # the buffers that a name may point to
        self.places: dict[str, set[str]] = {}  # the places on the stack that a name may point to
        for line in b.allocas:
            if (name := name_of(line)) is not None:
                self.places[name] = {name}
        self.lines: list[tuple[int, str, str | None, list[str]]] = []
        self.loops: list[tuple[int, int]] = []
        self._read(b)
        known = -1
        while known != (known := self.slots.size() + len(self.escaped)):
            for found in self.lines:
                self._follow(*found)

    def _read(self, b: Builder) -> None:
        at, starts = 0, {}
        for label, lines in b.blocks:
            starts[label] = at
            for line in lines:
                at += 1
                if "label %" in line:
                    self.loops += [(starts[to], at) for to in _LABEL.findall(line) if to in starts]
                if "ptr" in line:
                    names = _NAME.findall(line)
                    defined = names.pop(0) if line.startswith("  %") else None
                    self.lines.append((at, line, defined, names))
                    if defined in self.buffers:
                        self.first[defined] = at
        self.end = at + 1

    def _follow(self, at: int, line: str, defined: str | None, names: list[str]) -> None:
        reach = {buffer for name in names for buffer in self.addresses.get(name, ())}
        slots = {slot for name in names for slot in self.places.get(name, ())}
        for buffer in reach:
            self.last[buffer] = max(self.last[buffer], at)
        for slot in slots:
            self.slots.used[slot].append(at)
        if defined in self.buffers or not (reach or slots):
            return
        if defined is None and line.startswith("  store"):
            self._store(names)
        elif " call " in line:
            self._call(line, defined, reach, slots)
        elif defined is not None and line.split(" = ", 1)[1].startswith(_PASSES_ON):
            self._gives(defined, reach, slots)
        elif defined is not None and " load " in line and slots:
            self._gives(defined, self.slots.buffers(slots), self.slots.reached(slots) - slots)
        elif line.startswith("  ret"):
            self.escaped |= reach

    def _gives(self, name: str, reach: set[str], slots: set[str]) -> None:
        if reach:
            self.addresses.setdefault(name, set()).update(reach)
        if slots:
            self.places.setdefault(name, set()).update(slots)

    def _store(self, names: list[str]) -> None:
        *values, target = names
        reach = {buffer for name in values for buffer in self.addresses.get(name, ())}
        inner = {slot for name in values for slot in self.places.get(name, ())}
        to = self.places.get(target)
        for slot in to or ():
            self.slots.held[slot] |= reach
            self.slots.linked[slot] |= inner - {slot}
        if to is None:
            self.escaped |= reach | self.slots.buffers(inner)

    def _call(self, line: str, defined: str | None, reach: set[str], slots: set[str]) -> None:
        if _PURE.search(line):
            return
        every = self.slots.reached(slots)
        reach = reach | self.slots.buffers(slots)
        for slot in every:
            self.slots.held[slot] |= reach
        if defined is not None:
            self._gives(defined, reach, every)

    def spans(self) -> dict[str, tuple[int, int]]:
        """From where to where each buffer is in use."""
        holders: dict[str, set[str]] = defaultdict(set)
        for slot in list(self.slots.held):
            for buffer in self.slots.buffers({slot}):
                holders[buffer].add(slot)
        for slot, inner in list(self.slots.linked.items()):
            for buffer in self.slots.buffers(inner):
                holders[buffer].add(slot)
        loops = sorted(set(self.loops))
        return {name: self._span(name, holders[name], loops) for name in self.buffers}

    def _span(self, name: str, holders: set[str], loops: list[tuple[int, int]]) -> tuple[int, int]:
        if name in self.escaped or name not in self.first:
            return 0, self.end
        uses = [at for slot in holders for at in self.slots.used[slot]]
        start, stop = self.first[name], max([self.last[name], *uses])
        grown = True
        while grown:
            grown = False
            for low, high in self._around(start, stop, loops):
                comes_back = any(low <= at <= high for at in uses)
                if start < low or comes_back:
                    now = (min(start, low) if comes_back else start, max(stop, high))
                    grown, (start, stop) = grown or now != (start, stop), now
        return start, stop

    @staticmethod
    def _around(start: int, stop: int, loops: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        return (loop for loop in loops if loop[0] <= stop and start <= loop[1])
