"""Fourier transforms: NumPy's loops over rows along an axis, one axis after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Builder, Index, float_text
from autograph.backends.native.complex_numbers import part_dtype
from autograph.backends.native.inner_loops import InnerLoop, call_loop, inner_loop, letters
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.values import Array
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import DType, complex64, complex128, float32, float64, int64
from autograph.runtime.ir import Node

_loops = getattr(np.fft, "_pocketfft_umath", None)
_OPPOSITE = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


def _loop(name: str, source: DType, target: DType) -> InnerLoop | None:
    real = part_dtype(source) if source.is_complex else source
    return inner_loop(getattr(_loops, name, None), letters([source, real], [target]))


def _scale(b: Builder, dtype: DType, size: Index, norm: str) -> str:
    """What results of a forward transform of so many points are multiplied by, in memory."""
    t = layout.register(dtype)
    one = float_text(1.0, t)
    text = one
    if norm != "backward":
        points = convert(b, int64, dtype, str(size))
        if norm == "ortho":
            points = b.value(f"call {t} @llvm.sqrt.{'f32' if t == 'float' else 'f64'}({t} {points})")
        text = b.value(f"fdiv {t} {one}, {points}")
    place = b.stack(t)
    b.store(t, text, place)
    return place


def _run(lower: Lowering, loop: InnerLoop, source: Array, target: Array, axis: int, scale: str) -> None:
    """Transforms the rows along an axis; other sizes are the same."""
    b = lower.b
    items = [layout.item_bytes(array.dtype) for array in (source, target)]
    inner = b.product(list(source.sizes[axis + 1 :]))
    rows = [array.sizes[axis] for array in (source, target)]
    along = [b.mul(item, inner) for item in items]  # from one place of a row to the next
    last = axis == len(source.sizes) - 1
    outer = b.product(list(source.sizes[:axis]))
    blocks = [b.mul(step, size) for step, size in zip(along, rows, strict=True)]

    def run(pointers: Sequence[str], count: Index, steps: Sequence[Index]) -> None:
        everything = [steps[0], 0, steps[1], *along]
        call_loop(b, loop, [pointers[0], scale, pointers[1]], [count, *rows], everything)

    def one(index: Index) -> None:
        moved = [
            b.at("i8", array.pointer, b.mul(index, block))
            for array, block in zip((source, target), blocks, strict=True)
        ]
        run(moved, inner, items)

    if last:
        run([source.pointer, target.pointer], outer, blocks)
    else:
        lower.loop(outer, one)
    lower.look()


@rule("fft")
def _fft(lower: Lowering, node: Node) -> bool:
    (output,), attrs = node.outputs, node.attrs
    type_ = tensor_type(output)
    loop = _loop("ifft" if attrs["inverse"] else "fft", type_.dtype, type_.dtype)
    if loop is None or not attrs["axes"] or any(dim == 0 for dim in type_.shape):
        return False
    norm = _OPPOSITE[attrs["norm"]] if attrs["inverse"] else attrs["norm"]
    source = lower.array(node.inputs[0])
    made = lower.fresh(output, type_, source.sizes)
    for axis in reversed(attrs["axes"]):
        scale = _scale(lower.b, part_dtype(type_.dtype), source.sizes[axis], norm)
        _run(lower, loop, source, made, axis % type_.rank, scale)
        source = made
    return True


@rule("rfft")
def _rfft(lower: Lowering, node: Node) -> bool:
    b, (output,), axis = lower.b, node.outputs, node.attrs["axis"]
    given, type_ = tensor_type(node.inputs[0]), tensor_type(output)
    if given.dtype not in (float32, float64) or any(dim == 0 for dim in given.shape):
        return False
    loops = [_loop(f"rfft_n_{parity}", given.dtype, type_.dtype) for parity in ("even", "odd")]
    even, odd = loops
    if even is None or odd is None:
        return False
    source = lower.array(node.inputs[0])
    size = source.sizes[axis]
    made = lower.fresh(output, type_, lower.sizes(type_))
    scale = _scale(b, given.dtype, size, node.attrs["norm"])
    if isinstance(size, int):
        _run(lower, odd if size % 2 else even, source, made, axis, scale)
        return True
    is_odd = b.value(f"icmp ne i64 {b.divide(size, 2)[1]}, 0")
    b.either(
        is_odd,
        lambda: _run(lower, odd, source, made, axis, scale),
        lambda: _run(lower, even, source, made, axis, scale),
    )
    return True


@rule("irfft")
def _irfft(lower: Lowering, node: Node) -> bool:
    (output,), axis = node.outputs, node.attrs["axis"]
    given, type_ = tensor_type(node.inputs[0]), tensor_type(output)
    if given.dtype not in (complex64, complex128) or any(dim == 0 for dim in (*given.shape, *type_.shape)):
        return False
    loop = _loop("irfft", given.dtype, type_.dtype)
    if loop is None:
        return False
    source = lower.array(node.inputs[0])
    made = lower.fresh(output, type_, lower.sizes(type_))
    scale = _scale(lower.b, type_.dtype, made.sizes[axis], _OPPOSITE[node.attrs["norm"]])
    _run(lower, loop, source, made, axis, scale)
    return True
