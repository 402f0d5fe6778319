"""Convolutions as products straight from the input: what each place sees lies there in lines, one for each row of taps.

The input is first copied between zeros, where its padding asks for such. A row of the product is a place, whose
products come in as many segments as the window has lines; rows follow each other by the stride.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograph.backends.native import layout
from autograph.backends.native.blas import PRODUCTS, Matrix
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.patches import Geometry
from autograph.backends.native.products import Ending, Lines, multiply
from autograph.backends.native.tasks import split, workers


def is_direct(g: Geometry) -> bool:
    """Whether what a place sees lies in lines: no gaps between neighbours, at most two axes."""
    near = g.dilations[-1] == 1 or g.window[-1] == 1
    return len(g.window) <= 2 and near and all(step == 1 for step in g.spread)


@dataclass(frozen=True, slots=True)
class _Plane:
    """An input in memory, as places meet it.

    Attributes:
        pointer: its first element.
        line, image: distances of lines and of images, in elements.
    """

    pointer: str
    line: Index
    image: Index


def write_direct(lower: Lowering, g: Geometry, x: str, kernel: str, out: str, filters: Index) -> None:
    """Writes a convolution.

    Args:
        lower: the function being written.
        g: where windows lie.
        x: the input [batch, *sizes, channels].
        kernel: [*window, channels, filters].
        out: where the result goes.
        filters: channels of the result.
    """
    b = lower.b
    plane = _plane(lower, g, x)
    (high, wide), (down, along) = _both(g.out), _both(g.strides)
    step = b.mul(along, g.channels)
    down_step = b.mul(down, plane.line)
    lines = Lines(
        segments=_both(g.window)[0],
        segment_step=b.mul(_both(g.dilations)[0], plane.line),
        line=wide,
        line_jump=b.sub(down_step, b.mul(wide, step)),
        lines=high,
        image_jump=b.sub(plane.image, b.mul(high, down_step)),
    )
    sizes = b.product([g.batch, high, wide]), filters, b.mul(g.window[-1], g.channels)
    places, factors, made = Matrix(plane.pointer, step), Matrix(kernel, filters), Matrix(out, filters)
    multiply(lower.module, b, g.dtype, places, factors, made, sizes, lines=lines)


def write_kernel_gradient(
    lower: Lowering, g: Geometry, x: str, cotangent: str, filters: Index, sums: tuple[str, Index]
) -> None:
    """Adds the products of inputs and cotangents, image by image, to sums [*window, channels, filters].

    Args:
        lower: the function being written.
        g: where windows of the convolution lie whose gradient this is.
        x: its input.
        cotangent: of its result.
        filters: channels of its result.
        sums: where they are, side by side, and how many; each is for a run of images.
    """
    b, memory = lower.b, layout.memory(g.dtype)
    plane = _plane(lower, g, x)
    (high, wide), (down, along), (taps, across) = _both(g.out), _both(g.strides), _both(g.window)
    dilation = _both(g.dilations)[0]
    row = b.mul(across, g.channels)
    size, of_image = b.product([taps, row, filters]), b.product([high, wide, filters])
    first, count = sums
    run = b.divide_up(g.batch, count)
    lines = Lines(segments=high, segment_step=b.mul(down, plane.line))

    def image(number: Index, total: str) -> None:
        source = b.at(memory, plane.pointer, b.mul(number, plane.image))
        factors = Matrix(b.at(memory, cotangent, b.mul(number, of_image)), filters)

        def tap(index: Index) -> None:
            start = b.at(memory, source, b.product([index, dilation, plane.line]))
            places = Matrix(start, b.mul(along, g.channels), True)
            place = Matrix(b.at(memory, total, b.product([index, row, filters])), filters)
            multiply(lower.module, b, g.dtype, places, factors, place, (row, filters, wide), Ending(added=place), lines)

        lower.loop(taps, tap)

    def some(start: Index, stop: Index, _: str) -> None:
        def part(index: Index) -> None:
            own = b.add(start, index)
            low = b.extremum("min", b.mul(own, run), g.batch)
            high = b.extremum("min", b.add(low, run), g.batch)
            total = b.at(memory, first, b.mul(own, size))
            lower.loop(b.sub(high, low), lambda number: image(b.add(low, number), total))

        lower.loop(b.sub(stop, start), part)

    many = workers(lower.module, b, b.divide(b.product([g.batch, of_image, row, taps]), PRODUCTS)[0])
    split(lower.module, b, count, many, some, lower.stopping())


def _both(sizes: Sequence[Index]) -> tuple[Index, Index]:
    """Sizes along two axes; the first is 1 where there is none."""
    return (1, sizes[0]) if len(sizes) == 1 else (sizes[0], sizes[1])


def _plane(lower: Lowering, g: Geometry, x: str) -> _Plane:
    """The input, between zeros where places reach beyond it."""
    b = lower.b
    (height, width), low = _both(g.sizes), _both([0, *g.low][-2:])
    taps = zip(_both(g.out), _both(g.strides), _both(g.window), _both(g.dilations), strict=True)
    reach = [
        b.extremum("max", b.add(b.add(b.mul(b.sub(out, 1), step), b.mul(b.sub(tap, 1), dilation)), 1), 0)
        for out, step, tap, dilation in taps
    ]
    inside = all(
        start == 0 and isinstance(wanted, int) and isinstance(size, int) and wanted <= size
        for start, wanted, size in zip(low, reach, (height, width), strict=True)
    )
    if inside:
        line = b.mul(width, g.channels)
        return _Plane(x, line, b.mul(height, line))
    line = b.mul(reach[1], g.channels)
    image = b.mul(reach[0], line)
    made = lower.allocate(b.mul(b.mul(g.batch, image), layout.item_bytes(g.dtype)))
    _pad(lower, g, x, made, (low, reach))
    return _Plane(made, line, image)


def _pad(lower: Lowering, g: Geometry, x: str, made: str, extent: tuple[tuple[Index, Index], Sequence[Index]]) -> None:
    """Copies the input's lines to where they lie between zeros."""
    b, memory, item = lower.b, layout.memory(g.dtype), layout.item_bytes(g.dtype)
    ((above, left), (high, wide)), (height, width) = extent, _both(g.sizes)
    line, before = b.mul(wide, g.channels), b.mul(left, g.channels)
    run = b.mul(b.extremum("max", b.extremum("min", width, b.sub(wide, left)), 0), g.channels)
    rest = b.extremum("max", b.sub(b.sub(line, before), run), 0)

    def clear(place: str, count: Index) -> None:
        if count != 0:
            b.line(f"call void @llvm.memset.p0.i64(ptr {place}, i8 0, i64 {b.mul(count, item)}, i1 false)")

    def row(at: Sequence[Index]) -> None:
        image, number = at
        target = b.at(memory, made, b.mul(lower.linear([image, number], [g.batch, high]), line))
        source = b.sub(number, above)

        def copy() -> None:
            place = b.mul(lower.linear([image, source], [g.batch, height]), b.mul(width, g.channels))
            clear(target, before)
            inner = b.at(memory, target, before)
            b.copy(inner, b.at(memory, x, place), b.mul(run, item))
            clear(b.at(memory, inner, run), rest)

        b.either(b.value(f"icmp ult i64 {source}, {height}"), copy, lambda: clear(target, line))

    lower.spread([g.batch, high], line, row)
