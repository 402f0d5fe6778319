"""Ops that move elements: formulas over other indices, or addresses inside the operand where that is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Index
from autograph.backends.native.lowering import ELEMENT_USERS, Lowering, rule
from autograph.backends.native.values import Array, Lazy, Scalar
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import TensorType

At = Sequence[Index]


def tensor_type(value: Value) -> TensorType:
    """The type of a value that is a tensor."""
    assert isinstance(value.type, TensorType)
    return value.type


def computes(value: Value) -> bool:
    """Whether a value's elements are real numbers."""
    return isinstance(value.type, TensorType) and layout.is_real(value.type.dtype)


def view(lower: Lowering, node: Node, indices: Callable[[At], At], flat: bool = False) -> bool:
    """Gives a node's output: its operand's element at other indices (`flat`: at the same place in row-major order)."""
    operand, (output,) = node.inputs[0], node.outputs
    type_ = tensor_type(output)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, lower.element(operand, indices([])))
        return True
    same = (lambda index: lower.flat_element(operand, index)) if flat and lower.has_flat(operand) else None
    lower.values[output] = Lazy(
        type_.dtype, lower.sizes(type_), lambda at: lower.element(operand, indices(at)), same, lower.weight(operand)
    )
    return True


@rule("reshape")
def _reshape(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    type_, source = tensor_type(output), tensor_type(operand)
    native = lower.values[operand]
    if isinstance(native, Lazy) and native.flat is None:
        if _without_ones(source.shape) == _without_ones(type_.shape):
            return view(lower, node, lambda at: _through_ones(at, type_.shape, source.shape))
        native = lower.array(operand)
    if isinstance(native, Array) and type_.shape:
        lower.values[output] = Array(native.dtype, native.pointer, lower.sizes(type_))
        return True
    sizes = lower.sizes(type_)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, lower.flat_element(operand, 0))
        return True
    lower.values[output] = Lazy(
        type_.dtype,
        sizes,
        lambda at: lower.flat_element(operand, lower.linear(at, sizes)),
        lambda index: lower.flat_element(operand, index),
        lower.weight(operand),
    )
    return True


@rule("view")
def _view(lower: Lowering, node: Node) -> bool:
    """The same bytes as numbers of another dtype."""
    (output,) = node.outputs
    type_ = tensor_type(output)
    if type_.dtype.is_bool:
        return False  # bytes that are neither 0 nor 1 are True
    made = Array(type_.dtype, lower.array(node.inputs[0]).pointer, lower.sizes(type_))
    lower.values[output] = made
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, layout.load(lower.b, type_.dtype, made.pointer))
    return True


def _without_ones(shape: Sequence[Dim]) -> list[Dim]:
    return [dim for dim in shape if dim != 1]


def _through_ones(at: At, shape: Sequence[Dim], source: Sequence[Dim]) -> At:
    """Indices into a shape that differs from another in axes of size 1 only."""
    rest = iter([index for index, dim in zip(at, shape, strict=True) if dim != 1])
    return [0 if dim == 1 else next(rest) for dim in source]


@rule("permute_dims")
def _permute(lower: Lowering, node: Node) -> bool:
    axes = tuple(node.attrs["axes"])
    operand, (output,) = node.inputs[0], node.outputs
    native = lower.values[operand]
    source = native.source if isinstance(native, Lazy) else (native, tuple(range(len(axes))))
    if source is not None and isinstance(source[0], Array) and axes:
        lower.values[output] = permuted(lower, source[0], tuple([source[1][axis] for axis in axes]))
        return True

    def indices(at: At) -> At:
        return [at[axes.index(axis)] for axis in range(len(axes))]

    return view(lower, node, indices)


def permuted(lower: Lowering, source: Array, axes: tuple[int, ...]) -> Array | Lazy:
    """An array with its axes in another order; axes that are in order are the memory itself."""
    if axes == tuple(range(len(axes))):
        return source
    places = [axes.index(axis) for axis in range(len(axes))]

    def element(at: At) -> str:
        place = lower.linear([at[i] for i in places], source.sizes)
        return layout.load(lower.b, source.dtype, lower.b.at(layout.memory(source.dtype), source.pointer, place))

    sizes = [source.sizes[axis] for axis in axes]
    across = axes.index(len(axes) - 1)
    return Lazy(
        source.dtype, sizes, element, None, 0, (source, axes), across if across != len(axes) - 1 else None
    )  # fmt: skip


@rule("broadcast_to")
def _broadcast_to(lower: Lowering, node: Node) -> bool:
    source, target = tensor_type(node.inputs[0]).shape, tensor_type(node.outputs[0]).shape
    skipped = len(target) - len(source)

    def indices(at: At) -> At:
        pairs = zip(at[skipped:], source, target[skipped:], strict=True)
        return [0 if dim == 1 and wanted != 1 else index for index, dim, wanted in pairs]

    return view(lower, node, indices, flat=not source or source == target)


@rule("slice_axis")
def _slice_axis(lower: Lowering, node: Node) -> bool:
    axis, start = node.attrs["axis"], lower.size(node.attrs["start"])

    def indices(at: At) -> At:
        return [lower.b.add(index, start) if place == axis else index for place, index in enumerate(at)]

    return _part(lower, node, start) if axis == 0 and _in_memory(lower, node) else view(lower, node, indices)


def _in_memory(lower: Lowering, node: Node) -> bool:
    return isinstance(lower.values[node.inputs[0]], Array) and bool(tensor_type(node.outputs[0]).shape)


def _part(lower: Lowering, node: Node, start: Index, skipped: int = 0) -> bool:
    """An output that is a run of its operand's elements: the same memory. `start` counts rows after `skipped` axes."""
    source = lower.values[node.inputs[0]]
    assert isinstance(source, Array)
    type_ = tensor_type(node.outputs[0])
    row = lower.b.product(list(source.sizes[skipped + 1 :]))
    pointer = lower.b.at(layout.memory(type_.dtype), source.pointer, lower.b.mul(start, row))
    lower.values[node.outputs[0]] = Array(type_.dtype, pointer, lower.sizes(type_))
    return True


@rule("flip")
def _flip(lower: Lowering, node: Node) -> bool:
    axes = node.attrs["axes"]
    sizes = lower.sizes(node.inputs[0].type)

    def indices(at: At) -> At:
        last = [lower.b.sub(size, 1) for size in sizes]
        return [lower.b.sub(last[i], index) if i in axes else index for i, index in enumerate(at)]

    return view(lower, node, indices)


@rule("full")
def _full(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    type_ = tensor_type(output)
    text = layout.constant(node.attrs["value"], type_.dtype)
    if not type_.shape:
        lower.values[output] = Scalar(type_.dtype, text)
    else:
        lower.values[output] = Lazy(type_.dtype, lower.sizes(type_), lambda at: text, lambda index: text, 0)
    return True


@rule("iota")
def _iota(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    sizes = lower.sizes(output.type)
    lower.values[output] = Lazy(int64, sizes, lambda at: str(at[0]), lambda index: str(index), 0)
    return True


@rule("concat")
def _concat(lower: Lowering, node: Node) -> bool:
    (output,), axis = node.outputs, node.attrs["axis"]
    type_ = tensor_type(output)
    made = lower.fresh(output, type_, lower.sizes(type_))
    start: Index = 0
    for operand in node.inputs:
        sizes = lower.sizes(operand.type)
        _write_part(lower, made, operand, sizes, axis, start)
        start = lower.b.add(start, sizes[axis])
    return True


@rule("pad_axis")
def _pad_axis(lower: Lowering, node: Node) -> bool:
    operand, (output,) = node.inputs[0], node.outputs
    type_ = tensor_type(output)
    made = lower.fresh(output, type_, lower.sizes(type_))
    lower.zero(made)
    sizes = lower.sizes(operand.type)
    _write_part(lower, made, operand, sizes, node.attrs["axis"], lower.size(node.attrs["before"]))
    return True


def _write_part(lower: Lowering, made: Array, operand: Value, sizes: At, axis: int, start: Index) -> None:
    """Writes a tensor's elements into a larger one, from a place along an axis on."""
    b, source = lower.b, tensor_type(operand).dtype
    group, again = lower.module.parallel_loop()

    def put(at: At) -> None:
        shifted = [b.add(index, start) if i == axis else index for i, index in enumerate(at)]
        value = convert(b, source, made.dtype, lower.element(operand, at))
        place = b.at(layout.memory(made.dtype), made.pointer, lower.linear(shifted, made.sizes))
        layout.store(b, made.dtype, value, place, group)

    lower.spread(sizes, lower.weight(operand), put, again)


ELEMENT_USERS |= {"reshape", "permute_dims", "broadcast_to", "slice_axis", "flip", "concat", "pad_axis"}
