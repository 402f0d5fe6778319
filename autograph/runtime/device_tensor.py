"""Tensors whose value lives on a device; it comes to the host when something there asks for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.dtypes import DType, from_numpy
from autograph.runtime.ir import Value
from autograph.runtime.tensor import Tensor, raw_type
from autograph.runtime.types import TensorType


class DeviceTensor(Tensor):
    """A tensor with its value on a device.

    Args:
        array: the device's array: it has `dtype`, `shape` and `__array__`, and may still be computed.
    """

    __slots__ = ("_host", "array")

    def __init__(self, array: Any) -> None:
        self.array = array
        self._host: Any = None

    @property
    def _value(self) -> Any:
        """The value on the host."""
        if self._host is None:
            self._host = np.asarray(self.array)
        return self._host

    @_value.setter
    def _value(self, value: Any) -> None:
        """Gives the handle another value, on the host."""
        self._host = self.array = value

    @property
    def held(self) -> Any:
        """The device's array."""
        return self.array

    def take(self, other: Tensor) -> None:
        """Gives the handle the value of another, where that lives."""
        if isinstance(other, DeviceTensor):
            self.array, self._host = other.array, other._host
        else:
            self._value = other._value

    def __copy__(self) -> DeviceTensor:
        made = DeviceTensor(self.array)
        made._host = self._host
        return made

    def __deepcopy__(self, memo: Any) -> DeviceTensor:
        return self.__copy__()

    @property
    def is_graph(self) -> bool:
        """Whether this is a value of a graph being traced: staged code has given the handle one."""
        return type(self._host) is Value

    @property
    def type(self) -> TensorType:
        """Dtype and shape."""
        array = self.array
        return TensorType(from_numpy[array.dtype], array.shape) if hasattr(array, "dtype") else raw_type(array)

    @property
    def dtype(self) -> DType:
        """The element type."""
        return self.type.dtype

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes."""
        return super().shape if self.is_graph else self.type.shape

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self.type.rank
