"""Elements chosen by conditions: how many there are is known when they have been counted."""

from __future__ import annotations

from autograph.backends.native.arithmetic import truth
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.values import Array
from autograph.backends.native.views import computes, tensor_type
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value


def true_places(lower: Lowering, value: Value) -> tuple[str, Index]:
    """The places in row-major order of a tensor's elements that are not zero, as words in memory, and their number."""
    b, dtype = lower.b, tensor_type(value).dtype
    if not lower.has_flat(value):
        lower.array(value)
    count = b.product(lower.sizes(value.type))
    # One word more: each element writes its place, which the next one overwrites unless it counts.
    found, total = lower.allocate(b.mul(b.add(count, 1), 8)), b.stack("i64")
    b.store("i64", 0, total)

    def visit(index: Index) -> None:
        holds = truth(b, dtype, lower.flat_element(value, index))
        known = b.load("i64", total)
        b.store("i64", index, b.at("i64", found, known))
        b.store("i64", b.value(f"add i64 {known}, {b.value(f'zext i1 {holds} to i64')}"), total)

    lower.sweep(count, lower.weight(value) + 4, visit)
    return found, b.load("i64", total)


@rule("nonzero")
def _nonzero(lower: Lowering, node: Node) -> bool:
    (operand,) = node.inputs
    if not computes(operand):
        return False
    b = lower.b
    found, size = true_places(lower, operand)
    if len(node.outputs) == 1:
        lower.values[node.outputs[0]] = Array(int64, found, [size])
        return True
    inner = lower.sizes(operand.type)[1:]
    made = [lower.allocate(b.mul(size, 8)) for _ in node.outputs]

    def split(index: Index) -> None:
        place = b.load("i64", b.at("i64", found, index))
        for pointer, part in zip(made, b.unravel(place, inner), strict=True):
            b.store("i64", part, b.at("i64", pointer, index))

    lower.loop(size, split)
    for output, pointer in zip(node.outputs, made, strict=True):
        lower.values[output] = Array(int64, pointer, [size])
    return True
