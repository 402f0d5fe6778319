"""Convolutions in groups, and of numbers that BLAS does not take: one place after another.

What a place sees of the input is multiplied by the kernel, one of its taps after another, and added to the place's
row; the innermost loop runs along the filters, which lie side by side. Zeros around the input, and between its
elements, are passed over unless some factor is not finite, whose product with zero is NaN.
"""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT
from autograph.backends.native.builder import Index, float_text
from autograph.backends.native.complex_numbers import part_dtype
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
        skips = self.groups == 1 and max(node.attrs["spread"], default=1) > 1 and max(node.attrs["strides"]) == 1
        self.wild = None if skips or not made.dtype.is_inexact else _has_wild(lower, kernel)

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
        factors = b.mul(self.lower.linear(taps, self.window), b.mul(self.depth, self.filters))

        def products() -> None:
            self._products(row, b.mul(self.lower.linear(seen, self.x.sizes[:-1]), self.x.sizes[-1]), factors)

        def outside() -> None:
            if self.wild is not None:
                b.either(self.wild, lambda: self._products(row, None, factors), lambda: None)

        b.either(inside, products, outside)

    def _products(self, row: Index, source: Index | None, factors: Index) -> None:
        """Adds the products of a tap with the input at a place, or with zeros."""
        if self.depth == 1:
            self._along_filters(row, source, factors)
        else:
            self._along_groups(row, source, factors)

    def _along_filters(self, row: Index, source: Index | None, factors: Index) -> None:
        """Each channel is a group: a filter sees one of them."""
        b = self.lower.b
        each = b.divide(self.filters, self.groups)[0]
        group, again = self.lower.module.parallel_loop()

        def add(index: Index) -> None:
            self._add(row, index, self._number(source, b.divide(index, each)[0], group), factors, group)

        self.lower.loop(self.filters, add, again)

    def _along_groups(self, row: Index, source: Index | None, factors: Index) -> None:
        b = self.lower.b
        each = b.divide(self.filters, self.groups)[0]

        def channel(at: At) -> None:
            part, inner = at
            number = self._number(source, b.add(b.mul(part, self.depth), inner))
            line, first = b.add(factors, b.mul(inner, self.filters)), b.mul(part, each)
            group, again = self.lower.module.parallel_loop()
            self.lower.loop(each, lambda index: self._add(row, b.add(first, index), number, line, group), again)

        self.lower.nest([self.groups, self.depth], channel)

    def _number(self, source: Index | None, channel: Index, notes: str = "") -> str:
        if source is None:
            return layout.constant(0, self.made.dtype)
        return self._load(self.x, self.lower.b.add(source, channel), notes)

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


def _has_wild(lower: Lowering, array: Array) -> str:
    """Whether some element is not finite."""
    b = lower.b
    dtype = part_dtype(array.dtype) if array.dtype.is_complex else array.dtype
    found, t = b.stack("i1"), layout.register(dtype)
    b.store("i1", "false", found)

    def look(index: Index) -> None:
        number = layout.load(b, dtype, b.at(layout.memory(dtype), array.pointer, index))
        bad = b.value(f"fcmp uno {t} {b.value(f'fsub {t} {number}, {number}')}, {float_text(0.0, t)}")
        b.store("i1", b.value(f"or i1 {b.load('i1', found)}, {bad}"), found)

    lower.loop(b.mul(b.product(list(array.sizes)), 2 if array.dtype.is_complex else 1), look)
    return b.load("i1", found)
