"""Where values of known size lie in a function's memory: values that are not needed at the same time share a place.

A value is needed from the first line that names it to the last, or that names a place on the stack which may hold its
address. A loop that a value comes into, goes out of or is kept in needs it from its first line to its last. Addresses
that go elsewhere are needed to the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAMES = re.compile(r"%[\w.]+")
_MADE = re.compile(r"  (%[\w.]+) = (\w+)")
_POINTER = re.compile(r"ptr (%[\w.]+)")
_STORE = re.compile(r"  store (?:ptr|i64) (%[\w.]+), ptr (%[\w.]+)")
_CALLEE = re.compile(r"call [^@(]*@([\w.]+)\(")
_ON_STACK = re.compile(r"%s\d+")
_TARGET = re.compile(r"label %([\w.]+)")
# What keeps no address that it is given, and gives none of them back.
_HARMLESS = ("llvm.", "loop", "address", "ag_alloc", "ag_list", "ag_split", "ag_product", "ag_poll", "ag_threads")
_DERIVES = {"getelementptr", "ptrtoint", "inttoptr", "select", "phi", "add", "sub"}
_GIVEN = {"%frame", "%in", "%out"}
_ALIGNED = 64

Block = tuple[str, list[str]]


@dataclass(slots=True)
class _Span:
    """The lines from the first to the last at which a value is needed."""

    first: int
    last: int


def planned(sizes: dict[str, int], blocks: Sequence[Block]) -> tuple[dict[str, int], int]:
    """The place of each value, and how many bytes that takes in all.

    Args:
        sizes: the bytes of values, by the names of their addresses.
        blocks: the function's blocks, in which control goes forward but for loops.

    Example:
        >>> lines = ["  call void @loop1(ptr %a, ptr %b)", "  call void @loop2(ptr %b, ptr %c)"]
        >>> planned({"%a": 64, "%b": 64, "%c": 64}, [("start", lines)])
        ({'%a': 0, '%b': 64, '%c': 0}, 128)
    """
    lines = [line for _, inside in blocks for line in inside]
    used = _Uses(sizes, lines).used
    loops = _loops(blocks)
    spans = {name: _span(places, loops) for name, places in used.items() if places}
    return _placed(sizes, spans)


class _Uses:
    """The lines that use each value: its address, what is derived of that, places on the stack that hold it."""

    def __init__(self, sizes: dict[str, int], lines: Sequence[str]) -> None:
        self.sizes = sizes
        self.names = [_NAMES.findall(line) for line in lines]
        self.bases = self._bases(lines)
        self.holds: dict[str, set[str]] = {name: {name} for name in sizes}
        self.lost: set[str] = set()
        flows = [flow for flow in map(self._flow, lines, self.names) if flow is not None]
        while sum(self._pass_on(*flow) for flow in flows):
            pass
        self.used: dict[str, list[int]] = {name: [] for name in sizes}
        for place, names in enumerate(self.names):
            for root in {root for name in names for root in self.holds.get(name, ())}:
                self.used[root].append(place)
        for root in self.lost:
            self.used[root].append(len(lines))

    def _bases(self, lines: Sequence[str]) -> dict[str, str]:
        """What each address computed from another one points into."""
        bases: dict[str, str] = {}
        for line in lines:
            made = _MADE.match(line)
            if made is not None and made[2] == "getelementptr" and (pointer := _POINTER.search(line)):
                bases[made[1]] = bases.get(pointer[1], pointer[1])
        return bases

    def _flow(self, line: str, names: Sequence[str]) -> tuple[list[str], list[str]] | None:
        """What a line passes on, and to what; an empty name stands for places that nobody knows."""
        if stored := _STORE.match(line):
            base = self.bases.get(stored[2], stored[2])
            return [stored[1]], [base if _ON_STACK.fullmatch(base) else ""]
        made = _MADE.match(line)
        if "call " in line:
            callee = _CALLEE.search(line)
            if callee is not None and callee[1].startswith("llvm.memcpy"):
                places = [self.bases.get(name, name) for name in _POINTER.findall(line)]
                return ([places[1]], [places[0]]) if len(places) == 2 and places[1] not in self.sizes else None
            if callee is None or callee[1].startswith(_HARMLESS):  # none: BLAS, LAPACK
                return None
            given = [name for name in names if name not in _GIVEN and (made is None or name != made[1])]
            answer = [made[1]] if made is not None else []
            return given, [*[self.bases.get(name, name) for name in given], *answer]
        if made is None:
            return None
        if made[2] == "load":
            pointer = _POINTER.search(line)
            is_address = " = load ptr," in line or " = load i64," in line
            if pointer is None or not is_address or self.bases.get(pointer[1], pointer[1]) in self.sizes:
                return None
            return [pointer[1]], [made[1]]
        return (list(names[1:]), [made[1]]) if made[2] in _DERIVES else None

    def _pass_on(self, sources: Sequence[str], targets: Sequence[str]) -> bool:
        """Lets targets hold what sources hold; whether that was news."""
        roots = {root for source in sources for root in self.holds.get(source, ())}
        news = False
        for target in targets:
            known = self.holds.setdefault(target, set()) if target else self.lost
            if not roots <= known:
                known |= roots
                news = True
        return news


def _loops(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """The first and the last line of each loop: from where control goes back to, to where it does so."""
    starts, ends, count = {}, [], 0
    for label, inside in blocks:
        starts[label] = count
        count += len(inside)
        ends.append(count)
    found: dict[int, int] = {}
    for (_, inside), end in zip(blocks, ends, strict=True):
        for target in _TARGET.findall(inside[-1]) if inside else []:
            if target in starts and starts[target] < end:
                found[starts[target]] = max(found.get(starts[target], 0), end - 1)
    return sorted(found.items())


def _span(places: Sequence[int], loops: Sequence[tuple[int, int]]) -> _Span:
    """The lines at which a value is needed, with the loops that it comes into or goes out of."""
    span = _Span(min(places), max(places))
    widened = True
    while widened:
        widened = False
        for start, end in loops:
            meets = span.first <= end and start <= span.last
            inside = start <= span.first and span.last <= end
            if meets and not inside and not (span.first <= start and end <= span.last):
                span.first, span.last = min(span.first, start), max(span.last, end)
                widened = True
    return span


def _placed(sizes: dict[str, int], spans: dict[str, _Span]) -> tuple[dict[str, int], int]:
    """Places for values, the largest first, each the lowest that no value needed at the same time has."""
    places, total = dict.fromkeys(sizes, 0), 0
    done: list[tuple[int, int, _Span]] = []
    for name in sorted(spans, key=lambda name: -sizes[name]):
        span, size, at = spans[name], (sizes[name] + _ALIGNED - 1) // _ALIGNED * _ALIGNED, 0
        others = [each for each in done if each[2].first <= span.last and span.first <= each[2].last]
        for low, high, _ in sorted(others, key=lambda each: each[0]):
            if at + size <= low:
                break
            at = max(at, high)
        places[name] = at
        done.append((at, at + size, span))
        total = max(total, at + size)
    return places, total
