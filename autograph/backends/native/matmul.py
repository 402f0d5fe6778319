"""Matrix products: BLAS, or plain loops for integers."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.blas import PRODUCTS, Matrix, gemm
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.tasks import split, workers
from autograph.backends.native.values import Array, Lazy
from autograph.backends.native.views import moves_natively, tensor_type
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Node, Value

# How many products of numbers each two pieces of a matrix product have, and how many rows or columns a piece at least.
_PAIR_PRODUCTS = 1 << 26
_LEAST_ROWS = 64
_MOST_PIECES = 16


class _Matrix:
    """A stack of matrices in memory, each as it lies or as its transpose."""

    def __init__(self, lower: Lowering, value: Value) -> None:
        native = lower.values[value]
        self.transposed = False
        if isinstance(native, Lazy) and native.source is not None and _swaps_last(native.source[1]):
            self.array, _ = native.source
            self.transposed = True
        else:
            self.array = lower.array(value)
        self.shape = tensor_type(value).shape

    @property
    def lead(self) -> Index:
        """The distance of its rows in memory."""
        return self.array.sizes[-1]


def _swaps_last(axes: tuple[int, ...]) -> bool:
    rank = len(axes)
    return axes == (*range(rank - 2), rank - 1, rank - 2)


@rule("matmul")
def _matmul(lower: Lowering, node: Node) -> bool:
    (output,) = node.outputs
    type_ = tensor_type(output)
    dtype = type_.dtype
    if not all(map(moves_natively, node.inputs)) or not moves_natively(output) or dtype.is_bool:
        return False
    if any(tensor_type(value).dtype is not dtype for value in node.inputs):
        return False
    x, y = [_Matrix(lower, value) for value in node.inputs]
    sizes = lower.sizes(type_)
    inner = lower.size(x.shape[-1])
    product = _gemm if dtype.is_floating else _loops
    if len(sizes) == 2:
        made = _onto_sum(lower, node) if dtype.is_floating else None
        place = made or lower.fresh(output, type_, sizes)
        pointers = (x.array.pointer, y.array.pointer, place.pointer)
        product(lower, dtype, (x, y), pointers, (*sizes, inner), made is not None)
        return True
    made = lower.fresh(output, type_, sizes)
    *batch, rows, columns = sizes
    b, memory = lower.b, layout.memory(dtype)

    def one(index: Index) -> None:
        at = b.unravel(index, batch[1:])
        pointers = []
        for matrix in (x, y):
            own = matrix.shape[:-2]
            skipped = len(batch) - len(own)
            own_sizes = list(matrix.array.sizes[:-2])
            places: list[Index] = [
                0 if dim == 1 and wanted != 1 else place
                for place, dim, wanted in zip(at[skipped:], own, type_.shape[skipped:-2], strict=True)
            ]
            step = b.product(list(matrix.array.sizes[-2:]))
            pointers.append(b.at(memory, matrix.array.pointer, b.mul(lower.linear(places, own_sizes), step)))
        target = b.at(memory, made.pointer, b.mul(index, b.mul(rows, columns)))
        product(lower, dtype, (x, y), (*pointers, target), (rows, columns, inner), False)

    weight = b.divide(b.product([rows, columns, inner]), PRODUCTS)[0]
    lower.spread([b.product(list(batch))], weight, lambda at: one(at[0]))
    return True


def _onto_sum(lower: Lowering, node: Node) -> Array | None:
    """Where a product's only user adds it to something of the same shape: that, in memory, to be added to by BLAS.

    The sum becomes the value of the user, which is then not written any more.
    """
    users = lower.users(node.outputs[0])
    if len(users) != 1 or users[0][0] is not node.region:
        return None
    total = users[0][1]
    if total is None or total.op.name != "add" or total.inputs.count(node.outputs[0]) != 1:
        return None
    (other,) = [value for value in total.inputs if value is not node.outputs[0]]
    if other.type != total.outputs[0].type or other.type != node.outputs[0].type or other not in lower.values:
        return None
    sizes = lower.sizes(other.type)
    native = lower.values[other]
    if isinstance(native, Array) and lower.may_overwrite(other, total):
        made = native
    else:
        made = Array(
            tensor_type(other).dtype, lower.place(total.outputs[0], Array(tensor_type(other).dtype, "", sizes)), sizes
        )
        if isinstance(native, Lazy):
            lower.fill(native, made.pointer)
        else:
            assert isinstance(native, Array)
            lower.b.copy(made.pointer, native.pointer, lower.bytes(made.dtype, sizes))
    lower.replace_node(total, made)
    return made


def _gemm(
    lower: Lowering,
    dtype: DType,
    matrices: tuple[_Matrix, _Matrix],
    pointers: tuple[str, ...],
    sizes: tuple[Index, ...],
    adds: bool,
) -> None:
    x, y = [
        Matrix(pointer, matrix.lead, matrix.transposed) for pointer, matrix in zip(pointers, matrices, strict=False)
    ]
    rows, columns, inner = sizes
    out = Matrix(pointers[2], columns)
    b, memory = lower.b, layout.memory(dtype)
    products = b.product(list(sizes))
    many = 1 if b.is_inner else workers(lower.module, b, b.divide(products, PRODUCTS)[0])
    if many == 1:
        gemm(b, dtype, x, y, out, sizes, adds)
        return
    by_columns = isinstance(rows, int) and isinstance(columns, int) and columns > rows
    size = columns if by_columns else rows
    length, count = _pieces(b, size, products)

    def piece(index: Index) -> None:
        low = b.mul(index, length)
        part = b.extremum("min", b.sub(size, low), length)
        if by_columns:
            own, place = y.part(b, memory, 0, low), out.part(b, memory, 0, low)
            gemm(b, dtype, x, own, place, (rows, part, inner), adds)
        else:
            own, place = x.part(b, memory, low, 0), out.part(b, memory, low, 0)
            gemm(b, dtype, own, y, place, (part, columns, inner), adds)

    def some(start: Index, stop: Index, _: str) -> None:
        lower.loop(b.sub(stop, start), lambda index: piece(b.add(start, index)))

    split(lower.module, b, count, many, some)


def _pieces(b: Builder, size: Index, products: Index) -> tuple[Index, Index]:
    """Rows or columns of a piece, and the number of pieces: few, as each reads all of the other operand."""
    wanted = b.mul(b.extremum("max", b.divide(products, _PAIR_PRODUCTS)[0], 1), 2)
    fit = b.extremum("min", b.divide(size, _LEAST_ROWS)[0], _MOST_PIECES)
    count = b.extremum("max", b.extremum("min", wanted, fit), 1)
    whole = b.divide(b.add(size, b.sub(count, 1)), count)[0]
    length = b.mul(b.divide(b.add(whole, 15), 16)[0], 16)
    return length, b.divide(b.add(size, b.sub(length, 1)), length)[0]


def _loops(
    lower: Lowering,
    dtype: DType,
    matrices: tuple[_Matrix, _Matrix],
    pointers: tuple[str, ...],
    sizes: tuple[Index, ...],
    adds: bool,
) -> None:
    b, memory = lower.b, layout.memory(dtype)
    x, y = matrices
    rows, columns, inner = sizes

    def item(matrix: _Matrix, pointer: str, row: Index, column: Index) -> str:
        if matrix.transposed:
            row, column = column, row
        return layout.load(b, dtype, b.at(memory, pointer, b.add(b.mul(row, matrix.lead), column)))

    def cell(row: Index, column: Index) -> None:
        total = b.stack(memory)
        b.store(memory, 0, total)

        def add(index: Index) -> None:
            term = b.value(f"mul {memory} {item(x, pointers[0], row, index)}, {item(y, pointers[1], index, column)}")
            b.store(memory, b.value(f"add {memory} {b.load(memory, total)}, {term}"), total)

        lower.loop(inner, add)
        place = b.at(memory, pointers[2], b.add(b.mul(row, columns), column))
        b.store(memory, b.load(memory, total), place)

    lower.loop(rows, lambda row: lower.loop(columns, lambda column: cell(row, column)))
