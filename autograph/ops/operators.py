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
    complex_parts,
    contraction,
    devices,
    exponential,
    extents,
    floating,
    indexing,
    logic,
    namespace,
    reductions,
    rounding,
    shape,
    statistics,
    trigonometry,
)
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
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

# NumPy functions that take a tensor among their operands give tensors, through these.
_UFUNCS: dict[Any, Callable[..., Any]] = {
    getattr(np, numpy_name): getattr(family, name)
    for family, names in (
        (arithmetic, {
            "add": "add", "subtract": "subtract", "multiply": "multiply", "true_divide": "divide",
            "floor_divide": "floor_divide", "remainder": "remainder", "power": "pow", "negative": "negative",
            "positive": "positive", "absolute": "abs", "sign": "sign", "square": "square", "maximum": "maximum",
            "minimum": "minimum",
        }),
        (comparison, {
            name: name for name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
        }),
        (complex_parts, {"conjugate": "conj"}),
        (exponential, {name: name for name in ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt")}),
        (floating, {
            "hypot": "hypot", "copysign": "copysign", "logaddexp": "logaddexp", "nextafter": "nextafter",
            "signbit": "signbit", "reciprocal": "reciprocal",
        }),
        (logic, {
            "logical_and": "logical_and", "logical_or": "logical_or", "logical_xor": "logical_xor",
            "logical_not": "logical_not", "bitwise_and": "bitwise_and", "bitwise_or": "bitwise_or",
            "bitwise_xor": "bitwise_xor", "invert": "bitwise_invert", "left_shift": "bitwise_left_shift",
            "right_shift": "bitwise_right_shift", "isfinite": "isfinite", "isinf": "isinf", "isnan": "isnan",
        }),
        (rounding, {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "rint": "round"}),
        (trigonometry, {
            "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
            "arctan2": "atan2", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh",
            "arccosh": "acosh", "arctanh": "atanh",
        }),
        (contraction, {"matmul": "matmul", "vecdot": "vecdot"}),
    )
    for numpy_name, name in names.items()
    if hasattr(np, numpy_name)
}  # fmt: skip


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
    self._value = indexing.setitem(Tensor(self._value), key, value)._value
    if trace is not None:
        trace.settle(self)


def _set_variable_item(self: Variable, key: Any, value: Any) -> None:
    self.assign(indexing.setitem(self.value(), key, value))


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


def _array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    function = _UFUNCS.get(ufunc)
    if method != "__call__" or kwargs or function is None:
        refuse(
            GraphTensorError,
            f"np.{ufunc.__name__} on a tensor",
            "use the function of ag.ops, or convert with .numpy() outside staged functions",
        )
    return function(*inputs)


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
    _put(cls, "__array_ufunc__", _array_ufunc)


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
