"""The types of graph values: tensors, lists and references to variables."""

from __future__ import annotations

from dataclasses import dataclass

from autograph.runtime.dims import Dim, SymbolicDim, shape_text, symbols_of
from autograph.runtime.dtypes import DType


@dataclass(frozen=True, slots=True)
class TensorType:
    """Dtype and shape of a tensor; `weak` marks a number born in Python, which takes the dtype it meets."""

    dtype: DType
    shape: tuple[Dim, ...] = ()
    weak: bool = False

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def is_scalar(self) -> bool:
        return not self.shape

    def with_shape(self, shape: tuple[Dim, ...]) -> TensorType:
        return TensorType(self.dtype, shape, self.weak and not shape)

    def with_dtype(self, dtype: DType, weak: bool = False) -> TensorType:
        return TensorType(dtype, self.shape, weak)

    def strong(self) -> TensorType:
        return TensorType(self.dtype, self.shape)

    def __str__(self) -> str:
        return f"{'~' if self.weak else ''}{self.dtype.short}{shape_text(self.shape)}"


@dataclass(frozen=True, slots=True)
class ListType:
    """A list whose elements share a type (their symbolic sizes may differ from element to element)."""

    element: Type

    def __str__(self) -> str:
        return f"list[{self.element}]"


@dataclass(frozen=True, slots=True)
class RefType:
    """A reference to a variable's storage, or to a log; it occurs among a graph's parameters only."""

    value: TensorType | ListType

    def __str__(self) -> str:
        return f"ref {self.value}"


Type = TensorType | ListType | RefType


def is_inexact(type_: Type) -> bool:
    """Whether a value's numbers are floats, also those of a list or a reference."""
    held = type_.value if isinstance(type_, RefType) else type_
    return is_inexact(held.element) if isinstance(held, ListType) else held.dtype.is_inexact


def type_symbols(type_: Type) -> set[str]:
    """Names of the symbolic dimensions that a type mentions outside list elements.

    A list's elements may differ in size, so their symbols are bound anew by whoever takes an element out.
    """
    held = type_.value if isinstance(type_, RefType) else type_
    if isinstance(held, ListType):
        return set()
    return {name for dim in held.shape if isinstance(dim, SymbolicDim) for name in symbols_of(dim)}
