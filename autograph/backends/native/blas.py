"""BLAS for the largest products, through the function pointers that SciPy publishes.

It runs on one thread: large products are cut into pieces for the threads of `pool`, which sleep where those of OpenBLAS
wait by spinning, against each other and against whatever else runs.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

from scipy.linalg import cython_blas

from autograph.backends.native import layout
from autograph.backends.native.builder import Builder, Index
from autograph.runtime.dtypes import DType

# How many products BLAS makes while an addition in a loop takes place.
PRODUCTS = 8
# What OpenBLAS calls it, built for SciPy or by itself.
_SET_THREADS = ("scipy_openblas_set_num_threads", "scipy_openblas_set_num_threads64_", "openblas_set_num_threads")


@cache
def _use_one_thread() -> None:
    library = ctypes.CDLL(cython_blas.__file__)
    for name in _SET_THREADS:
        if hasattr(library, name):
            getattr(library, name)(1)


@cache
def blas(name: str) -> int:
    """The address of a BLAS routine."""
    _use_one_thread()
    capsule = cython_blas.__pyx_capi__[name]
    get_name = ctypes.pythonapi.PyCapsule_GetName
    get_name.restype, get_name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    address = get_pointer(capsule, get_name(capsule))
    assert address is not None
    return int(address)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix in memory.

    Attributes:
        pointer: its first element.
        lead: the distance of its rows.
        transposed: whether its transpose is meant.
    """

    pointer: str
    lead: Index
    transposed: bool = False

    def part(self, b: Builder, memory: str, row: Index, column: Index) -> Matrix:
        """What begins at a row and a column; `memory`: the elements' type."""
        if self.transposed:
            row, column = column, row
        return Matrix(b.at(memory, self.pointer, b.add(b.mul(row, self.lead), column)), self.lead, self.transposed)


def gemm(
    b: Builder,
    dtype: DType,
    x: Matrix,
    y: Matrix,
    out: Matrix,
    sizes: tuple[Index, ...],
    alpha: Index,
    adds: bool,
) -> None:
    """`out = alpha x y` in rows is `out' = alpha y' x'` in BLAS's columns.

    Args:
        b: the text.
        dtype: of the elements, a float.
        x: rows × inner.
        y: inner × columns.
        out: rows × columns, not transposed.
        sizes: rows, columns, inner.
        alpha: the bits of a double.
        adds: whether the product is added to what `out` holds.
    """
    rows, columns, inner = sizes
    letter, register = ("s", "float") if dtype.bits == 32 else ("d", "double")
    words = b.stack("i32", 6)
    factor, before = b.stack(register), b.stack(register)
    number = b.value(f"bitcast i64 {alpha} to double")
    b.store(register, b.value(f"fptrunc double {number} to float") if register == "float" else number, factor)
    b.store(register, layout.constant(1.0 if adds else 0.0, dtype), before)
    for place, size in enumerate((columns, rows, inner, y.lead, x.lead, out.lead)):
        least = b.extremum("max", size, 1) if place > 2 else size
        text = str(least) if isinstance(least, int) else b.value(f"trunc i64 {least} to i32")
        b.store("i32", text, b.at("i32", words, place))
    n, m, k, ldb, lda, ldc = [b.at("i32", words, place) for place in range(6)]
    flags = [b.stack("i8") for _ in range(2)]
    for flag, matrix in zip(flags, (y, x), strict=True):
        b.store("i8", ord("T" if matrix.transposed else "N"), flag)
    operands = (*flags, n, m, k, factor, y.pointer, ldb, x.pointer, lda, before, out.pointer, ldc)
    target = f"inttoptr (i64 {blas(letter + 'gemm')} to ptr)"
    b.line(f"call void {target}({', '.join(f'ptr {operand}' for operand in operands)})")
