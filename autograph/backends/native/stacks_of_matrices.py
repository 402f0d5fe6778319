"""Loops of NumPy's over stacks of matrices and vectors: LAPACK and Fourier transforms, without Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.inner_loops import InnerLoop, call_loop
from autograph.backends.native.lowering import Lowering

# About how many additions pass between two looks at signals.
_PATIENCE = 1 << 24
# The exception that NumPy's loops raise where LAPACK fails, by its number on x86 and ARM.
_INVALID = 1

_CHECKED = f"""
declare i32 @feclearexcept(i32)
declare i32 @fetestexcept(i32)

; Calls a loop; gives whether it says that it failed. Nothing else here can raise the exception by which it does.
define internal i1 @checked.loop(ptr %function, ptr %pointers, ptr %sizes, ptr %steps, ptr %data) noinline {{
  call i32 @feclearexcept(i32 {_INVALID})
  call void %function(ptr %pointers, ptr %sizes, ptr %steps, ptr %data)
  %raised = call i32 @fetestexcept(i32 {_INVALID})
  %failed = icmp ne i32 %raised, 0
  ret i1 %failed
}}
"""


@dataclass(frozen=True, slots=True)
class Stack:
    """Matrices, vectors or numbers in memory, one after another.

    Attributes:
        pointer: the first one.
        item: the bytes of an element.
        sizes: of one of them.
        single: whether it is one only, which goes with all others.
        strides: in bytes along its axes, where they do not lie in row-major order.
        step: in bytes from one to the next, likewise.
    """

    pointer: str
    item: int
    sizes: Sequence[Index]
    single: bool = False
    strides: Sequence[Index] | None = None
    step: Index | None = None

    def distance(self, b: Builder) -> Index:
        """In bytes, from one to the next."""
        if self.single:
            return 0
        return b.mul(b.product(list(self.sizes)), self.item) if self.step is None else self.step

    def own_steps(self, b: Builder) -> list[Index]:
        """In bytes, along its axes."""
        if self.strides is not None:
            return list(self.strides)
        return [b.mul(b.product(list(self.sizes[axis + 1 :])), self.item) for axis in range(len(self.sizes))]


def run_stacks(
    lower: Lowering, loop: InnerLoop, stacks: Sequence[Stack], count: Index, core: Sequence[Index], weight: Index
) -> str:
    """Writes calls of a loop over stacks, and looks at signals between them; gives whether one failed.

    Args:
        lower: the function being written.
        loop: the loop.
        stacks: its operands and results.
        count: how many there are in a stack.
        core: the sizes that its signature names.
        weight: what one costs, in additions.
    """
    b = lower.b
    failed = b.stack("i1")
    b.store("i1", "false", failed)
    part = b.extremum("max", b.divide(_PATIENCE, b.extremum("max", weight, 1))[0], 1)
    distances = [stack.distance(b) for stack in stacks]
    steps = [*distances, *[step for stack in stacks for step in stack.own_steps(b)]]
    parts = b.divide_up(count, part)

    def some(index: Index) -> None:
        low = b.mul(index, part)
        moved = [
            b.at("i8", stack.pointer, b.mul(low, distance)) for stack, distance in zip(stacks, distances, strict=True)
        ]
        now = b.extremum("min", part, b.sub(count, low))
        bad = call_loop(b, loop, moved, [now, *core], steps, lower.module.shared("checked.loop", _CHECKED))
        b.store("i1", b.value(f"or i1 {b.load('i1', failed)}, {bad}"), failed)
        if parts != 1:
            lower.look()

    lower.loop(parts, some)
    return b.load("i1", failed)
