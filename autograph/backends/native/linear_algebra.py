"""Linear algebra: NumPy's loops over stacks of matrices, which call LAPACK.

They compute in float64, whatever the precision of the operands, as `numpy.linalg` does. Where LAPACK fails, the host
runs the op again and raises what NumPy raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograph.backends.native import layout
from autograph.backends.native.arithmetic import convert
from autograph.backends.native.builder import Index, float_text
from autograph.backends.native.host_ops import fail_as_host
from autograph.backends.native.inner_loops import InnerLoop, in_memory, inner_loop, letters
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.stacks_of_matrices import Stack, run_stacks
from autograph.backends.native.values import Array, Scalar
from autograph.backends.native.views import computes, tensor_type
from autograph.runtime.dtypes import bool_, float64
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import TensorType

_loops = getattr(np.linalg, "_umath_linalg", None)


def _loop(name: str, operands: int, results: int) -> InnerLoop | None:
    return inner_loop(getattr(_loops, name, None), letters([float64] * operands, [float64] * results))


def _is_real(node: Node) -> bool:
    return all(computes(value) and tensor_type(value).dtype.is_floating for value in node.inputs) and not any(
        dim == 0 for value in (*node.inputs, *node.outputs) for dim in tensor_type(value).shape
    )


def _wide(lower: Lowering, value: Value, rank: int) -> Stack:
    """An operand's matrices (or vectors, numbers) of float64."""
    array = in_memory(lower, value, float64)
    return Stack(array.pointer, 8, array.sizes[len(array.sizes) - rank :])


class _Results:
    """The outputs of a node as float64 in memory, which become what they are with `finish`."""

    def __init__(self, lower: Lowering, outputs: Sequence[Value], ranks: Sequence[int]) -> None:
        self.lower, self.outputs = lower, outputs
        self.stacks, self._arrays = [], []
        for output, rank in zip(outputs, ranks, strict=True):
            type_ = tensor_type(output)
            sizes = lower.sizes(type_)
            if type_.dtype is float64 and sizes:
                array = lower.fresh(output, type_, sizes)
            else:
                array = Array(float64, lower.allocate(lower.bytes(float64, sizes)), sizes)
            self._arrays.append(array)
            self.stacks.append(Stack(array.pointer, 8, sizes[len(sizes) - rank :]))

    def finish(self) -> None:
        """Gives the outputs."""
        for output, array in zip(self.outputs, self._arrays, strict=True):
            give(self.lower, output, array)


def give(lower: Lowering, output: Value, array: Array) -> None:
    """Gives an output from an array of another dtype, or of no dimensions."""
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

    def put(index: Index) -> None:
        layout.store(b, type_.dtype, item(index, group), b.at(layout.memory(type_.dtype), made.pointer, index), group)

    lower.loop(b.product(list(array.sizes)), put, again)


def _count(lower: Lowering, type_: TensorType, rank: int) -> Index:
    return lower.b.product(lower.sizes(type_)[: type_.rank - rank])


def _work(lower: Lowering, sizes: Sequence[Index]) -> Index:
    """What LAPACK does with a matrix, about."""
    return lower.b.mul(lower.b.product(list(sizes)), lower.b.mul(4, lower.b.extremum("min", *sizes)))


def _simple(name: str, ranks: Sequence[int], core: Callable[[Sequence[Index]], Sequence[Index]]) -> Callable[..., bool]:
    """The rule of a function of one stack of matrices."""

    def write(lower: Lowering, node: Node) -> bool:
        loop = _loop(name, 1, len(node.outputs))
        if loop is None or not _is_real(node):
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
    operand = _wide(lower, node.inputs[0], 2)
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
    loop = _loop("cholesky_lo", 1, 1)
    if loop is None or not _is_real(node):
        return False
    operand = _wide(lower, node.inputs[0], 2)
    sizes = lower.sizes(node.inputs[0].type)
    made = Stack(lower.allocate(lower.bytes(float64, sizes)), 8, operand.sizes)
    count = _count(lower, tensor_type(node.inputs[0]), 2)
    failed = run_stacks(lower, loop, [operand, made], count, operand.sizes[:1], _work(lower, operand.sizes))
    lower.values[node.outputs[0]] = Scalar(bool_, lower.b.value(f"xor i1 {failed}, true"))
    return True


@rule("svd")
def _svd(lower: Lowering, node: Node) -> bool:
    loop = _loop("svd_f" if node.attrs["full"] else "svd_s", 1, 3)
    if loop is None or not _is_real(node):
        return False
    return _run(lower, node, loop, [2, 1, 2], lambda sizes: [*sizes, lower.b.extremum("min", *sizes)])


@rule("solve")
def _solve(lower: Lowering, node: Node) -> bool:
    loop = _loop("solve", 2, 1)
    if loop is None or not _is_real(node):
        return False
    (output,) = node.outputs
    type_ = tensor_type(output)
    operands = []
    for value in node.inputs:
        own = tensor_type(value)
        single = own.rank == 2
        wanted = own if single else own.with_shape((*type_.shape[:-2], *own.shape[-2:]))
        array = in_memory(lower, value, float64, wanted)
        operands.append(Stack(array.pointer, 8, array.sizes[-2:], single))
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
    factor, reduced, complete = _loop("qr_r_raw", 1, 1), _loop("qr_reduced", 2, 1), _loop("qr_complete", 2, 1)
    if factor is None or reduced is None or complete is None or not _is_real(node):
        return False
    b, (operand,), (q, r) = lower.b, node.inputs, node.outputs
    sizes = lower.sizes(operand.type)
    *batch, rows, columns = sizes
    known = isinstance(rows, int) and isinstance(columns, int)
    if node.attrs["mode"] == "complete" and not known:
        return False
    least = b.extremum("min", rows, columns)
    count = b.product(list(batch))
    size = lower.bytes(float64, sizes)
    given = in_memory(lower, operand, float64)
    work = _work(lower, sizes[-2:])
    matrices = Stack(lower.allocate(size), 8, [rows, columns])
    b.copy(matrices.pointer, given.pointer, size)
    scales = Stack(lower.allocate(b.mul(b.mul(count, least), 8)), 8, [least])
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
        place = b.at("double", matrices.pointer, lower.linear([*outer, row, column], sizes))
        below = b.value(f"icmp sgt i64 {row}, {column}")
        text = b.value(f"select i1 {below}, double {float_text(0.0, 'double')}, double {b.load('double', place)}")
        target = b.at(layout.memory(dtype), made.pointer, lower.linear(at, made.sizes))
        layout.store(b, dtype, convert(b, float64, dtype, text), target)

    lower.nest([*batch, inner, columns], upper)
    return True
