"""The Tensor: a handle to an immutable value, eager or in a graph. `autograph.ops` installs its operators."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograph.errors import DTypeError, GraphTensorError, ShapeError, TensorUseError
from autograph.runtime.context import current_trace
from autograph.runtime.dims import SymbolicDim
from autograph.runtime.dtypes import DType, from_numpy, of_python_number
from autograph.runtime.ir import Value
from autograph.runtime.location import library_line
from autograph.runtime.refusal import refuse
from autograph.runtime.text import is_shown
from autograph.runtime.types import ListType, RefType, TensorType

PYTHON_NUMBERS = (bool, int, float, complex)
_ARRAYS = (np.ndarray, np.generic)


TRACED = ", in graph)"  # how a tensor that a graph computes ends in text


class Tensor:
    """An array value: computed already (eager), or a value of the graph being traced.

    The handle may be given a new value (`t[i] = v` does), the value itself never changes. A Python number behind
    the handle marks a weak scalar, which takes the dtype of what it meets. Make tensors with `ag.constant` or
    `ag.ops.asarray`.

    A backend may keep a copy of the value on its device in `_kept`, beside the value that it is a copy of. None says
    that there is no copy yet; a handle without the attribute may hold an array of the user's, of which none is kept.
    """

    __slots__ = ("__weakref__", "_kept", "_value")
    _kept: tuple[Any, ...] | None
    __array_priority__ = 1000

    def __init__(self, value: Any) -> None:
        self._value = value

    @property
    def held(self) -> Any:
        """What holds the value, wherever it lives: tapes tell values apart by these objects."""
        return self._value

    def take(self, other: Tensor) -> None:
        """Gives the handle the value of another, where that lives."""
        self._value = other._value

    @property
    def is_graph(self) -> bool:
        """Whether this is a value of a graph being traced, not yet a number."""
        return type(self._value) is Value

    @property
    def type(self) -> TensorType:
        """Dtype, shape and weak bit together."""
        return raw_type(self._value)

    @property
    def dtype(self) -> DType:
        """The element type."""
        value = self._value
        if isinstance(value, _ARRAYS):
            return from_numpy[value.dtype]
        return raw_type(value).dtype if type(value) is Value else of_python_number(value)

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes: ints, and scalar tensors for sizes that a graph knows at run time only."""
        value = self._value
        if isinstance(value, _ARRAYS):
            return value.shape
        if type(value) is not Value:
            return ()
        shape = raw_type(value).shape
        trace = current_trace()
        return shape if trace is None else tuple([trace.size(dim) for dim in shape])

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        value = self._value
        return value.ndim if isinstance(value, _ARRAYS) else len(raw_type(value).shape)

    def numpy(self) -> np.ndarray[Any, Any]:
        """A NumPy copy of the value.

        Raises:
            GraphTensorError: the tensor is a value of a graph being traced.
        """
        return np.array(self._concrete("numpy()"))

    def item(self) -> bool | int | float | complex:
        """The one element as a Python number.

        Raises:
            GraphTensorError: the tensor is a value of a graph being traced.
            ValueError: the tensor has more than one element.
        """
        raw = self._concrete("item()")
        return raw if isinstance(raw, PYTHON_NUMBERS) and not isinstance(raw, np.generic) else raw.item()

    def _concrete(self, asked: str) -> Any:
        if type(self._value) is Value:
            refuse_unknown(self._value, asked)
        return self._value

    def __bool__(self) -> bool:
        raw = self._concrete("bool()")
        if isinstance(raw, np.ndarray) and raw.size != 1:
            refuse_ambiguous(self.type)
        return bool(raw)

    def __int__(self) -> int:
        return int(self._concrete("int()"))

    def __float__(self) -> float:
        return float(self._concrete("float()"))

    def __complex__(self) -> complex:
        return complex(self._concrete("complex()"))

    def __index__(self) -> int:
        raw = self._concrete("a Python index or count")
        if not self.dtype.is_integer or self.type.shape:
            refuse(
                TensorUseError,
                f"a tensor {self.type} is used as an index or a count, which only an integer scalar can be",
                "cast it: ag.ops.astype(i, ag.int64)",
            )
        return int(raw)

    def __hash__(self) -> int:  # noqa: PLE0309 (raises)
        refuse(
            TensorUseError,
            "a tensor is used as a key or an element of a set, but tensors are compared by value (unhashable type)",
            "use a Python value as the key (x.item() outside staged functions), or look it up in a tensor: table[i]",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return Tensor, (self._concrete("pickling"),)

    def __copy__(self) -> Tensor:
        return Tensor(self._value)

    def __deepcopy__(self, memo: Any) -> Tensor:
        return Tensor(self._value)

    def __len__(self) -> int:
        shape = self.type.shape
        if not shape:
            refuse(TensorUseError, "len() of a tensor without dimensions", "use ag.ops.size(x) for its one element")
        if isinstance(shape[0], SymbolicDim):
            refuse(
                GraphTensorError,
                f"len() of a tensor whose size '{shape[0]}' is known at run time only",
                "use x.shape[0], which may stay a tensor",
            )
        return int(shape[0])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = np.asarray(self._concrete("conversion to a NumPy array"), dtype=dtype)
        if copy:
            return array.copy()
        view = array.view()
        view.flags.writeable = False
        return view

    def __repr__(self) -> str:
        if type(self._value) is Value:
            trace = current_trace()
            shown = trace is not None and is_shown()
            return trace.placeholder(self, "!r") if shown else f"Tensor({self._value.type}{TRACED}"  # type: ignore[union-attr]
        text = np.array2string(np.asarray(self._value), separator=", ", prefix="Tensor(")
        weak = ", weak" if self.type.weak else ""
        return f"Tensor({text}, shape={self.type.shape}, dtype={self.dtype.name}{weak})"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, spec: str) -> str:
        trace = current_trace()
        if type(self._value) is Value and trace is not None:
            return trace.placeholder(self, spec)
        raw = self._value
        if isinstance(raw, np.ndarray) and raw.ndim == 0:
            raw = raw[()]
        return format(raw, spec) if spec else str(raw)


def refuse_unknown(value: Value, asked: str) -> NoReturn:
    """Refuses to give the value of a graph tensor to Python, naming the code that asks.

    Raises:
        GraphTensorError: always.
    """
    if current_trace() is None:
        refuse_leaked(value)
    library = library_line()
    asker = "" if library is None else f"; {library.function} in {library} asks, which is not converted"
    refuse(
        GraphTensorError,
        f"{asked} needs the value of a tensor that a graph computes ({value.type}), which is not known while the "
        f"function is traced{asker}",
        "ag.ops.where chooses between values; `if` and `while` are staged in converted code only, not in a library or "
        "under do_not_convert"
        if asked == "bool()"
        else "keep it a tensor, use the function of ag.ops, or pass a Python number as the argument",
    )


def refuse_leaked(value: Value) -> NoReturn:
    """Refuses a tensor of a trace that is over.

    Raises:
        GraphTensorError: always.
    """
    refuse(
        GraphTensorError,
        f"a tensor ({value.type}) is used after the trace that it belongs to: it stands for no value",
        "return it from the staged function instead of storing it",
    )


def refuse_ambiguous(type_: TensorType) -> NoReturn:
    """Refuses a tensor of several elements as a condition.

    Raises:
        ShapeError: always.
    """
    refuse(
        ShapeError,
        f"the truth of a tensor of shape {type_} is ambiguous: a condition needs one element",
        "use ag.ops.any(...) or ag.ops.all(...), or compare scalars",
    )


def raw_type(raw: Any) -> TensorType:
    """The tensor type of what a handle holds: an array, a Python number or a graph value."""
    if type(raw) is Value:
        type_ = raw.type
        if isinstance(type_, ListType | RefType):
            raise TypeError(f"a value of type {type_} is not a tensor")
        return type_
    if isinstance(raw, _ARRAYS):
        dtype = from_numpy.get(raw.dtype)
        if dtype is None:
            refuse(DTypeError, f"NumPy arrays of dtype {raw.dtype} cannot be tensors", "convert it to numbers first")
        return TensorType(dtype, raw.shape)
    if hasattr(raw, "refuse_use"):
        raw.refuse_use()  # staging has made the handle stale
    return TensorType(of_python_number(raw), (), True)
