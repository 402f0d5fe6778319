"""Variables: tensors with a value that changes, read and written by graphs through references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from autograph.errors import AutoGraphError, DTypeError, ShapeError, message
from autograph.runtime.apply import apply, device_ops, raw_operand, unshared
from autograph.runtime.context import current
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.dtypes import DType, as_dtype
from autograph.runtime.ir import Value
from autograph.runtime.location import user_line
from autograph.runtime.locking import locked
from autograph.runtime.promotion import promote_types
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import assign_op, cast_op, read_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor, raw_type
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType


class Variable:
    """A tensor whose value can be assigned: a weight, a running mean, a counter.

    Args:
        initial_value: tensor, array or number; its shape and dtype stay the variable's. Python floats make
            float32, ints int64.
        trainable: whether `Module.trainable_variables` and tapes count it.
        name: what to call it in graphs.
        dtype: element type, if not the initial value's.

    Example:
        >>> import autograph as ag
        >>> v = ag.Variable([1.0, 2.0])
        >>> v.assign_add([1.0, 1.0]).numpy()
        array([2., 3.], dtype=float32)
    """

    __slots__ = ("__weakref__", "_raw", "_turn", "name", "trainable", "type")
    __array_priority__ = 1000
    __hash__ = object.__hash__
    # One tensor of a list with tensors, and numbers that get the dtype, seen by traces and tapes; ops set it.
    _stacked: ClassVar[Callable[[Any, DType], Tensor]]

    def __init__(self, initial_value: Any, trainable: bool = True, name: str = "", dtype: Any = None) -> None:
        context = current()
        trace = None if context is None else context.trace
        array = to_array(initial_value, dtype) if trace is None else trace.initial_value(self, initial_value, dtype)
        self._raw: Any = array.copy() if device_ops.place is None or trace is not None else device_ops.place(array)
        self.type = TensorType(raw_type(array).dtype, array.shape)
        self.name = name
        self.trainable = trainable
        self._turn: int | None = None  # which lock keeps two calls from assigning it at once; backends give one

    @property
    def _value(self) -> Any:
        """The value on the host; a device may have it, and use its memory again when it assigns."""
        raw = self._raw
        if isinstance(raw, np.ndarray | np.generic):
            return raw
        with locked((self,)):  # a call in another thread may use the memory again
            return np.array(self._raw)

    @_value.setter
    def _value(self, raw: Any) -> None:
        self._raw = raw

    @property
    def dtype(self) -> DType:
        """The element type."""
        return self.type.dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes."""
        return self.type.shape

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.type.shape)

    def value(self) -> Tensor:
        """The present value as a tensor, which later assignments do not change."""
        context = current()
        if context is not None and context.trace is not None:
            trace = context.trace
            return Tensor(trace.record(read_op, (trace.variable(self),), {}, (self.type,))[0])
        if device_ops.place is not None and self.is_on_device:
            with locked((self,)):
                out: Tensor = DeviceTensor(device_ops.copy(self._raw, self._raw))  # assignments use its memory again
        else:
            out = Tensor(self._value)
        if context is None or not context.tapes:
            return out
        if type(out) is Tensor:
            out = Tensor(unshared(out._value, {id(out._value)}))
        for tape in context.tapes:
            tape.record(read_op, (self,), {}, (out,))
        return out

    @property
    def is_on_device(self) -> bool:
        """Whether the value lives on a device."""
        return not isinstance(self._raw, np.ndarray | np.generic | Value)

    __autograph_tensor__ = value

    def assign(self, value: Any) -> Variable:
        """Sets the value.

        Args:
            value: tensor, array or number of the variable's shape; a dtype that promotes to the variable's.

        Returns:
            The variable.

        Raises:
            ShapeError: the shape differs.
            DTypeError: the dtype does not promote to the variable's.
        """
        context = current()
        if context is not None and context.trace is not None:
            self._record_assign(context.trace, value)
            return self
        value = self._unlisted(value)
        tensor = value if isinstance(value, Tensor) else Tensor(_unaliased(value))
        self._check(tensor.type)
        if tensor.dtype is not self.dtype or tensor.type.weak:
            tensor = apply(cast_op, tensor, dtype=self.dtype)
        if context is not None:
            for tape in context.tapes:
                tape.record(assign_op, (self, tensor), {}, ())
        if not self.is_on_device:
            self._raw = tensor._value
            return self
        with locked((self,)):  # not in the midst of a call that assigns it in another thread
            self._raw = tensor._value if device_ops.place is None else device_ops.copy(tensor.held, self._raw)
        return self

    def _record_assign(self, trace: Trace, value: Any) -> None:
        value = self._unlisted(value)
        graph_value = trace.value(value if isinstance(value, Tensor | Variable) else raw_operand(value))
        assert isinstance(graph_value.type, TensorType)
        self._check(graph_value.type)
        cast = trace.cast(graph_value, self.dtype)
        trace.record(assign_op, (trace.variable(self), cast), {}, ())

    @property
    def _called(self) -> str:
        return f"variable {self.name!r}" if self.name else "a variable"

    def _check(self, type_: TensorType) -> None:
        if type_.shape != self.type.shape:
            refuse(
                ShapeError,
                f"a value of shape {type_.shape} is assigned to {self._called} of shape {self.type.shape}",
                "assign a value of the variable's shape (ag.ops.broadcast_to or reshape make one)",
            )
        fits = type_.weak and _kind_fits(type_, self.type)
        if not fits and promote_types(type_.dtype, self.dtype) is not self.dtype:
            refuse(
                DTypeError,
                f"a value of dtype {type_.dtype.name} is assigned to {self._called} of dtype {self.dtype.name}",
                f"cast it: ag.ops.astype(value, ag.{self.dtype.name})",
            )

    def _unlisted(self, value: Any) -> Any:
        """A list as one tensor; numbers in it take the variable's kind."""
        if not isinstance(value, list | tuple):
            return value
        if _has_tensors(value):
            return Variable._stacked(value, self.dtype)
        return Tensor(to_array(value, self.dtype))

    def assign_add(self, delta: Any) -> Variable:
        """Adds to the value; see `assign`."""
        return self.assign(self.value() + self._unlisted(delta))

    def assign_sub(self, delta: Any) -> Variable:
        """Subtracts from the value; see `assign`."""
        return self.assign(self.value() - self._unlisted(delta))

    def numpy(self) -> np.ndarray[Any, Any]:
        """A NumPy copy of the value."""
        return np.array(self.value().numpy())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return self.value().__array__(dtype, copy)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Variable({name}{self.value()!r})"

    def __str__(self) -> str:
        return str(self.value())

    def __format__(self, spec: str) -> str:
        return format(self.value(), spec)


def _unaliased(value: Any) -> Any:
    """The raw value of an operand; a copy of an array, which its owner may write to."""
    raw = raw_operand(value)
    return np.array(raw) if isinstance(value, np.ndarray) else raw


def _kind_fits(value: TensorType, target: TensorType) -> bool:
    order = ("bool", "int", "uint", "float", "complex")
    return order.index(value.dtype.kind) <= order.index(target.dtype.kind)


def to_array(value: Any, dtype: Any = None) -> np.ndarray[Any, Any]:
    """An array from a tensor, number, array or nested list; Python floats give float32, ints int64."""
    raw = value if isinstance(value, list | tuple) else raw_operand(value)
    if dtype is not None:
        wanted = as_dtype(dtype).numpy
        return _array(raw).astype(wanted) if _has_arrays(raw) else _array(raw, wanted)
    if isinstance(raw, np.ndarray | np.generic):
        return np.asarray(raw)
    array = _array(raw)
    if _has_arrays(raw):
        return array
    return array.astype({"float64": np.float32, "complex128": np.complex64}.get(array.dtype.name, array.dtype))


def _array(raw: Any, dtype: Any = None) -> np.ndarray[Any, Any]:
    plain = _plain(raw)
    try:
        array = np.asarray(plain, dtype)  # Python integers that do not fit in the dtype raise OverflowError
    except ValueError as error:
        if isinstance(error, AutoGraphError):
            raise
        refuse(ShapeError, "a nested list is ragged: its rows differ in length", "pad the rows, or keep them in a list")
    except TypeError:
        refuse(
            DTypeError, f"complex numbers do not fit in a tensor of {dtype}", "take a part: x.real, x.imag or abs(x)"
        )
    if array.dtype == object:
        raise OverflowError(message("a Python integer does not fit in 64 bits", user_line(), "use floats"))
    return array


def _plain(raw: Any) -> Any:
    if isinstance(raw, list | tuple):
        return [_plain(item) for item in raw]
    if type(raw) in PYTHON_NUMBERS or isinstance(raw, np.ndarray | np.generic):
        return raw
    return np.asarray(raw_operand(raw))


def _has_tensors(value: Any) -> bool:
    """Whether a list holds tensors, or is one that a staged loop has grown."""
    if isinstance(value, list | tuple):
        return hasattr(value, "__autograph_list__") or any(_has_tensors(item) for item in value)
    return hasattr(value, "__autograph_tensor__") or isinstance(value, Tensor)


def _has_arrays(raw: Any) -> bool:
    if isinstance(raw, list | tuple):
        return any(_has_arrays(item) for item in raw)
    return isinstance(raw, np.ndarray | np.generic | Tensor | Variable)
