"""Convolutions the other way round: each input place is multiplied by the whole kernel, and the products are added up.

The matrix product comes first, of the input as it lies, and its results are added to the output places that their taps
belong to. That moves less where there are more channels than filters, and computes nothing for the zeros between the
elements of an input with gaps, as gradients of strided convolutions have them.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograph.backends.native import layout
from autograph.backends.native.blas import PRODUCTS, Matrix
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.patches import Geometry
from autograph.backends.native.products import multiply
from autograph.backends.native.tasks import split, workers
from autograph.backends.native.values import Array
from autograph.runtime.ir import Value

# The bytes of the products of a block, and the least number of its places.
_BLOCK_BYTES = 1 << 19
_LEAST_PLACES = 32


def scatters(g: Geometry, filters: Index) -> bool:
    """Whether this way is the better one."""
    if any(stride != 1 for stride in g.strides) or g.is_input:
        return False
    if any(step != 1 for step in g.spread):
        return True
    fewer = isinstance(g.channels, int) and isinstance(filters, int) and filters < g.channels
    return fewer and g.batch != 1


def write_scattered(lower: Lowering, g: Geometry, x: str, kernel: Value, made: Array) -> None:
    """Writes a convolution with strides of 1; the images of a batch are shared by threads."""
    b, memory, filters = lower.b, layout.memory(g.dtype), made.sizes[-1]
    places, out = b.product(list(g.sizes)), b.product([*g.out, filters])
    width = b.mul(b.product(list(g.window)), filters)
    factors = _turned(lower, g, kernel, filters)
    row_bytes = b.extremum("max", b.mul(width, layout.item_bytes(g.dtype)), 1)
    block = b.extremum("max", b.divide(_BLOCK_BYTES, row_bytes)[0], _LEAST_PLACES)
    many = workers(lower.module, b, b.divide(b.product([g.batch, places, g.channels, width]), PRODUCTS)[0])
    own_bytes = b.mul(block, row_bytes)
    scratch = lower.allocate(b.mul(many, own_bytes))
    lower.zero(made)

    def image(index: Index, products: str) -> None:
        source = b.at(memory, x, b.mul(index, b.mul(places, g.channels)))
        target = b.at(memory, made.pointer, b.mul(index, out))

        def step(number: Index) -> None:
            first = b.mul(number, block)
            count = b.extremum("min", block, b.sub(places, first))
            rows = Matrix(b.at(memory, source, b.mul(first, g.channels)), g.channels)
            sizes = (count, width, g.channels)
            multiply(lower.module, b, g.dtype, rows, Matrix(factors, width), Matrix(products, width), sizes)
            _add_block(lower, g, products, target, (first, count, filters))

        lower.loop(b.divide_up(places, block), step)

    def some(start: Index, stop: Index, worker: str) -> None:
        own = b.at("i8", scratch, b.mul(worker, own_bytes))
        lower.loop(b.sub(stop, start), lambda index: image(b.add(start, index), own))

    split(lower.module, b, g.batch, many, some, lower.stopping())


def _turned(lower: Lowering, g: Geometry, kernel: Value, filters: Index) -> str:
    """The kernel as [channels, *window, filters], the last axis of the window reversed."""
    b, memory = lower.b, layout.memory(g.dtype)
    sizes = [g.channels, *g.window, filters]
    made = lower.allocate(lower.bytes(g.dtype, sizes))
    last = b.sub(g.window[-1], 1)

    def put(at: Sequence[Index]) -> None:
        channel, *taps, tap, out = at
        value = lower.element(kernel, [*taps, b.sub(last, tap), channel, out])
        layout.store(b, g.dtype, value, b.at(memory, made, lower.linear(at, sizes)))

    lower.nest(sizes, put)
    return made


def _add_block(lower: Lowering, g: Geometry, products: str, target: str, block: tuple[Index, Index, Index]) -> None:
    """Adds the products of some input places to an image of the output."""
    b, memory = lower.b, layout.memory(g.dtype)
    first, count, filters = block
    *leading, last = g.window
    width = b.mul(b.product(list(g.window)), filters)

    def place(index: Index) -> None:
        _, *at = b.unravel(b.add(first, index), g.sizes)
        # Where tap 0 of each axis leads; others lead before that.
        ends = [b.add(b.mul(i, step), low) for i, step, low in zip(at, g.spread, g.low, strict=True)]
        own = b.at(memory, products, b.mul(index, width))

        def line(taps: Sequence[Index]) -> None:
            source = b.at(memory, own, b.mul(lower.linear(taps, leading), b.mul(last, filters)))
            found = [
                b.sub(end, b.mul(tap, step)) for end, tap, step in zip(ends[:-1], taps, g.dilations[:-1], strict=True)
            ]
            inside = None
            for spot, size in zip(found, g.out[:-1], strict=True):
                one = b.value(f"icmp ult i64 {spot}, {size}")
                inside = one if inside is None else b.value(f"and i1 {inside}, {one}")
            start = lower.linear([*found, 0], g.out)
            if inside is None:
                _add_line(lower, g, (source, target), start, ends[-1], filters)
            else:
                b.either(inside, lambda: _add_line(lower, g, (source, target), start, ends[-1], filters), lambda: None)

        lower.nest(leading, line)

    lower.loop(count, place)


def _add_line(
    lower: Lowering, g: Geometry, pointers: tuple[str, str], start: Index, end: Index, filters: Index
) -> None:
    """Adds the products of the taps of the last axis, which lie in the order of the places that they lead to."""
    b, memory = lower.b, layout.memory(g.dtype)
    source, target = pointers
    last, gap = b.sub(g.window[-1], 1), g.dilations[-1]
    low = b.sub(end, b.mul(last, gap))  # where the first of them leads

    def tap(index: Index) -> None:
        spot = b.add(low, b.mul(index, gap))
        inside = b.value(f"icmp ult i64 {spot}, {g.out[-1]}")
        place = b.at(memory, target, b.mul(b.add(start, spot), filters))
        own = b.at(memory, source, b.mul(index, filters))
        b.either(inside, lambda: _add_run(lower, g, own, place, filters), lambda: None)

    def taps() -> None:
        lower.loop(g.window[-1], tap)

    if gap != 1:
        taps()
        return
    positive = b.value(f"icmp sge i64 {low}, 0")
    whole = b.value(f"and i1 {positive}, {b.value(f'icmp slt i64 {end}, {g.out[-1]}')}")
    place = b.at(memory, target, b.mul(b.add(start, low), filters))
    b.either(whole, lambda: _add_run(lower, g, source, place, b.mul(g.window[-1], filters)), taps)


def _add_run(lower: Lowering, g: Geometry, source: str, target: str, count: Index) -> None:
    """Adds elements to others, which lie elsewhere."""
    b, memory = lower.b, layout.memory(g.dtype)
    group, again = lower.module.parallel_loop()

    def add(index: Index) -> None:
        place = b.at(memory, target, index)
        more = layout.load(b, g.dtype, b.at(memory, source, index), group)
        total = b.value(f"fadd {memory} {layout.load(b, g.dtype, place, group)}, {more}")
        layout.store(b, g.dtype, total, place, group)

    lower.loop(count, add, again)
