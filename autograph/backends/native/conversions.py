"""Outputs that are computed in another dtype than their own."""

from __future__ import annotations

from collections.abc import Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import tensor_type
from autograph.runtime.ir import Value


def give(lower: Lowering, output: Value, array: Array) -> None:
    """Gives an output from an array, perhaps of another dtype or of one number."""
    b, type_ = lower.b, tensor_type(output)
    native = lower.values.get(output)
    if isinstance(native, Array) and native.pointer == array.pointer:
        return

    def item(index: Index, notes: str = "") -> str:
        place = b.at(layout.memory(array.dtype), array.pointer, index)
        return convert(b, array.dtype, type_.dtype, layout.load(b, array.dtype, place, notes))

    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, item(0))
        return
    made = lower.fresh(output, type_, array.sizes)
    group, again = lower.module.parallel_loop()

    def put(at: Sequence[Index]) -> None:
        place = b.at(layout.memory(type_.dtype), made.pointer, at[0])
        layout.store(b, type_.dtype, item(at[0], group), place, group)

    lower.spread([b.product(list(array.sizes))], 1, put, again)
