"""Sums, products and extrema over axes, in one pass over the operand's elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import EMIT, convert, select, truth
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.conversions import give
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.short_floats import is_short
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import At, tensor_type
from autograph.runtime.dtypes import DType, float32, int64
from autograph.runtime.ir import Node

Combine = Callable[[str, str], str]


@rule("sum", "prod", "max", "min", "any", "all")
def _reduce(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    source, type_ = tensor_type(operand), tensor_type(output)
    if source.dtype.is_complex and node.op.name in ("max", "min"):
        return False
    dtype = _total_dtype(node)
    if not source.shape:
        item = _item(lower, node, lower.element(operand, []))
        lower.values[output] = Scalar(type_.dtype, convert(lower.b, dtype, type_.dtype, item))
        return True
    first, combine = _start(node, dtype), _combine(lower, node, dtype)
    axes = [axis % source.rank for axis in node.attrs["axis"]]
    sizes = lower.sizes(source)
    if len(axes) == source.rank:
        total = convert(lower.b, dtype, type_.dtype, _reduce_all(lower, node, sizes, first, combine))
        if not type_.shape:
            lower.values[output] = Scalar(type_.dtype, total)
        else:
            made = lower.fresh(output, type_, [1] * type_.rank)
            layout.store(lower.b, type_.dtype, total, made.pointer)
        return True
    outer = lower.sizes(type_)
    made = (
        lower.fresh(output, type_, outer)
        if dtype is type_.dtype
        else Array(dtype, lower.allocate(lower.bytes(dtype, outer)), outer)
    )
    kept = [axis for axis in range(source.rank) if axis not in axes]
    if source.rank - 1 in axes:
        _reduce_rows(lower, node, sizes, (kept, axes), made.pointer, first, combine)
    else:
        _reduce_columns(lower, node, sizes, (kept, axes), made.pointer, first, combine)
    give(lower, output, made)
    return True


def _total_dtype(node: Node) -> DType:
    """The dtype in which elements are put together: floats of 16 bits are in float32."""
    dtype = tensor_type(node.outputs[0]).dtype
    return float32 if is_short(dtype) else dtype


def _item(lower: Lowering, node: Node, text: str) -> str:
    """An operand's element as the reduction takes it."""
    source, target = tensor_type(node.inputs[0]).dtype, _total_dtype(node)
    return truth(lower.b, source, text) if target.is_bool else convert(lower.b, source, target, text)


def _start(node: Node, dtype: DType) -> str:
    name = node.op.name
    if dtype.is_bool:
        return "true" if name in ("all", "min", "prod") else "false"
    if name in ("max", "min"):
        if dtype.is_floating:
            return layout.constant(float("-inf") if name == "max" else float("inf"), dtype)
        signed = dtype.kind == "int"
        lowest = -(2 ** (dtype.bits - 1)) if signed else 0
        highest = 2 ** (dtype.bits - signed) - 1
        return str(lowest if name == "max" else highest)
    return layout.constant(1 if name == "prod" else 0, dtype)


def _combine(lower: Lowering, node: Node, dtype: DType) -> Combine:
    b, name, register = lower.b, node.op.name, layout.register(dtype)
    if dtype.is_bool:
        sign = "and" if name in ("all", "min", "prod") else "or"
        return lambda x, y: b.value(f"{sign} i1 {x}, {y}")
    if name in ("max", "min"):
        emit = EMIT["maximum" if name == "max" else "minimum"][0]
        return lambda x, y: emit(b, dtype, x, y)
    sign = {"sum": "add", "prod": "mul"}[name]
    if dtype.is_complex:
        return _complex_combine(lower, dtype, name)
    # The order of a sum is free, so that it runs in vectors; that changes rounding only.
    prefix = f"f{sign} reassoc" if dtype.is_floating else sign
    return lambda x, y: b.value(f"{prefix} {register} {x}, {y}")


def _complex_combine(lower: Lowering, dtype: DType, name: str) -> Combine:
    b, register = lower.b, layout.register(dtype)
    if name == "prod":
        return lambda x, y: EMIT["multiply"][0](b, dtype, x, y)

    def add(x: str, y: str) -> str:
        pairs = zip(layout.parts(x), layout.parts(y), strict=True)
        return layout.pair(*[b.value(f"fadd reassoc {register} {p}, {q}") for p, q in pairs])

    return add


class _Total:
    """What has been put together so far: registers on the stack."""

    def __init__(self, b: Builder, dtype: DType, first: str) -> None:
        self._b, self._register = b, layout.register(dtype)
        self._places = [b.stack(self._register) for _ in layout.parts(first)]
        self.set(first)

    def set(self, text: str) -> None:
        for place, part in zip(self._places, layout.parts(text), strict=True):
            self._b.store(self._register, part, place)

    def get(self) -> str:
        loaded = [self._b.load(self._register, place) for place in self._places]
        return layout.pair(*loaded) if len(loaded) > 1 else loaded[0]


def _reduce_all(lower: Lowering, node: Node, sizes: At, first: str, combine: Combine) -> str:
    b, operand = lower.b, node.inputs[0]
    total = _Total(b, _total_dtype(node), first)

    def add(text: str) -> None:
        total.set(combine(total.get(), _item(lower, node, text)))

    if lower.has_flat(operand):
        weight = lower.weight(operand)
        lower.sweep(b.product(list(sizes)), weight, lambda index: add(lower.flat_element(operand, index)))
    else:
        lower.sweep_all(sizes, lower.weight(operand), lambda at: add(lower.element(operand, at)))
    return total.get()


def _merged(kept: Sequence[int], axes: Sequence[int], outer: At, inner: At) -> At:
    found: list[Index] = [0] * (len(kept) + len(axes))
    for axis, index in [*zip(kept, outer, strict=True), *zip(axes, inner, strict=True)]:
        found[axis] = index
    return found


def _reduce_rows(
    lower: Lowering, node: Node, sizes: At, split: tuple[list[int], list[int]], out: str, first: str, combine: Combine
) -> None:
    """One result after another: the reduced axes are innermost."""
    b, operand, (kept, axes) = lower.b, node.inputs[0], split
    axes = sorted(axes)
    dtype = _total_dtype(node)
    outer_sizes, inner_sizes = [sizes[axis] for axis in kept], [sizes[axis] for axis in axes]

    def row(outer: At) -> None:
        total = _Total(b, dtype, first)

        def add(inner: At) -> None:
            text = lower.element(operand, _merged(kept, axes, outer, inner))
            total.set(combine(total.get(), _item(lower, node, text)))

        lower.nest(inner_sizes, add)
        place = b.at(layout.memory(dtype), out, lower.linear(outer, outer_sizes))
        layout.store(b, dtype, total.get(), place)

    lower.spread(outer_sizes, b.mul(b.product(inner_sizes), lower.weight(operand) + 1), row)


def _reduce_columns(
    lower: Lowering, node: Node, sizes: At, split: tuple[list[int], list[int]], out: str, first: str, combine: Combine
) -> None:
    """All results at once: the reduced axes are outermost, so that neighbours lie side by side."""
    b, operand, (kept, axes) = lower.b, node.inputs[0], split
    axes = sorted(axes)
    dtype = _total_dtype(node)
    kept_sizes = [sizes[axis] for axis in kept]
    # Per leading kept axes a row of results; the innermost loop runs along the last kept axis.
    group, again = lower.module.parallel_loop()
    start_group, start_again = lower.module.parallel_loop()

    def place(at: At) -> str:
        return b.at(layout.memory(dtype), out, lower.linear(at, kept_sizes))

    lower.loop(
        b.product(list(kept_sizes)),
        lambda index: layout.store(b, dtype, first, b.at(layout.memory(dtype), out, index), start_group),
        start_again,
    )

    def add(inner: At) -> None:
        def column(outer: At) -> None:
            text = _item(lower, node, lower.element(operand, _merged(kept, axes, outer, inner)))
            spot = place(outer)
            layout.store(b, dtype, combine(layout.load(b, dtype, spot, group), text), spot, group)

        lower.nest(kept_sizes, column, again)

    work = b.mul(b.product(kept_sizes), lower.weight(operand) + 1)
    lower.sweep_all([sizes[axis] for axis in axes], work, add)


@rule("argmax", "argmin")
def _arg_extremum(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    source, type_ = tensor_type(operand), tensor_type(output)
    axis = node.attrs["axis"]
    if source.dtype.is_complex or not source.shape or not isinstance(axis, int | None):
        return False
    b, dtype = lower.b, source.dtype
    sizes = lower.sizes(source)
    flat = axis is None
    if flat and not lower.has_flat(operand):
        lower.array(operand)
    register = layout.register(dtype)
    best, place = b.stack(register), b.stack("i64")
    axis = 0 if axis is None else axis % source.rank
    kept = [] if flat else [i for i in range(source.rank) if i != axis]
    count = b.product(list(sizes)) if flat else sizes[axis]

    def search(outer: At) -> str:
        b.store("i64", 0, place)

        def item(index: Index) -> str:
            return (
                lower.flat_element(operand, index)
                if flat
                else lower.element(operand, _merged(kept, [axis], outer, [index]))
            )

        b.store(register, item(0), best)

        def compare(index: Index) -> None:
            text, known = item(index), b.load(register, best)
            better = _beats(lower, dtype, text, known, node.op.name == "argmax")
            b.store(register, select(b, better, register, text, known), best)
            b.store("i64", select(b, better, "i64", str(index), b.load("i64", place)), place)

        lower.sweep(count, lower.weight(operand) + 4, compare)
        return b.load("i64", place)

    if not type_.shape:
        lower.values[output] = Scalar(int64, search([]))
        return True
    made = lower.fresh(output, type_, lower.sizes(type_))
    outer_sizes = [sizes[i] for i in kept]

    def row(outer: At) -> None:
        found = search(outer)
        b.store("i64", found, b.at("i64", made.pointer, lower.linear(outer, outer_sizes)))

    lower.nest(outer_sizes, row)
    return True


def _beats(lower: Lowering, dtype: DType, x: str, best: str, larger: bool) -> str:
    """Whether x comes before the best so far: beyond it, or the first that is not a number."""
    b = lower.b
    beyond = EMIT["greater" if larger else "less"][0](b, dtype, x, best) if not dtype.is_bool else None
    if beyond is None:
        other = b.value(f"xor i1 {best if larger else x}, true")
        return b.value(f"and i1 {x if larger else best}, {other}")
    if not dtype.is_floating:
        return beyond
    nan, known = EMIT["isnan"][0](b, dtype, x), EMIT["isnan"][0](b, dtype, best)
    first = b.value(f"and i1 {nan}, {b.value(f'xor i1 {known}, true')}")
    return b.value(f"or i1 {beyond}, {first}")


ELEMENT_USERS |= {"sum", "prod", "max", "min", "any", "all", "argmax", "argmin"}
