"""The windows of a convolution as rows of a matrix, written by loops that copy runs of channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.backends.native import layout
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering
from autograph.runtime.dtypes import DType


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where windows lie: place `o` and tap `t` meet the input at `(o * stride + t * dilation - low) / spread`.

    Attributes:
        dtype: of the elements.
        batch: how many inputs there are.
        sizes: of the input's axes, without batch and channels.
        channels: of the input.
        window: taps along each axis.
        out: places along each axis.
        low: zeros before each axis.
    """

    dtype: DType
    batch: Index
    sizes: Sequence[Index]
    channels: Index
    window: Sequence[Index]
    out: Sequence[Index]
    strides: Sequence[int]
    dilations: Sequence[int]
    spread: Sequence[int]
    low: Sequence[Index]

    @property
    def is_input(self) -> bool:
        """Whether the matrix of patches is the input itself."""
        unit = all(step == 1 for step in (*self.strides, *self.spread, *self.window))
        return unit and list(self.out) == list(self.sizes) and not any(self.low)


def write_patches(lower: Lowering, g: Geometry, x: str, patches: str, first: Index, count: Index) -> None:
    """Writes windows of the input as rows [*window, channels], zeros where they reach out of it.

    Args:
        lower: the function being written.
        g: where the windows lie.
        x: the input [batch, *sizes, channels].
        patches: where the rows go.
        first: the first place, in row-major order of [batch, *out].
        count: how many places.
    """
    b, memory = lower.b, layout.memory(g.dtype)
    length = b.mul(b.product(list(g.window)), g.channels)

    def row(index: Index) -> None:
        image, *at = b.unravel(b.add(first, index), g.out)
        starts = [b.sub(b.mul(place, step), low) for place, step, low in zip(at, g.strides, g.low, strict=True)]
        target = b.at(memory, patches, b.mul(index, length))
        _Row(lower, g, x, image, starts).write(target)

    lower.loop(count, row)


class _Row:
    """One window: where it starts, and how its taps along the last axis are copied."""

    def __init__(self, lower: Lowering, g: Geometry, x: str, image: Index, starts: Sequence[Index]) -> None:
        self.lower, self.g, self.x = lower, g, x
        self.image, self.starts = image, starts
        self.memory, self.bytes = layout.memory(g.dtype), layout.item_bytes(g.dtype)
        *_, self.gapped = [_gapped(lower, size, step) for size, step in zip(g.sizes, g.spread, strict=True)]
        self.whole = self._whole()

    def _whole(self) -> str | None:
        """Whether all taps of the last axis lie in the input side by side (None: they never do)."""
        b, g, start = self.lower.b, self.g, self.starts[-1]
        if g.spread[-1] != 1 or (g.dilations[-1] != 1 and g.window[-1] != 1):
            return None
        most = b.sub(g.sizes[-1], g.window[-1])
        inside = b.value(f"icmp sle i64 {start}, {most}")
        return b.value(f"and i1 {inside}, {b.value(f'icmp sge i64 {start}, 0')}")

    def write(self, target: str) -> None:
        """Writes all taps."""
        b, g = self.lower.b, self.g
        *leading, last = g.window
        run = b.mul(last, g.channels)

        def line(taps: Sequence[Index]) -> None:
            place = b.at(self.memory, target, b.mul(self.lower.linear(taps, leading), run))
            inside, found = self._found(taps)
            if inside is None:
                self._line(found, place)
            else:
                b.either(inside, lambda: self._line(found, place), lambda: self._clear(place, run))

        self.lower.nest(leading, line)

    def _found(self, taps: Sequence[Index]) -> tuple[str | None, list[Index]]:
        """Where taps of the leading axes meet the input, and whether they do."""
        b, g = self.lower.b, self.g
        inside, found = None, []
        for axis, tap in enumerate(taps):
            one, index = self._meets(axis, b.mul(tap, g.dilations[axis]))
            inside = one if inside is None else b.value(f"and i1 {inside}, {one}")
            found.append(index)
        return inside, found

    def _meets(self, axis: int, offset: Index) -> tuple[str, Index]:
        """Whether a tap meets an element of an axis, and which one."""
        b, g = self.lower.b, self.g
        place = b.add(self.starts[axis], offset)
        limit = _gapped(self.lower, g.sizes[axis], g.spread[axis])
        inside = b.value(f"icmp ult i64 {place}, {limit}")
        if g.spread[axis] == 1:
            return inside, place
        index, rest = b.divide(place, g.spread[axis])
        return b.value(f"and i1 {inside}, {b.value(f'icmp eq i64 {rest}, 0')}"), index

    def _line(self, found: Sequence[Index], target: str) -> None:
        """Writes the taps of the last axis."""
        b, g = self.lower.b, self.g
        line = self.lower.linear([self.image, *found, 0], [g.batch, *g.sizes])

        def source(index: Index) -> str:
            return b.at(self.memory, self.x, b.mul(b.add(line, index), g.channels))

        def tap(index: Index) -> None:
            place = b.at(self.memory, target, b.mul(index, g.channels))
            inside, at = self._meets(len(g.sizes) - 1, b.mul(index, g.dilations[-1]))
            b.either(inside, lambda: self._copy(place, source(at), g.channels), lambda: self._clear(place, g.channels))

        def taps() -> None:
            self.lower.loop(g.window[-1], tap)

        if self.whole is None:
            taps()
        else:
            run = b.mul(g.window[-1], g.channels)
            b.either(self.whole, lambda: self._copy(target, source(self.starts[-1]), run), taps)

    def _copy(self, target: str, source: str, count: Index) -> None:
        self.lower.b.copy(target, source, self.lower.b.mul(count, self.bytes))

    def _clear(self, target: str, count: Index) -> None:
        size = self.lower.b.mul(count, self.bytes)
        self.lower.b.line(f"call void @llvm.memset.p0.i64(ptr {target}, i8 0, i64 {size}, i1 false)")


def _gapped(lower: Lowering, size: Index, step: int) -> Index:
    """The size of an axis with gaps between its elements."""
    return size if step == 1 else lower.b.add(lower.b.mul(lower.b.sub(size, 1), step), 1)
