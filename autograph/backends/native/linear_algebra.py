"""Linear algebra: NumPy's loops over stacks of matrices, which call LAPACK.

They compute in float64 or complex128, whatever the precision of the operands, as `numpy.linalg` does. Where LAPACK
fails, the host runs the op again and raises what NumPy raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert, select
from autograph.backends.native.builder import Index
from autograph.backends.native.conversions import give
from autograph.backends.native.host_ops import fail_as_host
from autograph.backends.native.inner_loops import InnerLoop, in_memory, inner_loop, letters
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.stacks_of_matrices import Stack, run_stacks
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import DType, bool_, complex128, float64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import TensorType

_loops = getattr(np.linalg, "_umath_linalg", None)


def _wide(value: Value) -> DType:
    return complex128 if tensor_type(value).dtype.is_complex else float64


def _loop(name: str, operands: Sequence[Value], results: Sequence[DType]) -> InnerLoop | None:
    """A loop of the module, if it can take operands."""
    fit = all(tensor_type(value).dtype.is_inexact for value in operands)
    empty = any(dim == 0 for value in operands for dim in tensor_type(value).shape)
    types = letters([_wide(value) for value in operands], results)
    return inner_loop(getattr(_loops, name, None), types) if fit and not empty else None


def _matrices(lower: Lowering, value: Value) -> Stack:
    """An operand's matrices."""
    dtype = _wide(value)
    array = in_memory(lower, value, dtype)
    return Stack(array.pointer, layout.item_bytes(dtype), array.sizes[-2:])


class _Results:
    """The outputs of a node as wide numbers in memory, which become what they are with `finish`."""

    def __init__(self, lower: Lowering, outputs: Sequence[Value], ranks: Sequence[int]) -> None:
        self.lower, self.outputs = lower, outputs
        self.stacks, self._arrays = [], []
        for output, rank in zip(outputs, ranks, strict=True):
            type_ = tensor_type(output)
            sizes = lower.sizes(type_)
            dtype = _wide(output)
            if type_.dtype is dtype and sizes:
                array = lower.fresh(output, type_, sizes)
            else:
                array = Array(dtype, lower.allocate(lower.bytes(dtype, sizes)), sizes)
            self._arrays.append(array)
            self.stacks.append(Stack(array.pointer, layout.item_bytes(dtype), sizes[len(sizes) - rank :]))

    def finish(self) -> None:
        """Gives the outputs."""
        for output, array in zip(self.outputs, self._arrays, strict=True):
            give(self.lower, output, array)


def _count(lower: Lowering, type_: TensorType, rank: int) -> Index:
    return lower.b.product(lower.sizes(type_)[: type_.rank - rank])


def _work(lower: Lowering, sizes: Sequence[Index]) -> Index:
    """What LAPACK does with a matrix, about."""
    return lower.b.mul(lower.b.product(list(sizes)), lower.b.mul(4, lower.b.extremum("min", *sizes)))


def _simple(name: str, ranks: Sequence[int], core: Callable[[Sequence[Index]], Sequence[Index]]) -> Callable[..., bool]:
    """The rule of a function of one stack of matrices."""

    def write(lower: Lowering, node: Node) -> bool:
        loop = _loop(name, node.inputs, [_wide(output) for output in node.outputs])
        if loop is None:
            return False
        return _run(lower, node, loop, ranks, core)

    return write


def _run(
    lower: Lowering,
    node: Node,
    loop: InnerLoop,
    ranks: Sequence[int],
    core: Callable[[Sequence[Index]], Sequence[Index]],
) -> bool:
    operand = _matrices(lower, node.inputs[0])
    results = _Results(lower, node.outputs, ranks)
    count = _count(lower, tensor_type(node.inputs[0]), 2)
    stacks = [operand, *results.stacks]
    failed = run_stacks(lower, loop, stacks, count, core(operand.sizes), _work(lower, operand.sizes))
    fail_as_host(lower, node, failed)
    results.finish()
    return True


def _square(sizes: Sequence[Index]) -> Sequence[Index]:
    return sizes[:1]


rule("cholesky")(_simple("cholesky_lo", [2], _square))
rule("inv")(_simple("inv", [2], _square))
rule("det")(_simple("det", [0], _square))
rule("slogdet")(_simple("slogdet", [0, 0], _square))
rule("eigh")(_simple("eigh_lo", [1, 2], _square))


@rule("positive_definite")
def _positive_definite(lower: Lowering, node: Node) -> bool:
    dtype = _wide(node.inputs[0])
    loop = _loop("cholesky_lo", node.inputs, [dtype])
    if loop is None:
        return False
    operand = _matrices(lower, node.inputs[0])
    sizes = lower.sizes(node.inputs[0].type)
    made = Stack(lower.allocate(lower.bytes(dtype, sizes)), operand.item, operand.sizes)
    count = _count(lower, tensor_type(node.inputs[0]), 2)
    failed = run_stacks(lower, loop, [operand, made], count, operand.sizes[:1], _work(lower, operand.sizes))
    lower.values[node.outputs[0]] = Scalar(bool_, lower.b.value(f"xor i1 {failed}, true"))
    return True


@rule("eig")
def _eig(lower: Lowering, node: Node) -> bool:
    loop = _loop("eig", node.inputs, [complex128, complex128])
    return loop is not None and _run(lower, node, loop, [1, 2], _square)


@rule("svd")
def _svd(lower: Lowering, node: Node) -> bool:
    results = [_wide(output) for output in node.outputs]
    loop = _loop("svd_f" if node.attrs["full"] else "svd_s", node.inputs, results)
    if loop is None:
        return False
    return _run(lower, node, loop, [2, 1, 2], lambda sizes: [*sizes, lower.b.extremum("min", *sizes)])


@rule("solve")
def _solve(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    type_, dtype = tensor_type(output), _wide(output)
    loop = _loop("solve", node.inputs, [dtype])
    if loop is None:
        return False
    operands = []
    for value in node.inputs:
        own = tensor_type(value)
        single = own.rank == 2
        wanted = own if single else own.with_shape((*type_.shape[:-2], *own.shape[-2:]))
        array = in_memory(lower, value, dtype, wanted)
        operands.append(Stack(array.pointer, layout.item_bytes(dtype), array.sizes[-2:], single))
    results = _Results(lower, node.outputs, [2])
    core = operands[1].sizes
    work = _work(lower, [core[0], lower.b.add(core[0], core[1])])
    stacks = [*operands, *results.stacks]
    failed = run_stacks(lower, loop, stacks, _count(lower, type_, 2), core, work)
    fail_as_host(lower, node, failed)
    results.finish()
    return True


@rule("qr")
def _qr(lower: Lowering, node: Node) -> bool:
    """The factors that LAPACK leaves in the place of the matrices, then Q; the upper triangle is R."""
    b, (operand,), (q, r) = lower.b, node.inputs, node.outputs
    wide = _wide(operand)
    factor = _loop("qr_r_raw", node.inputs, [wide])
    reduced, complete = [_loop(name, [operand, q], [wide]) for name in ("qr_reduced", "qr_complete")]
    if factor is None or reduced is None or complete is None:
        return False
    sizes = lower.sizes(operand.type)
    *batch, rows, columns = sizes
    known = isinstance(rows, int) and isinstance(columns, int)
    if node.attrs["mode"] == "complete" and not known:
        return False
    least = b.extremum("min", rows, columns)
    count = b.product(list(batch))
    size, item = lower.bytes(wide, sizes), layout.item_bytes(wide)
    given = in_memory(lower, operand, wide)
    work = _work(lower, sizes[-2:])
    matrices = Stack(lower.allocate(size), item, [rows, columns])
    b.copy(matrices.pointer, given.pointer, size)
    scales = Stack(lower.allocate(b.mul(b.mul(count, least), item)), item, [least])
    run_stacks(lower, factor, [matrices, scales], count, [rows, columns, least], work)
    results = _Results(lower, [q], [2])
    inner = results.stacks[0].sizes[1]
    stacks = [matrices, scales, *results.stacks]
    if node.attrs["mode"] == "reduced" or rows == least:
        run_stacks(lower, reduced, stacks, count, [rows, columns, least], work)
    else:
        run_stacks(lower, complete, stacks, count, [rows, columns], work)
    results.finish()
    made = lower.fresh(r, tensor_type(r), [*batch, inner, columns])
    dtype = made.dtype

    def upper(at: Sequence[Index]) -> None:
        *outer, row, column = at
        place = b.at(layout.memory(wide), matrices.pointer, lower.linear([*outer, row, column], sizes))
        below = b.value(f"icmp sgt i64 {row}, {column}")
        text = select(b, below, "double", layout.constant(0, wide), layout.load(b, wide, place))
        target = b.at(layout.memory(dtype), made.pointer, lower.linear(at, made.sizes))
        layout.store(b, dtype, convert(b, wide, dtype, text), target)

    lower.nest([*batch, inner, columns], upper)
    return True
