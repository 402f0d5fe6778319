"""Convolutions in groups, and of numbers that BLAS does not take: one place after another.

What a place sees of the input is multiplied by the kernel, one of its taps after another, and added to the place's
row; the innermost loop runs along the filters, which lie side by side.
"""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT
from autograph.backends.native.builder import Index
from autograph.backends.native.conversions import give
from autograph.backends.native.inner_loops import in_memory
from autograph.backends.native.lowering import Lowering, otherwise
from autograph.backends.native.short_floats import is_short
from autograph.backends.native.values import Array
from autograph.backends.native.views import At, tensor_type
from autograph.runtime.dtypes import float32
from autograph.runtime.ir import Node


@otherwise("convolution")
def _convolution(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    type_ = tensor_type(output)
    if type_.dtype.is_bool or any(isinstance(dim, int) and dim < 0 for dim in type_.shape):
        return False
    dtype = float32 if is_short(type_.dtype) else type_.dtype
    x, kernel = [in_memory(lower, value, dtype) for value in node.inputs]
    sizes = lower.sizes(type_)
    if dtype is type_.dtype:
        made = lower.fresh(output, type_, sizes)
    else:
        made = Array(dtype, lower.allocate(lower.bytes(dtype, sizes)), sizes)
    place = _Place(lower, node, x, kernel, made)
    work = lower.b.mul(lower.b.product(list(kernel.sizes)), 2)
    lower.zero(made)
    lower.spread(sizes[:-1], work, place.write)
    give(lower, output, made)
    return True


class _Place:
    """Writes what one place of the output is."""

    def __init__(self, lower: Lowering, node: Node, x: Array, kernel: Array, made: Array) -> None:
        self.lower, self.attrs = lower, node.attrs
        self.x, self.kernel, self.made = x, kernel, made
        self.groups: int = node.attrs["groups"]
        *self.window, self.depth, self.filters = kernel.sizes

    def write(self, at: At) -> None:
        """Adds the products of all taps to the row at some indices (image and place)."""
        row = self.lower.b.mul(self.lower.linear(at, self.made.sizes[:-1]), self.filters)
        self.lower.nest(self.window, lambda taps: self._tap(at, row, taps))

    def _tap(self, at: At, row: Index, taps: At) -> None:
        b = self.lower.b
        inside, seen = "true", [at[0]]
        for axis, (index, tap) in enumerate(zip(at[1:], taps, strict=True)):
            low = self.lower.size(self.attrs["padding"][axis][0])
            moved = b.add(b.mul(index, self.attrs["strides"][axis]), b.mul(tap, self.attrs["dilations"][axis]))
            place, gap = b.sub(moved, low), self.attrs["spread"][axis]
            own = place if gap == 1 else b.value(f"sdiv i64 {place}, {gap}")
            tests = [f"icmp sge i64 {place}, 0", f"icmp slt i64 {own}, {self.x.sizes[1 + axis]}"]
            if gap != 1:
                tests.append(f"icmp eq i64 {b.mul(own, gap)}, {place}")
            for test in tests:
                inside = b.value(f"and i1 {inside}, {b.value(test)}")
            seen.append(own)
        yes, after = b.label("inside"), b.label("after")
        b.branch(inside, yes, after)
        b.open_block(yes)
        source = b.mul(self.lower.linear(seen, self.x.sizes[:-1]), self.x.sizes[-1])
        factors = b.mul(self.lower.linear(taps, self.window), b.mul(self.depth, self.filters))
        if self.depth == 1:
            self._along_filters(row, source, factors)
        else:
            self._along_groups(row, source, factors)
        b.jump(after)
        b.open_block(after)

    def _along_filters(self, row: Index, source: Index, factors: Index) -> None:
        """Each channel is a group: a filter sees one of them."""
        b = self.lower.b
        each = b.divide(self.filters, self.groups)[0]
        group, again = self.lower.module.parallel_loop()

        def add(index: Index) -> None:
            channel = b.add(source, b.divide(index, each)[0])
            self._add(row, index, self._load(self.x, channel, group), factors, group)

        self.lower.loop(self.filters, add, again)

    def _along_groups(self, row: Index, source: Index, factors: Index) -> None:
        b = self.lower.b
        each = b.divide(self.filters, self.groups)[0]

        def channel(at: At) -> None:
            part, inner = at
            number = self._load(self.x, b.add(source, b.add(b.mul(part, self.depth), inner)))
            line, first = b.add(factors, b.mul(inner, self.filters)), b.mul(part, each)
            group, again = self.lower.module.parallel_loop()
            self.lower.loop(each, lambda index: self._add(row, b.add(first, index), number, line, group), again)

        self.lower.nest([self.groups, self.depth], channel)

    def _load(self, array: Array, index: Index, notes: str = "") -> str:
        return layout.load(
            self.lower.b, array.dtype, self.lower.b.at(layout.memory(array.dtype), array.pointer, index), notes
        )

    def _add(self, row: Index, index: Index, number: str, factors: Index, notes: str) -> None:
        """Adds a number times the kernel's element of a filter to that filter's sum."""
        b, dtype = self.lower.b, self.made.dtype
        term = EMIT["multiply"][0](b, dtype, number, self._load(self.kernel, b.add(factors, index), notes))
        place = b.at(layout.memory(dtype), self.made.pointer, b.add(row, index))
        layout.store(b, dtype, EMIT["add"][0](b, dtype, layout.load(b, dtype, place, notes), term), place, notes)
