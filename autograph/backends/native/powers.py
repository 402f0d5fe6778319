"""Powers: of floats by a function, of integers by multiplication."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, EMIT_FLOAT, convert
from autograph.backends.native.builder import Builder
from autograph.backends.native.elementwise import constant_of, dtypes, write_elementwise
from autograph.backends.native.inner_loops import inner_loop, letters, map_elements
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.module import Module
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Node

# Exponents up to this one are multiplications on the spot.
_FEW = 64


@rule("pow")
def _pow(lower: Lowering, node: Node) -> bool:
    out, sources, exponent = tensor_type(node.outputs[0]).dtype, dtypes(node), constant_of(node.inputs[1])
    weak = all(tensor_type(value).weak for value in node.inputs)
    if exponent is not None and exponent in (1, 2, 3) and sources[0] is out and not (weak and out.is_integer):
        return write_elementwise(lower, node, lambda b, x: _repeated(b, out, x[0], int(exponent)), int(exponent))
    if weak or out.is_bool:
        return False  # Python's own `**` raises, or gives complex numbers
    if out.is_integer:
        return _integer_power(lower, node, out)
    if out.is_complex:
        loop = inner_loop(np.power, letters([out, out], [out]))
        if loop is not None:
            map_elements(lower, node.outputs[0], loop, node.inputs, [out, out, out], EMIT_FLOAT["pow"][1])
        return loop is not None
    emit, weight = EMIT_FLOAT["pow"]

    def make(b: Builder, texts: Sequence[str]) -> str:
        return emit(b, out, *[convert(b, s, out, t) for s, t in zip(sources, texts, strict=True)])

    return write_elementwise(lower, node, make, weight)


def _repeated(b: Builder, dtype: DType, base: str, exponent: int) -> str:
    """The power by multiplications, by squares where there are many."""
    if exponent == 0:
        return layout.constant(1, dtype)
    if exponent <= 3:
        made = base
        for _ in range(exponent - 1):
            made = EMIT["multiply"][0](b, dtype, made, base)
        return made
    half = _repeated(b, dtype, base, exponent // 2)
    square = EMIT["multiply"][0](b, dtype, half, half)
    return EMIT["multiply"][0](b, dtype, square, base) if exponent % 2 else square


def _integer_power(lower: Lowering, node: Node, dtype: DType) -> bool:
    sources, known = dtypes(node), constant_of(node.inputs[1])
    few = isinstance(known, int) and 0 <= known <= _FEW
    t = layout.register(dtype)

    def make(b: Builder, texts: Sequence[str]) -> str:
        x, y = [convert(b, s, dtype, text) for s, text in zip(sources, texts, strict=True)]
        if few:
            return _repeated(b, dtype, x, known)
        return b.value(f"call {t} @{_power_function(lower.module, dtype)}({t} {x}, {t} {y})")

    return write_elementwise(lower, node, make, known.bit_length() if few else 40)


def _power_function(module: Module, dtype: DType) -> str:
    """The function that multiplies by squares of the base, modulo what the dtype holds."""
    name, t = f"power.{dtype.name}", layout.register(dtype)
    b = Builder(f"define internal {t} @{name}({t} %x, {t} %n) nounwind memory(none)")
    made, base, left = [b.stack(t) for _ in range(3)]
    for place, text in ((made, "1"), (base, "%x"), (left, "%n")):
        b.store(t, text, place)
    head, inside, after = b.label("while"), b.label("do"), b.label("done")
    b.jump(head)
    b.open_block(head)
    rest = b.load(t, left)
    b.branch(b.value(f"icmp ne {t} {rest}, 0"), inside, after)
    b.open_block(inside)
    factor, so_far = b.load(t, base), b.load(t, made)
    odd = b.value(f"trunc {t} {rest} to i1")
    b.store(t, b.value(f"select i1 {odd}, {t} {b.value(f'mul {t} {so_far}, {factor}')}, {t} {so_far}"), made)
    b.store(t, b.value(f"mul {t} {factor}, {factor}"), base)
    b.store(t, b.value(f"lshr {t} {rest}, 1"), left)
    b.jump(head)
    b.open_block(after)
    b.line(f"ret {t} {b.load(t, made)}")
    return module.shared(name, b.text())


ELEMENT_USERS |= {"pow"}
