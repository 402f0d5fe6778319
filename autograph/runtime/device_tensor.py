"""Tensors whose value lives on a device; it comes to the host when something there asks for it."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from autograph.runtime.dtypes import DType, from_numpy
from autograph.runtime.ir import Value
from autograph.runtime.tensor import Tensor, raw_type
from autograph.runtime.types import TensorType


@functools.lru_cache(1024)
def shared_type(dtype: np.dtype[Any], shape: tuple[int, ...]) -> TensorType:
    """The type of arrays, mostly one object, so that types may be compared by identity before anything else."""
    return TensorType(from_numpy[dtype], shape)


class DeviceTensor(Tensor):
    """A tensor with its value on a device.

    Args:
        array: the device's array: it has `dtype`, `shape` and `__array__`, and may still be computed.
    """

    __slots__ = ("_host", "_type", "array")
    _type: TensorType | None

    def __init__(self, array: Any) -> None:
        self.array = array
        self._host: Any = None
        self._type = None

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
        self._type = None

    @property
    def held(self) -> Any:
        """The device's array."""
        return self.array

    def take(self, other: Tensor) -> None:
        """Gives the handle the value of another, where that lives."""
        if isinstance(other, DeviceTensor):
            self.array, self._host, self._type = other.array, other._host, other._type
        else:
            self._value = other._value

    def __copy__(self) -> DeviceTensor:
        made = DeviceTensor(self.array)
        made._host, made._type = self._host, self._type
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
        found = self._type
        if found is None:
            array = self.array
            found = shared_type(array.dtype, array.shape) if hasattr(array, "dtype") else raw_type(array)
            self._type = found
        return found

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
