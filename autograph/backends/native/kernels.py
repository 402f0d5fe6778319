"""Makes functions of loops over elements.

What LLVM spends on a function grows faster than the function, and graphs often have the same loop more than once: each
step of a loop that Python unrolled has those of the step before. A loop becomes a function of the addresses and sizes
that it uses, and equal ones become one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograph.backends.native.builder import Builder, free_names, name_of
from autograph.backends.native.module import Module

Block = tuple[str, list[str]]

_NAME = re.compile(r"%[\w.]+")
_LABEL = re.compile(r"label (%[\w.]+)")
_NOTE = re.compile(r"!\d+")
_BOUND = re.compile(r"icmp slt i64 %\w+, (\d+)$")
_OWN = ("alloca", "getelementptr inbounds i8, ptr %pool", "call ptr @ag_alloc")
# Loops known to have fewer trips stay where they are.
FEW = 64


def outline_loops(module: Module, b: Builder, loops: Sequence[tuple[str, str]]) -> None:
    """Moves loops out of a function's text into functions of the module, in place.

    Args:
        module: gets the functions.
        b: the function's text.
        loops: for each loop its first block, and the block after it.
    """
    allocas, blocks = b.allocas, b.blocks
    places = {label: place for place, (label, _) in enumerate(blocks)}
    spans = [(places[first], places[after]) for first, after in loops]
    users = _users_of_stack(allocas, blocks, spans)
    gone: set[int] = set()
    moved: set[str] = set()
    for start, stop in spans:
        own = {name for name, where in users.items() if where == {start}}
        nest = _Nest(blocks[start:stop], blocks[stop][0], b.made, own)
        if not nest.may_move:
            continue
        call = nest.call(module)
        before = blocks[start - 1][1]
        before[-1:] = [f"  {call}", f"  br label %{blocks[stop][0]}"]
        gone.update(range(start, stop))
        moved |= own
    blocks[:] = [block for place, block in enumerate(blocks) if place not in gone]
    allocas[:] = [line for line in allocas if name_of(line) not in moved]


class _Nest:
    """A loop, with those inside it, as text.

    Args:
        blocks: its blocks.
        after: the label of the block that follows it.
        made: the instructions of the whole function, by the names of what they give.
        own: places on the stack that only this loop uses.
    """

    def __init__(self, blocks: Sequence[Block], after: str, made: Mapping[str, str], own: set[str]) -> None:
        self.blocks, self.after, self.made = blocks, after, made
        self.labels = {f"%{label}" for label, _ in blocks} | {f"%{after}"}
        self.lines = [line for _, lines in blocks for line in lines]
        self.own = own
        self.free = free_names(self.lines, own, made)

    @property
    def may_move(self) -> bool:
        """Whether it only goes on to what follows it, and is worth a call."""
        if any(target not in self.labels for line in self.lines for target in _LABEL.findall(line)):
            return False
        if not all(self.free.values()) or any(" phi " in line or " ret " in line for line in self.lines):
            return False
        trips = 1
        for line in self.lines:
            if "icmp slt i64" in line:
                bound = _BOUND.search(line)
                trips *= int(bound[1]) if bound else FEW
        return trips >= FEW

    def call(self, module: Module) -> str:
        """The call of the function that the loop becomes."""
        text = self._canonical()
        notes: dict[str, str] = {}  # of access groups and loops: each loop has its own
        name = module.kernel(_NOTE.sub(lambda found: notes.setdefault(found[0], f"!{len(notes)}"), text), text)
        arguments = [f"{type_} {name}" for name, type_ in self.free.items()]
        return f"call void @{name}({', '.join(arguments)})"

    def _is_its_own(self, name: str) -> bool:
        """Whether an address is that of memory which a loop reaches in no other way.

        Each value's place in the function's memory is such, since nothing else is written there while it is used; what
        is overwritten has one address (see `Lowering.may_overwrite`).
        """
        return name.startswith("%pool") or self.made.get(name, "").startswith(_OWN)

    def _canonical(self) -> str:
        """The function's text after its name; names tell the order of their first use only."""
        names = {f"%{self.after}": "%end"}
        for place, name in enumerate(self.free):
            names[name] = f"%p{place}"

        def rename(found: re.Match[str]) -> str:
            return names.setdefault(found[0], f"%v{len(names)}")

        body = []
        for label, lines in self.blocks:
            body.append(f"{_NAME.sub(rename, '%' + label)[1:]}:")
            body += [_NAME.sub(rename, line) for line in lines]
        reserved = [f"  {names[name]} = {self.made[name]}" for name in names if name in self.own]
        parameters = [
            f"{type_}{' noalias' if self._is_its_own(name) else ''} {names[name]}" for name, type_ in self.free.items()
        ]
        head = f"({', '.join(parameters)}) noinline nounwind {{"
        first = names[f"%{self.blocks[0][0]}"]
        return "\n".join([head, "entry:", *reserved, f"  br label {first}", *body, "end:", "  ret void", "}"])


def _users_of_stack(
    allocas: Sequence[str], blocks: Sequence[Block], spans: Sequence[tuple[int, int]]
) -> dict[str, set[int]]:
    """For each place on the stack, the loops that use it; -1 stands for all that is in none."""
    found: dict[str, set[int]] = {name: set() for line in allocas if (name := name_of(line))}
    loop_of = {place: start for start, stop in spans for place in range(start, stop)}
    for place, (_, lines) in enumerate(blocks):
        for line in lines:
            for name in _NAME.findall(line):
                if name in found:
                    found[name].add(loop_of.get(place, -1))
    for line in allocas:
        if name_of(line) is None:  # what is written into a place at the start
            for name in _NAME.findall(line):
                found[name].add(-1)
    return found
