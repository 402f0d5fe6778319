"""Python's operators on tensors and variables: `install` puts them on the classes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from autograph.errors import GraphTensorError, TensorUseError
from autograph.ops import (
    arithmetic,
    casts,
    comparison,
    contraction,
    creation,
    devices,
    extents,
    indexing,
    joining,
    logic,
    namespace,
    numpy_protocol,
    reductions,
    rounding,
    shape,
    statistics,
)
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import DType
from autograph.runtime.op import Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.variable import Variable

_BINARY = {
    "add": arithmetic.add_op,
    "sub": arithmetic.subtract_op,
    "mul": arithmetic.multiply_op,
    "truediv": arithmetic.divide_op,
    "floordiv": arithmetic.floor_divide_op,
    "mod": arithmetic.remainder_op,
    "pow": arithmetic.pow_op,
    "and": logic.bitwise_and_op,
    "or": logic.bitwise_or_op,
    "xor": logic.bitwise_xor_op,
    "lshift": logic.bitwise_left_shift_op,
    "rshift": logic.bitwise_right_shift_op,
}
_COMPARISONS = {
    "eq": comparison.equal_op,
    "ne": comparison.not_equal_op,
    "lt": comparison.less_op,
    "le": comparison.less_equal_op,
    "gt": comparison.greater_op,
    "ge": comparison.greater_equal_op,
}
_UNARY = {
    "neg": arithmetic.negative_op,
    "pos": arithmetic.positive_op,
    "abs": arithmetic.abs_op,
    "invert": logic.bitwise_invert_op,
}
_OPERANDS = (Tensor, *PYTHON_NUMBERS, np.ndarray, np.generic)


def _binary(op: Op, reflected: bool = False) -> Callable[[Any, Any], Any]:
    if reflected:

        def method(self: Any, other: Any) -> Any:
            return apply(op, other, self) if _is_operand(other) else NotImplemented

    else:

        def method(self: Any, other: Any) -> Any:
            return apply(op, self, other) if _is_operand(other) else NotImplemented

    return method


def _is_operand(other: Any) -> bool:
    return isinstance(other, _OPERANDS) or hasattr(other, "__autograph_tensor__")


def _unary(op: Op) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return apply(op, self)

    return method


def _matmul(self: Any, other: Any) -> Any:
    return contraction.matmul(self, other) if _is_operand(other) else NotImplemented


def _rmatmul(self: Any, other: Any) -> Any:
    return contraction.matmul(other, self) if _is_operand(other) else NotImplemented


def _divmod(self: Any, other: Any) -> Any:
    return (self // other, self % other) if _is_operand(other) else NotImplemented


def _rdivmod(self: Any, other: Any) -> Any:
    return (other // self, other % self) if _is_operand(other) else NotImplemented


def _getitem(self: Any, key: Any) -> Any:
    return indexing.getitem(self, key)


def _setitem(self: Tensor, key: Any, value: Any) -> None:
    trace = current_trace()
    if trace is not None:
        trace.touch(self)
    self.take(indexing.setitem(self.__copy__(), key, value))
    if trace is not None:
        trace.settle(self)
    else:
        self._kept = None


def _set_variable_item(self: Variable, key: Any, value: Any) -> None:
    self.assign(indexing.setitem(self.value(), key, value))


def _stacked(items: Any, dtype: DType) -> Any:
    if hasattr(items, "__autograph_list__") and items.__autograph_list__() is not None:
        return joining.stack(items)
    return joining.stack([_part(item, dtype) for item in items])


def _part(item: Any, dtype: DType) -> Any:
    if isinstance(item, list | tuple):
        return _stacked(item, dtype)
    return creation.asarray(item, dtype if type(item) in PYTHON_NUMBERS else None)


def _iter(self: Any) -> Any:
    if not self.ndim:
        refuse(TensorUseError, "iteration over a tensor without dimensions", "loop over range(n), or over a vector")
    size = self.type.shape[0]
    if not isinstance(size, int):
        refuse(
            GraphTensorError,
            f"code that is not converted iterates over a tensor whose size '{size}' is known at run time only",
            "iterate with a for statement in converted code",
        )
    return iter([self[index] for index in range(size)])


def _contains(self: Any, item: Any) -> bool:
    return bool(reductions.any(comparison.equal(self, item)))


def _round(self: Any, digits: int | None = None) -> Any:
    if digits is None:
        return rounding.round(self)
    return rounding.round(self * 10.0**digits) / 10.0**digits


def _array_namespace(self: Any, /, *, api_version: str | None = None) -> ModuleType:
    namespace.require_version(api_version)
    return sys.modules[__package__]


def _transposed(self: Any) -> Any:
    return shape.matrix_transpose(self)


def install() -> None:
    """Puts operators and methods on Tensor and Variable."""
    for cls in (Tensor, Variable):
        _install_operators(cls)
        _install_methods(cls)
    _put(Tensor, "__setitem__", _setitem)
    _put(Variable, "__setitem__", _set_variable_item)
    _put(Variable, "_stacked", staticmethod(_stacked))


def _install_operators(cls: Any) -> None:
    for name, op in _BINARY.items():
        _put(cls, f"__{name}__", _binary(op))
        _put(cls, f"__r{name}__", _binary(op, reflected=True))
    for name, op in _COMPARISONS.items():
        if cls is Variable and name in ("eq", "ne"):
            continue  # variables are compared by identity, so that they can be keys
        _put(cls, f"__{name}__", _binary(op))
    for name, op in _UNARY.items():
        _put(cls, f"__{name}__", _unary(op))
    _put(cls, "__matmul__", _matmul)
    _put(cls, "__rmatmul__", _rmatmul)
    _put(cls, "__divmod__", _divmod)
    _put(cls, "__rdivmod__", _rdivmod)
    _put(cls, "__round__", _round)
    _put(cls, "__array_ufunc__", numpy_protocol.array_ufunc)
    _put(cls, "__array_function__", numpy_protocol.array_function)


def _install_methods(cls: Any) -> None:
    _put(cls, "__getitem__", _getitem)
    _put(cls, "__iter__", _iter)
    _put(cls, "__contains__", _contains)
    _put(cls, "T", property(_transposed))
    _put(cls, "mT", property(_transposed))
    _put(cls, "size", property(extents.size))
    _put(cls, "device", property(devices.device))
    _put(cls, "to_device", devices.to_device)
    _put(cls, "__array_namespace__", _array_namespace)
    _put(cls, "__dlpack__", namespace.dlpack)
    _put(cls, "__dlpack_device__", namespace.dlpack_device)
    for function in (casts.astype, reductions.sum, statistics.mean, reductions.max, reductions.min, shape.reshape):
        _put(cls, function.__name__, _method(function))


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    method.__doc__ = function.__doc__ and function.__doc__.split("\n", 1)[0]
    return method


def _put(cls: Any, name: str, value: Any) -> None:
    if callable(value):
        value.__name__ = name
    setattr(cls, name, value)
