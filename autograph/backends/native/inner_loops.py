"""The compiled loops of NumPy's and SciPy's functions, called without Python.

A ufunc holds, for each combination of dtypes, the C function that runs over elements (or, of functions of matrices and
vectors, over stacks of these): `loop(operands' and results' addresses, sizes, steps in bytes, data)`. Compiled code
calls it as NumPy does, and gets NumPy's results to the last digit.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.conversions import give
from autograph.backends.native.elementwise import formula
from autograph.backends.native.lowering import Lowering
from autograph.backends.native.tasks import pieces, split, workers
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Value
from autograph.runtime.types import TensorType


class _Ufunc(ctypes.Structure):
    """What NumPy's header `ufuncobject.h` says of the first fields of `PyUFuncObject`."""

    _fields_ = (
        ("head", ctypes.c_char * object.__basicsize__),
        ("inputs", ctypes.c_int),
        ("outputs", ctypes.c_int),
        ("operands", ctypes.c_int),
        ("identity", ctypes.c_int),
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("count", ctypes.c_int),
        ("reserved", ctypes.c_int),
        ("name", ctypes.c_char_p),
    )


@dataclass(frozen=True, slots=True)
class InnerLoop:
    """A loop over elements: the address of its function, and what that is given as `data`."""

    function: int
    data: int


@cache
def inner_loop(ufunc: object, types: str) -> InnerLoop | None:
    """The loop of a ufunc for operands and results of some dtypes, if it can be had.

    Args:
        ufunc: a NumPy ufunc; anything else has no loops.
        types: NumPy's letters of the dtypes, such as `dd->d`.
    """
    if not isinstance(ufunc, np.ufunc) or types not in ufunc.types:
        return None
    found = _Ufunc.from_address(id(ufunc))
    sizes = (found.inputs, found.outputs, found.count)
    if sizes != (ufunc.nin, ufunc.nout, len(ufunc.types)) or found.name != ufunc.__name__.encode():
        return None  # another layout than that of the header
    place = ufunc.types.index(types)
    function = found.functions[place]
    return InnerLoop(function, (found.data[place] or 0) if found.data else 0) if function else None


def letters(operands: Sequence[DType], results: Sequence[DType]) -> str:
    """NumPy's letters of some dtypes."""
    return "->".join("".join(dtype.numpy.char for dtype in part) for part in (operands, results))


def call_loop(
    b: Builder,
    loop: InnerLoop,
    pointers: Sequence[str],
    sizes: Sequence[Index],
    steps: Sequence[Index],
    through: str | None = None,
) -> str:
    """Writes a call of a loop.

    Args:
        b: the text.
        loop: the loop.
        pointers: the addresses of operands and results.
        sizes: how many elements (or matrices) there are; then the sizes that the function itself works on.
        steps: the distances in bytes from one element (or matrix) to the next, for each pointer; then those along the
            axes of the function's own operands and results, in order.
        through: a function that calls it, and gives an `i1`.

    Returns:
        What that function gives.
    """
    places = [b.stack("ptr", len(pointers)), b.stack("i64", len(sizes)), b.stack("i64", max(1, len(steps)))]
    for type_, place, texts in zip(("ptr", "i64", "i64"), places, (pointers, sizes, steps), strict=True):
        for index, text in enumerate(texts):
            b.store(type_, text, b.at(type_, place, index))
    data = f"inttoptr (i64 {loop.data} to ptr)" if loop.data else "null"
    listed = ", ".join(f"ptr {place}" for place in (*places, data))
    function = f"inttoptr (i64 {loop.function} to ptr)"
    if through is not None:
        return b.value(f"call i1 @{through}(ptr {function}, {listed})")
    b.line(f"call void {function}({listed})")
    return ""


def in_memory(lower: Lowering, value: Value, dtype: DType, type_: TensorType | None = None) -> Array:
    """A value's elements in memory as a dtype, broadcast to another type's shape."""
    own = tensor_type(value)
    wanted = (type_ or own).shape
    if own.dtype is dtype and own.shape == wanted:
        return lower.array(value)
    target = TensorType(dtype, wanted)
    if not wanted:
        text = convert(lower.b, own.dtype, dtype, lower.element(value, []))
        pointer = lower.allocate(layout.item_bytes(dtype))
        layout.store(lower.b, dtype, text, pointer)
        return Array(dtype, pointer, [])
    sizes = lower.sizes(target)
    native = formula(lower, [value], target, sizes, lambda b, x: convert(b, own.dtype, dtype, x[0]), 1)
    made = Array(dtype, lower.allocate(lower.bytes(dtype, sizes)), sizes)
    lower.fill(native, made.pointer)
    return made


def map_elements(
    lower: Lowering, output: Value, loop: InnerLoop, operands: Sequence[Value], dtypes: Sequence[DType], weight: int
) -> None:
    """Gives a value: what a loop makes of the elements of operands, which broadcast.

    Args:
        lower: the function being written.
        output: the value.
        loop: a loop over single elements.
        operands: the operands.
        dtypes: what the loop takes, and after that what it gives.
        weight: what an element costs, in additions.
    """
    b, type_ = lower.b, tensor_type(output)
    *taken, given = dtypes
    pointers, steps = [], []
    for value, dtype in zip(operands, taken, strict=True):
        single = not tensor_type(value).shape
        pointers.append(in_memory(lower, value, dtype, None if single else type_).pointer)
        steps.append(0 if single else layout.item_bytes(dtype))
    if not type_.shape:
        place = lower.allocate(layout.item_bytes(given))
        call_loop(b, loop, [*pointers, place], [1], [*steps, layout.item_bytes(given)])
        lower.values[output] = Scalar(type_.dtype, convert(b, given, type_.dtype, layout.load(b, given, place)))
        return
    sizes = lower.sizes(type_)
    made = Array(given, lower.allocate(lower.bytes(given, sizes)), sizes) if given is not type_.dtype else None
    target = made or lower.fresh(output, type_, sizes)
    steps.append(layout.item_bytes(given))
    run_elements(lower, loop, [*pointers, target.pointer], steps, b.product(list(sizes)), weight)
    if made is not None:
        give(lower, output, made)


def run_elements(
    lower: Lowering, loop: InnerLoop, pointers: Sequence[str], steps: Sequence[int], count: Index, weight: int
) -> None:
    """Writes calls of a loop over elements, many of them on several threads.

    Args:
        lower: the function being written.
        loop: the loop.
        pointers: the addresses of operands and results.
        steps: in bytes, from one element to the next.
        count: how many elements there are.
        weight: what an element costs, in additions.
    """
    b = lower.b
    length, parts = pieces(b, count, weight)

    def some(start: Index, stop: Index, _: str) -> None:
        low, high = b.mul(start, length), b.extremum("min", b.mul(stop, length), count)
        moved = [b.at("i8", pointer, b.mul(low, step)) for pointer, step in zip(pointers, steps, strict=True)]
        call_loop(b, loop, moved, [b.sub(high, low)], steps)

    many = workers(lower.module, b, b.mul(count, weight))
    split(lower.module, b, parts, many, some, lower.stopping())
