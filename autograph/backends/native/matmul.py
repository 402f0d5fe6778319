"""Matrix products: the product kernel, BLAS for the largest, plain loops for integers."""

from __future__ import annotations

from autograph.backends.native import layout
from autograph.backends.native.blas import PRODUCTS, Matrix, gemm
from autograph.backends.native.builder import Builder, Index
from autograph.backends.native.lowering import Lowering, rule
from autograph.backends.native.products import Ending, multiply
from autograph.backends.native.tasks import split, workers
from autograph.backends.native.values import Array, Lazy, Scalar
from autograph.backends.native.views import tensor_type
from autograph.runtime.dtypes import DType
from autograph.runtime.ir import Node, Value

# From how many products of numbers on BLAS is faster, which packs both operands.
_LARGE = 1 << 28
# How many of them each two pieces of a product by BLAS have, and how many rows or columns a piece at least.
_PAIR_PRODUCTS = 1 << 26
_LEAST_ROWS = 64
_MOST_PIECES = 16
# How many of them a piece has at most, about: a tenth of a second's, between looks at signals.
_MOST_PRODUCTS = 1 << 31


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
    if not (dtype.is_integer or layout.in_blas(dtype)):
        return False
    if any(tensor_type(value).dtype is not dtype for value in node.inputs):
        return False
    x, y = [_Matrix(lower, value) for value in node.inputs]
    sizes = lower.sizes(type_)
    inner = lower.size(x.shape[-1])
    if len(sizes) == 2:
        if dtype.is_floating:
            place, ending = _ended(lower, node)
        else:
            place, ending = lower.fresh(output, type_, sizes), Ending()
        pointers = (x.array.pointer, y.array.pointer, place.pointer)
        _product(lower, dtype, (x, y), pointers, (*sizes, inner), ending)
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
        _product(lower, dtype, (x, y), (*pointers, target), (rows, columns, inner), Ending())

    weight = b.divide(b.product([rows, columns, inner]), PRODUCTS)[0]
    lower.spread([b.product(list(batch))], weight, lambda at: one(at[0]))
    return True


def _ended(lower: Lowering, node: Node) -> tuple[Array, Ending]:
    """What becomes of a product, and where that goes.

    Where its only user multiplies it by a number, or adds it (or that) to something of the same shape, the product's
    kernel does so, and these nodes are not written any more.
    """
    product = last = node.outputs[0]
    alpha: str | None = None
    user = lower.only_user(product)
    if user is not None and (factor := _factor(lower, user, product)) is not None:
        alpha, last = factor, user.outputs[0]
        lower.skip(user)
        user = lower.only_user(last)
    type_ = tensor_type(product)
    other = _addend(lower, user, last)
    sizes = lower.sizes(type_)
    if user is None or other is None:
        return lower.fresh(last, type_, sizes), _ending(lower, type_.dtype, alpha, False, None)
    negative = user.op.name == "subtract"
    native = lower.values[other]
    if isinstance(native, Array) and lower.may_overwrite(other, user):
        made = native
        lower.replace(user.outputs[0], made)
    else:
        made = lower.fresh(user.outputs[0], type_, sizes)
        if isinstance(native, Lazy):
            lower.fill(native, made.pointer)
            native = made
    assert isinstance(native, Array)
    lower.skip(user)
    return made, _ending(lower, type_.dtype, alpha, negative, Matrix(native.pointer, sizes[1]))


def _factor(lower: Lowering, user: Node, value: Value) -> str | None:
    """The number that a node multiplies a value by, as a register, if it does that."""
    if user.op.name != "multiply" or user.outputs[0].type != value.type or user.inputs.count(value) != 1:
        return None
    (other,) = [operand for operand in user.inputs if operand is not value]
    native = lower.values.get(other)
    return native.text if isinstance(native, Scalar) and native.dtype is tensor_type(value).dtype else None


def _addend(lower: Lowering, user: Node | None, value: Value) -> Value | None:
    """What a node adds a value to, or subtracts it from, if that is known already."""
    if user is None or user.op.name not in ("add", "subtract") or user.inputs.count(value) != 1:
        return None
    (other,) = [operand for operand in user.inputs if operand is not value]
    if user.op.name == "subtract" and other is not user.inputs[0]:
        return None
    same = other.type == user.outputs[0].type == value.type
    return other if same and isinstance(lower.values.get(other), Array | Lazy) else None


def _ending(lower: Lowering, dtype: DType, alpha: str | None, negative: bool, added: Matrix | None) -> Ending:
    b, register = lower.b, layout.register(dtype)
    text = alpha or layout.constant(1.0, dtype)
    if negative:
        text = b.value(f"fneg {register} {text}")
    if alpha is None and not negative:
        return Ending(added=added)
    wide = text if register == "double" else b.value(f"fpext float {text} to double")
    return Ending(b.value(f"bitcast double {wide} to i64"), added)


def _product(
    lower: Lowering,
    dtype: DType,
    matrices: tuple[_Matrix, _Matrix],
    pointers: tuple[str, ...],
    sizes: tuple[Index, ...],
    ending: Ending,
) -> None:
    if not dtype.is_floating:
        _loops(lower, dtype, matrices, pointers, sizes)
        return
    x, y = [
        Matrix(pointer, matrix.lead, matrix.transposed) for pointer, matrix in zip(pointers, matrices, strict=False)
    ]
    out = Matrix(pointers[2], sizes[1])
    b = lower.b
    products = b.product(list(sizes))

    def own() -> None:
        multiply(lower.module, b, dtype, x, y, out, sizes, ending)

    def library() -> None:
        if ending.added is not None:
            b.copy_unless_there(out.pointer, ending.added.pointer, lower.bytes(dtype, sizes[:2]))
        _by_blas(lower, dtype, (x, y, out), sizes, ending)

    if isinstance(products, int) or b.is_inner:
        library() if isinstance(products, int) and products >= _LARGE else own()
    else:
        b.either(b.value(f"icmp sge i64 {products}, {_LARGE}"), library, own)


def _by_blas(
    lower: Lowering, dtype: DType, matrices: tuple[Matrix, Matrix, Matrix], sizes: tuple[Index, ...], ending: Ending
) -> None:
    """A product in pieces for the threads, each by BLAS."""
    (x, y, out), (rows, columns, inner) = matrices, sizes
    rest = ending.alpha, ending.added is not None
    b, memory = lower.b, layout.memory(dtype)
    products = b.product(list(sizes))
    many = 1 if b.is_inner else workers(lower.module, b, b.divide(products, PRODUCTS)[0])
    if many == 1:
        gemm(b, dtype, x, y, out, sizes, *rest)
        return
    by_columns = isinstance(rows, int) and isinstance(columns, int) and columns > rows
    size = columns if by_columns else rows
    other = rows if by_columns else columns
    length, count = _pieces(b, size, products)
    across, parts = _cut(b, other, b.divide(products, b.mul(count, _MOST_PRODUCTS))[0])

    def piece(index: Index) -> None:
        place, turn = b.divide(index, parts)
        low, left = b.mul(place, length), b.mul(turn, across)
        part, wide = b.extremum("min", b.sub(size, low), length), b.extremum("min", b.sub(other, left), across)
        if by_columns:
            low, left, part, wide = left, low, wide, part
        own = x.part(b, memory, low, 0), y.part(b, memory, 0, left), out.part(b, memory, low, left)
        gemm(b, dtype, *own, (part, wide, inner), *rest)

    def some(start: Index, stop: Index, _: str) -> None:
        lower.loop(b.sub(stop, start), lambda index: piece(b.add(start, index)))

    split(lower.module, b, b.mul(count, parts), many, some, lower.stopping())


def _pieces(b: Builder, size: Index, products: Index) -> tuple[Index, Index]:
    """Rows or columns of a piece, and the number of pieces: few, as each reads all of the other operand."""
    wanted = b.mul(b.extremum("max", b.divide(products, _PAIR_PRODUCTS)[0], 1), 2)
    fit = b.extremum("min", b.divide(size, _LEAST_ROWS)[0], _MOST_PIECES)
    return _cut(b, size, b.extremum("min", wanted, fit))


def _cut(b: Builder, size: Index, count: Index) -> tuple[Index, Index]:
    """The length of about so many pieces, in sixteens, and their number."""
    whole = b.divide_up(size, b.extremum("max", count, 1))
    length = b.extremum("max", b.mul(b.divide_up(whole, 16), 16), 1)
    return length, b.divide_up(size, length)


def _loops(
    lower: Lowering,
    dtype: DType,
    matrices: tuple[_Matrix, _Matrix],
    pointers: tuple[str, ...],
    sizes: tuple[Index, ...],
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
