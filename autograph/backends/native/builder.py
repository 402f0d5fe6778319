"""Writes LLVM IR as text: names values, opens blocks, folds arithmetic on sizes that are known."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping, Sequence

# A size or an index: known now, or the name of an `i64`.
Index = int | str


class Builder:
    """The text of one LLVM function, written block after block.

    Attributes:
        allocas: lines of the entry block that reserve places on the stack.
        blocks: the blocks' labels and lines.
        made: the instructions, by the names of what they give.
    """

    def __init__(self, header: str) -> None:
        self._count = 0
        self.made: dict[str, str] = {}
        self._outer: list[tuple[str, list[str], list[tuple[str, list[str]]]]] = []
        self._begin(header)

    def _begin(self, header: str) -> None:
        self._header = header
        self.allocas: list[str] = []
        self.blocks: list[tuple[str, list[str]]] = [("start", [])]
        self._lines = self.blocks[0][1]

    def begin(self, header: str) -> None:
        """Begins another function, which may use names of this one; `end` goes on with this one."""
        self._outer.append((self._header, self.allocas, self.blocks))
        self._begin(header)

    def end(self) -> Inner:
        """Ends what `begin` began."""
        inner = Inner(self._header, self.allocas, self.blocks, self.made)
        self._header, self.allocas, self.blocks = self._outer.pop()
        self._lines = self.blocks[-1][1]
        return inner

    @property
    def is_inner(self) -> bool:
        """Whether a function inside another one is being written."""
        return bool(self._outer)

    def text(self) -> str:
        """The function's definition."""
        return _definition(self._header, self.allocas, self.blocks)

    # -- lines ------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Writes an instruction that gives nothing."""
        self._lines.append("  " + text)

    def value(self, text: str) -> str:
        """Writes an instruction; gives its result's name."""
        self._count += 1
        name = f"%v{self._count}"
        self._lines.append(f"  {name} = {text}")
        self.made[name] = text
        return name

    def stack(self, type_: str, count: int = 1) -> str:
        """A place on the stack, reserved once a call."""
        self._count += 1
        name = f"%s{self._count}"
        of = f"{type_}, i64 {count}" if count != 1 else type_
        self.made[name] = f"alloca {of}, align {64 if type_.startswith('<') else 8}"
        self.allocas.append(f"  {name} = {self.made[name]}")
        return name

    def label(self, hint: str) -> str:
        """A fresh name for a block."""
        self._count += 1
        return f"{hint}{self._count}"

    def open_block(self, label: str) -> None:
        """Goes on in a new block."""
        self._lines = []
        self.blocks.append((label, self._lines))

    def here(self) -> tuple[list[str], int]:
        """This place, where lines can be put later."""
        return self._lines, len(self._lines)

    def insert(self, place: tuple[list[str], int], lines: list[str]) -> None:
        """Puts lines at an earlier place."""
        block, at = place
        block[at:at] = ["  " + line for line in lines]

    @property
    def block(self) -> str:
        """The present block's name."""
        return self.blocks[-1][0]

    def jump(self, label: str) -> None:
        self.line(f"br label %{label}")

    def branch(self, condition: str, then: str, orelse: str, weights: str = "") -> None:
        self.line(f"br i1 {condition}, label %{then}, label %{orelse}{weights}")

    # -- memory -----------------------------------------------------------------------------------------

    def load(self, type_: str, pointer: str, notes: str = "") -> str:
        return self.value(f"load {type_}, ptr {pointer}{notes}")

    def store(self, type_: str, value: Index, pointer: str, notes: str = "") -> None:
        self.line(f"store {type_} {value}, ptr {pointer}{notes}")

    def at(self, type_: str, pointer: str, index: Index) -> str:
        """The address of an element."""
        return pointer if index == 0 else self.value(f"getelementptr inbounds {type_}, ptr {pointer}, i64 {index}")

    def copy(self, target: str, source: str, size: Index) -> None:
        """Copies bytes between places that do not overlap."""
        if size != 0:
            self.line(f"call void @llvm.memcpy.p0.p0.i64(ptr {target}, ptr {source}, i64 {size}, i1 false)")

    def copy_unless_there(self, target: str, source: str, size: Index) -> None:
        """Copies bytes to where they are wanted, if they are not there."""
        there, copy = self.label("there"), self.label("copy")
        self.branch(self.value(f"icmp eq ptr {target}, {source}"), there, copy)
        self.open_block(copy)
        self.copy(target, source, size)
        self.jump(there)
        self.open_block(there)

    # -- sizes ------------------------------------------------------------------------------------------

    def add(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0 or b == 0:
            return b if a == 0 else a
        return self.value(f"add nsw i64 {a}, {b}")

    def sub(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        return a if b == 0 else self.value(f"sub nsw i64 {a}, {b}")

    def mul(self, a: Index, b: Index) -> Index:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        if a == 1 or b == 1:
            return b if a == 1 else a
        return self.value(f"mul nsw i64 {a}, {b}")

    def product(self, sizes: list[Index]) -> Index:
        """The product of sizes; 1 of none."""
        total: Index = 1
        for size in sizes:
            total = self.mul(total, size)
        return total

    def floor_div(self, a: Index, b: Index) -> Index:
        """Rounds down, as sizes are divided; the divisor is positive."""
        if isinstance(a, int) and isinstance(b, int):
            return a // b
        if b == 1:
            return a
        quotient = self.value(f"sdiv i64 {a}, {b}")
        rest = self.value(f"srem i64 {a}, {b}")
        below = self.value(f"icmp slt i64 {rest}, 0")
        return self.value(f"select i1 {below}, i64 {self.sub(quotient, 1)}, i64 {quotient}")

    def divide(self, a: Index, b: Index) -> tuple[Index, Index]:
        """Quotient and rest of sizes that are not negative."""
        if isinstance(a, int) and isinstance(b, int):
            return a // b, a % b
        if b == 1:
            return a, 0
        return self.value(f"udiv i64 {a}, {b}"), self.value(f"urem i64 {a}, {b}")

    def divide_up(self, a: Index, b: Index) -> Index:
        """The quotient of sizes that are not negative, rounded up."""
        return self.divide(self.add(a, self.sub(b, 1)), b)[0]

    def unravel(self, index: Index, inner: Sequence[Index]) -> list[Index]:
        """The indices of a place in row-major order: along the first axis, then along inner ones of these sizes."""
        found: list[Index] = []
        for size in reversed(inner):
            index, own = self.divide(index, size)
            found.append(own)
        return [index, *reversed(found)]

    def either(self, condition: str, then: Callable[[], None], orelse: Callable[[], None]) -> None:
        """Runs one of two things."""
        yes, no, after = self.label("yes"), self.label("no"), self.label("after")
        self.branch(condition, yes, no)
        for label, write in ((yes, then), (no, orelse)):
            self.open_block(label)
            write()
            self.jump(after)
        self.open_block(after)

    def extremum(self, kind: str, a: Index, b: Index) -> Index:
        """The larger (`max`) or smaller (`min`) size."""
        if isinstance(a, int) and isinstance(b, int):
            return max(a, b) if kind == "max" else min(a, b)
        return self.value(f"call i64 @llvm.s{kind}.i64(i64 {a}, i64 {b})")


def _definition(header: str, start: list[str], blocks: list[tuple[str, list[str]]]) -> str:
    parts = [header + " {", "entry:", *start, "  br label %start"]
    for label, lines in blocks:
        parts.append(f"{label}:")
        parts += lines
    return "\n".join([*parts, "}"])


class Inner:
    """A function written inside another one, which knows some of its names.

    Attributes:
        free: names of the outer function that it uses, and their types.
    """

    def __init__(
        self, header: str, allocas: list[str], blocks: list[tuple[str, list[str]]], made: dict[str, str]
    ) -> None:
        self._header, self._allocas, self._blocks = header, allocas, blocks
        own = set(_USED.findall(header)) | {name for line in allocas if (name := name_of(line))}
        self.free = free_names([line for _, lines in blocks for line in lines], own, made)

    def text(self, start: list[str]) -> str:
        """The definition, with lines before all others that say what free names are."""
        return _definition(self._header, [*self._allocas, *start], self._blocks)


_USED = re.compile(r"(?<!label )%[\w.]+")
_DEFINED = re.compile(r"  (%[\w.]+) = ")


def name_of(line: str) -> str | None:
    """The name that a line defines."""
    found = _DEFINED.match(line)
    return found[1] if found else None


def free_names(lines: Sequence[str], own: set[str], made: Mapping[str, str]) -> dict[str, str]:
    """The names that lines use and do not define, in the order of their first use, and their types.

    Args:
        lines: instructions.
        own: names that are defined with them.
        made: the instructions of the function around them, by the names of what they give.
    """
    inside = own | {name for line in lines if (name := name_of(line))}
    used = dict.fromkeys(name for line in lines for name in _USED.findall(line))
    return {name: type_of(made.get(name, "ptr")) for name in used if name not in inside}


_TYPES = {"i1", "i8", "i16", "i32", "i64", "half", "float", "double", "ptr"}


def type_of(text: str) -> str:
    """The type of what an instruction gives, empty for structures.

    Names that no instruction makes are pointers: places, parameters.
    """
    if text.startswith("call {"):
        return ""
    first, *words = text.replace(",", " ").split()
    if first in ("icmp", "fcmp"):
        return "i1"
    if first in ("getelementptr", "ptr", "alloca"):
        return "ptr"
    if first == "extractvalue":
        return "i1" if text.endswith("1") else "i64"  # of a result and whether it overflows
    if first == "select":
        return words[2]
    if " to " in text and first != "call":
        return words[-1]
    return next(word for word in words if word in _TYPES)


def float_text(value: float, type_: str) -> str:
    """A number as LLVM writes constants of `float` and `double`: the bits of the double."""
    if type_ == "float":
        try:
            value = struct.unpack("f", struct.pack("f", value))[0]
        except OverflowError:
            value = float("inf") if value > 0 else float("-inf")
    return f"0x{struct.unpack('Q', struct.pack('d', value))[0]:016X}"
