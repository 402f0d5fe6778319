"""What a trace knows of each argument: the types that decide whether a call can share it."""

from __future__ import annotations

import enum
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from types import CellType, FunctionType, MethodType
from typing import Any

import numpy as np

from autograph.runtime.dims import Dim, SymbolicDim, evaluate, shape_text, solve, symbols_of
from autograph.runtime.dtypes import of_python_number
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable

Sizes = dict[str, int]


def is_tensor_leaf(leaf: Any) -> bool:
    """Whether an argument becomes an input of the graph."""
    return isinstance(leaf, Tensor | np.ndarray | np.generic)


def tensor_type(leaf: Any) -> TensorType:
    """The graph type of a tensor argument."""
    return leaf.type if isinstance(leaf, Tensor) else raw_type(leaf)


class LeafType:
    """The type of one argument leaf in a trace."""

    text: str

    @property
    def input(self) -> TensorType | None:
        """The type of the graph's input; None where the leaf stays a Python value of the trace."""
        return None

    def __repr__(self) -> str:
        return self.text

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        """Why a call's leaf does not fit, or None. `sizes` collects what symbols stand for in this call."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class TensorLeaf(LeafType):
    """A tensor of some dtype and, perhaps symbolic, shape."""

    type: TensorType

    @property
    def input(self) -> TensorType:
        return self.type

    @property
    def text(self) -> str:  # type: ignore[override]
        return str(self.type)

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        if not is_tensor_leaf(leaf):
            return f"was a tensor {self.type}, is a {type(leaf).__name__}"
        got = tensor_type(leaf)
        if got.dtype is not self.type.dtype or got.weak != self.type.weak:
            return f"dtype was {_dtype_text(self.type)}, is {_dtype_text(got)}"
        if got.rank != self.type.rank:
            return f"number of dimensions was {self.type.rank}, is {got.rank}"
        for axis, (want, size) in enumerate(zip(self.type.shape, got.shape, strict=True)):
            if want != size and not _binds(want, size, sizes):
                return f"size {axis} was {shape_text((want,))[1:-1]}, is {size}"
        return None


def _dtype_text(type_: TensorType) -> str:
    return f"weak {type_.dtype.name}" if type_.weak else type_.dtype.name


def _binds(want: Dim, size: Dim, sizes: Sizes) -> bool:
    """Whether a symbolic size can be this number (a symbol stands for 2 and more), the other sizes given."""
    if isinstance(want, int) or isinstance(size, SymbolicDim):
        return False
    found = solve(want, size, sizes)
    if found is not None and found[0] not in sizes:
        if found[1] < 2:
            return False
        sizes[found[0]] = found[1]
    return all(name in sizes for name in symbols_of(want)) and evaluate(want, sizes) == size


@dataclass(frozen=True, repr=False)
class NumberInput(LeafType):
    """A Python number whose value is an input of the graph: a weak scalar (zeros of floats keep their own traces)."""

    python_type: type

    @property
    def input(self) -> TensorType:
        return TensorType(of_python_number(self.python_type(0)), (), True)

    @property
    def text(self) -> str:  # type: ignore[override]
        return f"any {self.python_type.__name__}"

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        fits = type(leaf) is self.python_type and not is_float_zero(leaf)
        return None if fits else f"was any {self.python_type.__name__}, is {_short(leaf)}"


@dataclass(frozen=True, eq=False, repr=False)
class Literal(LeafType):
    """A Python value that the trace took as it was: a number, a string, None, an enum, a class, a function."""

    value: Any

    @property
    def text(self) -> str:  # type: ignore[override]
        return _short(self.value)

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        return None if same_literal(self.value, leaf) else f"was {_short(self.value)}, is {_short(leaf)}"


@dataclass(frozen=True, eq=False, repr=False)
class ObjectLeaf(LeafType):
    """Any other object, known by identity and not kept alive."""

    reference: Callable[[], Any]
    text: str

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        return None if self.reference() is leaf else f"was another object, {self.text}; is {_short(leaf)}"


@dataclass(frozen=True, repr=False)
class SpecLeaf(LeafType):
    """An object whose class says what calls may share: `__autograph_spec__()` gives an equal value."""

    cls: type
    spec: Any

    @property
    def text(self) -> str:  # type: ignore[override]
        return f"{self.cls.__name__} {self.spec!r}"

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        if type(leaf) is not self.cls:
            return f"was a {self.cls.__name__}, is {_short(leaf)}"
        spec = _spec_of(leaf)
        return None if spec == self.spec else f"its __autograph_spec__() was {self.spec!r}, is {spec!r}"


def _spec_of(leaf: Any) -> Any:
    return leaf.__autograph_spec__()


@dataclass(frozen=True, eq=False, repr=False)
class FunctionLeaf(LeafType):
    """A function: its code, defaults and what its cells hold; or a method of an object."""

    code: Any
    parts: tuple[LeafType, ...]
    text: str

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        code, parts = _function_parts(leaf) if isinstance(leaf, FunctionType | MethodType) else (None, ())
        if code is not self.code or len(parts) != len(self.parts):
            return f"was {self.text}, is {_short(leaf)}"
        for known, part in zip(self.parts, parts, strict=True):
            why = known.mismatch(part, sizes)
            if why is not None:
                return f"{self.text} holds another value: {why}"
        return None


def _function_parts(function: FunctionType | MethodType) -> tuple[Any, list[Any]]:
    if isinstance(function, MethodType):
        code, parts = _function_parts(function.__func__) if isinstance(function.__func__, FunctionType) else (None, [])
        return code or function.__func__, [function.__self__, *parts]
    cells = [_cell_value(cell) for cell in function.__closure__ or ()]
    named = sorted((function.__kwdefaults__ or {}).items())
    return function.__code__, [*(function.__defaults__ or ()), *[value for _, value in named], *cells]


def _cell_value(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # an empty cell
        return None


@dataclass(frozen=True, repr=False)
class VariableLeaf(LeafType):
    """A variable of some dtype and shape, which the call supplies."""

    type: TensorType

    @property
    def text(self) -> str:  # type: ignore[override]
        return f"variable {self.type}"

    def mismatch(self, leaf: Any, sizes: Sizes) -> str | None:
        if not isinstance(leaf, Variable):
            return f"was a variable, is {_short(leaf)}"
        return None if leaf.type == self.type else f"was a variable {self.type}, is one {leaf.type}"


def leaf_type(leaf: Any) -> LeafType:
    """The exact type of a call's leaf."""
    if is_tensor_leaf(leaf):
        return TensorLeaf(tensor_type(leaf))
    if isinstance(leaf, Variable):
        return VariableLeaf(leaf.type)
    if is_literal(leaf) or isinstance(leaf, type):
        return Literal(leaf)
    if isinstance(leaf, FunctionType | MethodType):
        code, parts = _function_parts(leaf)
        return FunctionLeaf(code, tuple([_part_type(part) for part in parts]), _short(leaf))
    if hasattr(type(leaf), "__autograph_spec__"):
        return SpecLeaf(type(leaf), _spec_of(leaf))
    return ObjectLeaf(reference(leaf), _short(leaf))


def _part_type(part: Any) -> LeafType:
    """A tensor or variable in a cell is one certain object: the graph captured it."""
    return (
        ObjectLeaf(reference(part), _short(part))
        if is_tensor_leaf(part) or isinstance(part, Variable)
        else leaf_type(part)
    )


def is_literal(value: Any) -> bool:
    """Whether a value is known by what it is, not by which object it is."""
    return value is None or isinstance(value, (*PYTHON_NUMBERS, str, bytes, enum.Enum, np.dtype)) or value is Ellipsis


def same_literal(a: Any, b: Any) -> bool:
    """Whether two values are the same to a trace: 1, 1.0 and True are not, nor 0.0 and -0.0."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, float | complex):
        return repr(a) == repr(b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same_literal, a, b))
    return is_literal(a) and bool(a == b)


def is_float_zero(value: Any) -> bool:
    """Whether a number is 0.0 or -0.0, which code can tell apart in ways that a graph's input does not show."""
    return type(value) is float and value == 0


def reference(obj: Any) -> Callable[[], Any]:
    """A weak reference where the object allows one."""
    try:
        return weakref.ref(obj)
    except TypeError:
        return lambda: obj


def _short(value: Any) -> str:
    text = repr(value) if is_literal(value) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
