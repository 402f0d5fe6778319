"""Tensors whose value lives on a device; it comes to the host when something there asks for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.dtypes import DType, from_numpy
from autograph.runtime.tensor import Tensor
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
    def type(self) -> TensorType:
        """Dtype and shape."""
        return TensorType(from_numpy[self.array.dtype], self.array.shape)

    @property
    def dtype(self) -> DType:
        """The element type."""
        return from_numpy[self.array.dtype]

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes."""
        shape: tuple[int, ...] = self.array.shape
        return shape

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.array.shape)
