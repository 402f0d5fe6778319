"""Running sums, products and recurrences along an axis: each element from the one before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.values import Array
from autograph.backends.native.views import At, tensor_type
from autograph.runtime.ir import Node

# What an element costs at most, in additions.
_WEIGHT = 16
# Writes an element, of some indices, from the one before it along the axis.
Step = Callable[[At, str], str]


def _scan(lower: Lowering, node: Node, made: Array, first: Callable[[At], str], step: Step, weight: Index) -> None:
    """Fills an array along the axis; places that do not follow one another are independent."""
    b, dtype, axis = lower.b, made.dtype, node.attrs["axis"]
    memory = layout.memory(dtype)
    outer, count, inner = made.sizes[:axis], made.sizes[axis], made.sizes[axis + 1 :]
    stride = b.product(list(inner))

    def put(at: At, text: str, notes: str = "") -> None:
        layout.store(b, dtype, text, b.at(memory, made.pointer, lower.linear(at, made.sizes)), notes)

    def run(before: At) -> None:
        """One row, or the rows of inner axes side by side."""
        group, again = lower.module.parallel_loop() if inner else ("", "")
        start = b.extremum("min", count, 1)

        def begin(index: Index) -> None:
            lower.nest(inner, lambda at: put([*before, index, *at], first([*before, index, *at]), group), again)

        if start != 0:
            lower.nest([start], lambda at: begin(at[0]))

        def follow(index: Index) -> None:
            place = b.add(index, 1)

            def one(at: At) -> None:
                whole = [*before, place, *at]
                earlier = b.at(memory, made.pointer, b.sub(lower.linear(whole, made.sizes), stride))
                put(whole, step(whole, layout.load(b, dtype, earlier, group)), group)

            lower.nest(inner, one, again)

        lower.sweep(b.sub(count, start), b.mul(stride, _WEIGHT), follow)

    if outer:
        lower.spread(outer, b.mul(b.mul(count, stride), weight), run)
    else:
        run([])


@rule("cumulative_sum", "cumulative_prod")
def _cumulative(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    type_ = tensor_type(output)
    emit = EMIT["add" if node.op.name == "cumulative_sum" else "multiply"][0]
    source, dtype = tensor_type(operand).dtype, type_.dtype
    made = lower.fresh(output, type_, lower.sizes(type_))

    def item(at: Sequence[Index]) -> str:
        return convert(lower.b, source, dtype, lower.element(operand, at))

    weight = lower.weight(operand) + 4
    _scan(lower, node, made, item, lambda at, before: emit(lower.b, dtype, before, item(at)), weight)
    return True


@rule("recurrence")
def _recurrence(lower: Lowering, node: Node) -> bool:
    factor, start = node.inputs
    (output,) = node.outputs
    type_ = tensor_type(output)
    dtype = type_.dtype
    if tensor_type(factor).dtype is not dtype:
        return False
    made = lower.fresh(output, type_, lower.sizes(type_))

    def step(at: At, before: str) -> str:
        term = EMIT["multiply"][0](lower.b, dtype, lower.element(factor, at), before)
        return EMIT["add"][0](lower.b, dtype, lower.element(start, at), term)

    weight = lower.weight(factor) + lower.weight(start) + 8
    _scan(lower, node, made, lambda at: lower.element(start, at), step, weight)
    return True
