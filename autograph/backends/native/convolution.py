"""Convolutions as matrix products: straight from the input (see `direct`), or of patches where these have gaps.

Patches are written for a block of places at a time, and stay in the processor's cache between being written and being
multiplied. The gradient of a kernel is the op itself on operands whose batch and channels have changed places; these
transposes are left out: the transpose of the same places is multiplied by the other operand, and the products of all
blocks are added up.
"""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import layout
from autograph.backends.native.blas import PRODUCTS, Matrix
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.direct import is_direct, write_direct, write_kernel_gradient
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.patches import Geometry, write_patches
from autograph.backends.native.products import Ending, multiply
from autograph.backends.native.scattering import scatters, write_scattered
from autograph.backends.native.tasks import split, workers
from autograph.backends.native.values import Array, Lazy
from autograph.backends.native.views import permuted, tensor_type
from autograph.runtime.ir import Node, Value

# The bytes of the patches of a block, and the least number of its places.
_BLOCK_BYTES = 1 << 19
_LEAST_PLACES = 32
# How many sums of blocks lie side by side, and how many elements these have at most.
_MOST_SUMS = 8
_SUMS_ELEMENTS = 1 << 22


@rule("convolution")
def _convolution(lower: Lowering, node: Node) -> bool:
    x, kernel, (output,) = *node.inputs, node.outputs
    type_ = tensor_type(output)
    if not layout.in_blas(type_.dtype) or node.attrs["groups"] != 1:
        return False
    if any(tensor_type(value).dtype is not type_.dtype for value in node.inputs):
        return False
    if any(isinstance(dim, int) and dim <= 0 for dim in type_.shape):
        return False
    rank = type_.rank - 2
    images = _moved(lower, x, (rank + 1, *range(1, rank + 1), 0))
    cotangent = _moved(lower, kernel, (*range(1, rank + 1), 0, rank + 1))
    if images is not None and cotangent is not None:
        _kernel_gradient(lower, node, images, cotangent)
    else:
        _forward(lower, node)
    return True


def _moved(lower: Lowering, value: Value, axes: tuple[int, ...]) -> Array | None:
    """The array whose axes in some order are the value."""
    native = lower.values[value]
    if isinstance(native, Lazy) and native.source is not None and native.source[1] == axes:
        return native.source[0]
    return None


def _low(lower: Lowering, node: Node) -> list[Index]:
    return [lower.size(low) for low, _ in node.attrs["padding"]]


def _forward(lower: Lowering, node: Node) -> None:
    """Each output row is what a place sees, as a row, times the kernel."""
    (output,), attrs = node.outputs, node.attrs
    type_ = tensor_type(output)
    x = lower.array(node.inputs[0])
    *window, _, _ = lower.sizes(node.inputs[1].type)
    batch, *out, filters = lower.sizes(type_)
    steps = attrs["strides"], attrs["dilations"], attrs["spread"]
    g = Geometry(type_.dtype, batch, x.sizes[1:-1], x.sizes[-1], window, out, *steps, _low(lower, node))
    direct = is_direct(g)
    if not direct and scatters(g, filters):
        write_scattered(lower, g, x.pointer, node.inputs[1], lower.fresh(output, type_, [batch, *out, filters]))
        return
    kernel = lower.array(node.inputs[1])
    made = lower.fresh(output, type_, [batch, *out, filters])
    if direct:
        write_direct(lower, g, x.pointer, kernel.pointer, made.pointer, filters)
        return
    b, memory = lower.b, layout.memory(type_.dtype)

    def product(patches: Matrix, first: Index, count: Index, _: Index) -> None:
        place = b.at(memory, made.pointer, b.mul(first, filters))
        factors, rows = Matrix(kernel.pointer, filters), Matrix(place, filters)
        multiply(lower.module, b, type_.dtype, patches, factors, rows, (count, filters, patches.lead))

    _blocks(lower, g, x.pointer, filters, product)


def _kernel_gradient(lower: Lowering, node: Node, images: Array, cotangent: Array) -> None:
    """The transpose of all patches times the cotangent of what they gave, then [*window, channels, filters]."""
    (output,), attrs = node.outputs, node.attrs
    type_ = tensor_type(output)
    rank = type_.rank - 2
    channels, *window, filters = lower.sizes(type_)
    batch, *out, _ = cotangent.sizes
    steps = attrs["dilations"], attrs["strides"], attrs["spread"]  # of the convolution whose gradient this is
    g = Geometry(type_.dtype, batch, images.sizes[1:-1], channels, window, out, *steps, _low(lower, node))
    sizes = [*window, channels, filters]
    b, memory = lower.b, layout.memory(type_.dtype)
    sums = _sums(b, g, filters)
    size = b.product(list(sizes))
    made = Array(type_.dtype, lower.allocate(lower.bytes(type_.dtype, [sums, size])), sizes)
    lower.zero(Array(type_.dtype, made.pointer, [sums, size]))

    def product(patches: Matrix, first: Index, count: Index, part: Index) -> None:
        turned = Matrix(patches.pointer, patches.lead, True)
        factors = Matrix(b.at(memory, cotangent.pointer, b.mul(first, filters)), filters)
        total = Matrix(b.at(memory, made.pointer, b.mul(part, size)), filters)
        multiply(
            lower.module, b, type_.dtype, turned, factors, total, (patches.lead, filters, count), Ending(added=total)
        )

    if is_direct(g):
        write_kernel_gradient(lower, g, images.pointer, cotangent.pointer, filters, (made.pointer, sums))
    else:
        _blocks(lower, g, images.pointer, filters, product, sums)
    _add_up(lower, made, size, sums)
    lower.values[output] = permuted(lower, made, (rank, *range(rank), rank + 1))


def _sums(b: Builder, g: Geometry, filters: Index) -> Index:
    """How many sums of blocks are made side by side, which are added up in the end: more where they are small."""
    each = b.extremum("max", b.product([*g.window, g.channels, filters]), 1)
    fit = b.extremum("min", b.divide(_SUMS_ELEMENTS, each)[0], _MOST_SUMS)
    return b.extremum("max", b.extremum("min", fit, b.product([g.batch, *g.out])), 1)


def _add_up(lower: Lowering, made: Array, size: Index, sums: Index) -> None:
    """Adds the sums after the first to it, in order."""
    b, memory, dtype = lower.b, layout.memory(made.dtype), made.dtype
    group, again = lower.module.parallel_loop()

    def add(part: Index, index: Index) -> None:
        place = b.at(memory, made.pointer, index)
        more = layout.load(b, dtype, b.at(memory, made.pointer, b.add(b.mul(b.add(part, 1), size), index)), group)
        total = b.value(f"fadd {memory} {layout.load(b, dtype, place, group)}, {more}")
        layout.store(b, dtype, total, place, group)

    lower.loop(b.sub(sums, 1), lambda part: lower.loop(size, lambda index: add(part, index), again))


def _blocks(
    lower: Lowering,
    g: Geometry,
    x: str,
    filters: Index,
    product: Callable[[Matrix, Index, Index, Index], None],
    parts: Index = 0,
) -> None:
    """Multiplies the patches of one block of places after another.

    Args:
        lower: the function being written.
        g: where windows lie.
        x: the input.
        filters: how many products each element of a patch is part of.
        product: is told the patches, their first place, how many there are, and in which part they are.
        parts: runs of blocks that follow each other; 0 where no block needs another.
    """
    b = lower.b
    places = b.product([g.batch, *g.out])
    length = b.mul(b.product(list(g.window)), g.channels)
    many = workers(lower.module, b, b.divide(b.product([places, length, filters]), PRODUCTS)[0])
    row_bytes = b.extremum("max", b.mul(length, layout.item_bytes(g.dtype)), 1)
    block = b.extremum("max", b.divide(_BLOCK_BYTES, row_bytes)[0], _LEAST_PLACES)
    if isinstance(places, int) and isinstance(block, int):
        block = min(block, places)
    own_bytes = b.mul(block, row_bytes)
    scratch = x if g.is_input else lower.allocate(b.mul(many, own_bytes))
    run = block if parts == 0 else b.divide_up(places, parts)  # places of a part

    def some(start: Index, stop: Index, worker: str) -> None:
        own = b.at("i8", scratch, b.mul(worker, own_bytes))

        def multiply(first: Index, count: Index, part: Index) -> None:
            if g.is_input:
                patches = b.at(layout.memory(g.dtype), x, b.mul(first, length))
            else:
                patches = own
                write_patches(lower, g, x, patches, first, count)
            product(Matrix(patches, length), first, count, part)

        def one(index: Index) -> None:
            part = b.add(start, index)
            low = b.mul(part, run)
            high = b.extremum("max", b.extremum("min", b.add(low, run), places), low)

            def step(number: Index) -> None:
                first = b.add(low, b.mul(number, block))
                multiply(first, b.extremum("min", block, b.sub(high, first)), part)

            steps = 1 if parts == 0 else b.divide_up(b.sub(high, low), block)
            lower.loop(steps, step)

        lower.loop(b.sub(stop, start), one)

    split(lower.module, b, parts or b.divide_up(places, block), many, some, lower.stopping())
