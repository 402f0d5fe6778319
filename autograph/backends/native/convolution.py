"""Convolutions as matrix products: of patches with the kernel, a block of places at a time.

A block's patches stay in the processor's cache between being written and being multiplied. The gradient of a kernel is
the op itself on operands whose batch and channels have changed places; these transposes are left out: the transpose of
the same patches is multiplied by the other operand, and the products of all blocks are added up.
"""

from __future__ import annotations

from collections.abc import Callable

from autograph.backends.native import layout
from autograph.backends.native.blas import Matrix, gemm
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.patches import Geometry, write_patches
from autograph.backends.native.values import Array, Lazy
from autograph.backends.native.views import moves_natively, permuted, tensor_type
from autograph.runtime.ir import Node, Value

# The bytes of the patches of a block, and the least number of its places.
_BLOCK_BYTES = 1 << 19
_LEAST_PLACES = 32


@rule("convolution")
def _convolution(lower: Lowering, node: Node) -> bool:
    x, kernel, (output,) = *node.inputs, node.outputs
    type_ = tensor_type(output)
    if not moves_natively(output) or not type_.dtype.is_floating or node.attrs["groups"] != 1:
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
    """Each output row is a patch times the kernel."""
    (output,), attrs = node.outputs, node.attrs
    type_ = tensor_type(output)
    x, kernel = [lower.array(value) for value in node.inputs]
    batch, *out, filters = lower.sizes(type_)
    steps = attrs["strides"], attrs["dilations"], attrs["spread"]
    g = Geometry(
        type_.dtype, batch, x.sizes[1:-1], x.sizes[-1], kernel.sizes[:-2], out, *steps, _low(lower, node)
    )  # fmt: skip
    made = lower.fresh(output, type_, [batch, *out, filters])
    b, memory = lower.b, layout.memory(type_.dtype)

    def product(patches: Matrix, first: Index, count: Index) -> None:
        place = b.at(memory, made.pointer, b.mul(first, filters))
        factors, rows = Matrix(kernel.pointer, filters), Matrix(place, filters)
        gemm(b, type_.dtype, patches, factors, rows, (count, filters, patches.lead), False)

    _blocks(lower, g, x.pointer, product)


def _kernel_gradient(lower: Lowering, node: Node, images: Array, cotangent: Array) -> None:
    """The transpose of all patches times the cotangent of what they gave, then [*window, channels, filters]."""
    (output,), attrs = node.outputs, node.attrs
    type_ = tensor_type(output)
    rank = type_.rank - 2
    channels, *window, filters = lower.sizes(type_)
    batch, *out, _ = cotangent.sizes
    steps = attrs["dilations"], attrs["strides"], attrs["spread"]  # of the convolution whose gradient this is
    g = Geometry(
        type_.dtype, batch, images.sizes[1:-1], channels, window, out, *steps, _low(lower, node)
    )  # fmt: skip
    sizes = [*window, channels, filters]
    made = Array(type_.dtype, lower.allocate(lower.bytes(type_.dtype, sizes)), sizes)
    lower.zero(made)
    b, memory = lower.b, layout.memory(type_.dtype)

    def product(patches: Matrix, first: Index, count: Index) -> None:
        turned = Matrix(patches.pointer, patches.lead, True)
        factors = Matrix(b.at(memory, cotangent.pointer, b.mul(first, filters)), filters)
        gemm(b, type_.dtype, turned, factors, Matrix(made.pointer, filters), (patches.lead, filters, count), True)

    _blocks(lower, g, images.pointer, product)
    lower.values[output] = permuted(lower, made, (rank, *range(rank), rank + 1))


def _blocks(lower: Lowering, g: Geometry, x: str, product: Callable[[Matrix, Index, Index], None]) -> None:
    """Multiplies the patches of one block of places after another; `product` is told the block's first and count."""
    b = lower.b
    places = b.product([g.batch, *g.out])
    length = b.mul(b.product(list(g.window)), g.channels)
    if g.is_input:
        product(Matrix(x, length), 0, places)
        return
    row_bytes = b.extremum("max", b.mul(length, layout.item_bytes(g.dtype)), 1)
    block = b.extremum("max", b.divide(_BLOCK_BYTES, row_bytes)[0], _LEAST_PLACES)
    if isinstance(places, int) and isinstance(block, int):
        block = min(block, places)
    scratch = lower.allocate(b.mul(block, row_bytes))

    def one(index: Index) -> None:
        first = b.mul(index, block)
        count = b.extremum("min", block, b.sub(places, first))
        write_patches(lower, g, x, scratch, first, count)
        product(Matrix(scratch, length), first, count)

    lower.loop(b.divide(b.add(places, b.sub(block, 1)), block)[0], one)
