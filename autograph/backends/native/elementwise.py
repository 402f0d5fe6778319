"""Ops that compute each element from the operands' elements at the same place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import (
    EMIT,
    EMIT_FLOAT,
    LIBM,
    Emit,
    absolute,
    convert,
    libm,
    negative,
    python_extremum,
    select,
    truth,
)
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.complex_numbers import EMIT_COMPLEX, conjugate
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.short_floats import is_short
from autograph.backends.native.values import Array, Lazy, Scalar
from autograph.runtime.dtypes import DType, bool_, from_numpy, int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import TensorType

Make = Callable[[Builder, Sequence[str]], str]


def write_elementwise(lower: Lowering, node: Node, make: Make, weight: int) -> bool:
    """Gives a node's output: a register for scalars, else a formula over the operands' elements."""
    (output,) = node.outputs
    type_ = output.type
    assert isinstance(type_, TensorType)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, make(lower.b, [lower.element(value, []) for value in node.inputs]))
        return True
    lower.values[output] = formula(lower, node.inputs, type_, lower.sizes(type_), make, weight)
    return True


def formula(
    lower: Lowering, operands: Sequence[Value], type_: TensorType, sizes: Sequence[Index], make: Make, weight: int
) -> Lazy:
    """The elements that `make` computes of the operands', which broadcast to the type's shape."""
    shapes = [value.type.shape if isinstance(value.type, TensorType) else () for value in operands]

    def element(at: Sequence[Index]) -> str:
        places = [_broadcast(at, shape, type_.shape) for shape in shapes]
        return make(lower.b, [lower.element(value, place) for value, place in zip(operands, places, strict=True)])

    same = all(not shape or shape == type_.shape for shape in shapes)
    flat = None
    if same and all(lower.has_flat(value) for value in operands):

        def flat(index: Index) -> str:
            return make(lower.b, [lower.flat_element(value, index) for value in operands])

    total = weight + sum(lower.weight(value) for value in operands)
    return Lazy(type_.dtype, sizes, element, flat, total, across=_across(lower, operands, type_))


def _across(lower: Lowering, operands: Sequence[Value], type_: TensorType) -> int | None:
    """The axis along which elements of a transposed operand lie side by side, if there is one."""
    for value in operands:
        native = lower.values[value]
        if isinstance(native, Lazy) and native.across is not None and isinstance(value.type, TensorType):
            return native.across + type_.rank - value.type.rank
    return None


def _broadcast(at: Sequence[Index], shape: Sequence[Any], to: Sequence[Any]) -> list[Index]:
    """The indices of an operand's element for the element `at` of the result."""
    skipped = len(to) - len(shape)
    return [
        0 if size == 1 and wanted != 1 else index
        for index, size, wanted in zip(at[skipped:], shape, to[skipped:], strict=True)
    ]


def dtypes(node: Node) -> list[DType]:
    """The dtypes of a node's operands."""
    return [value.type.dtype for value in node.inputs if isinstance(value.type, TensorType)]


def _is_weak(node: Node) -> bool:
    return all(isinstance(value.type, TensorType) and value.type.weak for value in node.inputs)


def common_dtype(found: Sequence[DType]) -> DType | None:
    """The dtype in which numbers of some dtypes are compared, if there is one."""
    if {dtype.name for dtype in found} >= {"int64", "uint64"}:
        return None  # no dtype holds both
    return from_numpy.get(np.result_type(*[dtype.numpy for dtype in found]))


def _table(name: str, emit: Emit, weight: int, floats_only: bool) -> None:
    of_numbers = libm(name) if name in LIBM else emit  # plain Python's own results, to the last digit

    @rule(name)
    def write(lower: Lowering, node: Node) -> bool:
        out = node.outputs[0].type
        assert isinstance(out, TensorType)
        sources = dtypes(node)
        if any(dtype.is_complex for dtype in sources):
            return _write_complex(lower, node, sources)
        if name in ("logical_and", "logical_or", "logical_xor", "logical_not"):
            dtype: DType | None = bool_
        else:
            dtype = out.dtype if not out.dtype.is_bool else common_dtype(sources)
        if dtype is None or not layout.is_real(dtype) or (floats_only and not dtype.is_floating):
            return False
        if name == "nextafter" and is_short(dtype):
            return False
        written = of_numbers if _is_weak(node) else emit

        def make(b: Builder, texts: Sequence[str]) -> str:
            return written(b, dtype, *[convert(b, s, dtype, x) for s, x in zip(sources, texts, strict=True)])

        return write_elementwise(lower, node, make, weight)

    ELEMENT_USERS.add(name)


def _write_complex(lower: Lowering, node: Node, sources: Sequence[DType]) -> bool:
    """Writes an op of operands of which one is complex."""
    name, dtype = node.op.name, common_dtype(sources)
    if name.startswith("logical"):
        emit, weight = EMIT[name]
        return write_elementwise(
            lower,
            node,
            lambda b, texts: emit(b, bool_, *[truth(b, s, x) for s, x in zip(sources, texts, strict=True)]),
            weight,
        )
    if name not in EMIT_COMPLEX or dtype is None:
        return False
    emit, weight = EMIT_COMPLEX[name]

    def make(b: Builder, texts: Sequence[str]) -> str:
        return emit(b, dtype, *[convert(b, s, dtype, x) for s, x in zip(sources, texts, strict=True)])

    return write_elementwise(lower, node, make, weight)


_SPECIAL = {"maximum", "minimum", "pow", "divide"}
for _name, (_emit, _weight) in {**EMIT, **EMIT_FLOAT}.items():
    if _name not in _SPECIAL:
        _table(_name, _emit, _weight, _name in EMIT_FLOAT)


@rule("maximum", "minimum")
def _extremum(lower: Lowering, node: Node) -> bool:
    sources, out = dtypes(node), node.outputs[0].type
    assert isinstance(out, TensorType)
    emit, _ = EMIT[node.op.name]
    weak = _is_weak(node)

    def make(b: Builder, texts: Sequence[str]) -> str:
        x, y = [convert(b, s, out.dtype, t) for s, t in zip(sources, texts, strict=True)]
        if weak:
            return python_extremum(b, out.dtype, x, y, node.op.name == "maximum")
        return emit(b, out.dtype, x, y)

    if out.dtype.is_complex or (weak and sources[0] is not sources[1]):
        return False  # Python gives the number itself, in its own type
    return write_elementwise(lower, node, make, 1)


@rule("divide")
def _divide(lower: Lowering, node: Node) -> bool:
    out = node.outputs[0].type
    assert isinstance(out, TensorType)
    emit, weight = EMIT_FLOAT["divide"]
    sources = dtypes(node)
    if out.dtype.is_complex:
        return _write_complex(lower, node, sources)
    if not out.dtype.is_floating:
        return False

    def make(b: Builder, texts: Sequence[str]) -> str:
        x, y = [convert(b, s, out.dtype, t) for s, t in zip(sources, texts, strict=True)]
        return emit(b, out.dtype, x, y)

    return write_elementwise(lower, node, make, weight)


def constant_of(value: Value) -> Any:
    """The number that a constant of no dimensions holds, else None."""
    node = value.node
    while node is not None and node.op.name == "cast":
        node = node.inputs[0].node
    if node is None or node.op.name != "constant" or np.ndim(node.attrs["value"]) != 0:
        return None
    return np.asarray(node.attrs["value"]).item()


@rule("cast")
def _cast(lower: Lowering, node: Node) -> bool:
    (source,), target = dtypes(node), node.attrs["dtype"]
    return write_elementwise(lower, node, lambda b, texts: convert(b, source, target, texts[0]), 1)


@rule("where")
def _where(lower: Lowering, node: Node) -> bool:
    condition, *sources = dtypes(node)
    out = node.outputs[0].type
    assert isinstance(out, TensorType)

    def make(b: Builder, texts: Sequence[str]) -> str:
        x, y = [convert(b, s, out.dtype, t) for s, t in zip(sources, texts[1:], strict=True)]
        return select(b, truth(b, condition, texts[0]), layout.register(out.dtype), x, y)

    return write_elementwise(lower, node, make, 1)


@rule("zeros_of")
def _zeros_of(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    type_ = output.type
    if not isinstance(type_, TensorType):
        return False
    zero = layout.constant(0, type_.dtype)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, zero)
        return True
    like = lower.values[node.inputs[0]]
    assert isinstance(like, Array | Lazy)
    lower.values[output] = Lazy(type_.dtype, like.sizes, lambda at: zero, lambda index: zero, 0)
    return True


@rule("real", "imag", "conj")
def _part(lower: Lowering, node: Node) -> bool:
    (source,), name = dtypes(node), node.op.name

    def make(b: Builder, texts: Sequence[str]) -> str:
        if not source.is_complex:
            return layout.constant(0, source) if name == "imag" else texts[0]
        if name == "conj":
            return conjugate(b, source, texts[0])
        return layout.parts(texts[0])[name == "imag"]

    return write_elementwise(lower, node, make, 0)


_OVERFLOWING = {"add": "sadd", "subtract": "ssub", "multiply": "smul"}


@rule("wrapping")
def _wrapping(lower: Lowering, node: Node) -> bool:
    """Integer arithmetic modulo 2**64, and whether the exact result is another one."""
    name, b = node.attrs["op"], lower.b
    texts = [convert(b, d, int64, lower.element(v, [])) for d, v in zip(dtypes(node), node.inputs, strict=True)]
    if name in _OVERFLOWING:
        both = b.value(f"call {{i64, i1}} @llvm.{_OVERFLOWING[name]}.with.overflow.i64(i64 {texts[0]}, i64 {texts[1]})")
        made, over = [b.value(f"extractvalue {{i64, i1}} {both}, {place}") for place in (0, 1)]
    elif name in ("negative", "abs"):
        made = (negative if name == "negative" else absolute)(b, int64, texts[0])
        over = b.value(f"icmp eq i64 {texts[0]}, {-(2**63)}")
    elif name == "pow" and constant_of(node.inputs[1]) == 2:
        both = b.value(f"call {{i64, i1}} @llvm.smul.with.overflow.i64(i64 {texts[0]}, i64 {texts[0]})")
        made, over = [b.value(f"extractvalue {{i64, i1}} {both}, {place}") for place in (0, 1)]
    else:
        return False
    lower.values[node.outputs[0]] = Scalar(int64, made)
    lower.values[node.outputs[1]] = Scalar(bool_, over)
    return True


ELEMENT_USERS |= {"real", "imag", "conj", "maximum", "minimum", "divide", "cast", "where"}
