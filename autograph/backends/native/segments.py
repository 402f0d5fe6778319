"""Reductions of rows that share a number, one row after another as NumPy takes them."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.views import At, tensor_type
from autograph.ops.segments import SEGMENT_UFUNCS, empty_segment
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node


@rule(*SEGMENT_UFUNCS)
def _segment(lower: Lowering, node: Node) -> bool:
    (data, ids), (output,) = node.inputs, node.outputs
    type_ = tensor_type(output)
    dtype = type_.dtype
    ufunc = SEGMENT_UFUNCS[node.op.name]
    if tensor_type(data).dtype is not dtype or (dtype.is_complex and ufunc in ("maximum", "minimum")):
        return False
    b, memory = lower.b, layout.memory(dtype)
    emit = EMIT[ufunc][0]
    rows, *inner = lower.sizes(data.type)
    made = lower.fresh(output, type_, lower.sizes(type_))
    first = layout.constant(empty_segment(ufunc, dtype.numpy), dtype)
    group, again = lower.module.parallel_loop()

    def begin(index: Index) -> None:
        layout.store(b, dtype, first, b.at(memory, made.pointer, index), group)

    lower.loop(b.product(list(made.sizes)), begin, again)

    def row(index: Index) -> None:
        segment = convert(b, tensor_type(ids).dtype, int64, lower.element(ids, [index]))
        group, again = lower.module.parallel_loop() if inner else ("", "")

        def add(at: At) -> None:
            place = b.at(memory, made.pointer, lower.linear([segment, *at], made.sizes))
            total = emit(b, dtype, layout.load(b, dtype, place, group), lower.element(data, [index, *at]))
            layout.store(b, dtype, total, place, group)

        lower.nest(inner, add, again)

    lower.loop(rows, row)
    return True


ELEMENT_USERS |= set(SEGMENT_UFUNCS)
