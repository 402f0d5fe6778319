"""What a graph value is while its function is being written: a register, memory, or a formula for elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograph.backends.native.builder import Index
from autograph.runtime.dtypes import DType


@dataclass(slots=True)
class Scalar:
    """A number in a register."""

    dtype: DType
    text: str


@dataclass(slots=True)
class Array:
    """Elements in memory, one after another in row-major order; nothing changes them while the value lives."""

    dtype: DType
    pointer: str
    sizes: Sequence[Index]


@dataclass(slots=True)
class Lazy:
    """Elements that whoever uses them computes.

    Attributes:
        element: writes the element at some indices, gives its register.
        flat: the same by its place in row-major order, where that is as cheap.
        weight: what an element costs, about, in additions; 0 for one that is only read.
        source: a transposed array in memory, for products: the array and the order of its axes.
        across: the axis along which a transposed operand's elements lie side by side, where it is not the last one.
    """

    dtype: DType
    sizes: Sequence[Index]
    element: Callable[[Sequence[Index]], str]
    flat: Callable[[Index], str] | None
    weight: int
    source: tuple[Array, tuple[int, ...]] | None = None
    across: int | None = None


@dataclass(slots=True)
class Items:
    """A list: a buffer that other lists may share, and how many of its items are this list's."""

    buffer: str
    length: Index
    element_bytes: Index


@dataclass(slots=True)
class Handle:
    """A value that only the host knows, by its number in the host's table."""

    text: str


@dataclass(slots=True)
class Slot:
    """A variable's place: words in memory that hold its present value."""

    pointer: str
    assigned: bool = field(default=False)


Native = Scalar | Array | Lazy | Items | Handle | Slot
