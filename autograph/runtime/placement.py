"""Where values are put: the device that a `with` block names, and what the backends with devices offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np

from autograph.errors import DeviceError
from autograph.runtime.apply import device_ops
from autograph.runtime.context import Context, current, use
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.op import Op
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.variable import Variable

HOST = "cpu"
_Host = (np.ndarray, np.generic, *PYTHON_NUMBERS)


class Devices(Protocol):
    """What a backend with devices offers."""

    def names(self) -> list[str]:
        """The devices that are there."""
        ...

    def backend_on(self, device: str) -> str:
        """The name of the backend that runs graphs on a device."""
        ...

    def put(self, array: Any, device: str) -> Any:
        """An array on a device."""
        ...

    def copy(self, array: Any, like: Any) -> Any:
        """A copy of an array where another is."""
        ...

    def from_dlpack(self, array: Any, copy: bool | None) -> Any:
        """Another library's array on a device, as an array of the same memory."""
        ...

    def is_array(self, value: Any) -> bool:
        """Whether a value is an array of the devices, as tensors hold it."""
        ...

    def device_of(self, array: Any) -> str:
        """The device that an array is on."""
        ...

    def apply(self, op: Op, operands: Sequence[Any], attrs: dict[str, Any]) -> Any:
        """An op on tensors of a device, run there."""
        ...


class _State:
    """Whether values may live on devices, so that ops have to look."""

    used = False
    devices: Devices | None = None


state = _State()
_device: ContextVar[str | None] = ContextVar("autograph_device", default=None)


def register_devices(devices: Devices) -> None:
    """Makes devices known."""
    state.devices = devices


def list_devices() -> list[str]:
    """The devices that values can live on: the host's memory, and those of JAX, if that is installed.

    Returns:
        Their names: "cpu" for the host, then the likes of "cpu:0", "gpu:0", "tpu:3".

    Example:
        >>> import autograph as ag
        >>> "cpu" in ag.config.list_devices()
        True
    """
    return [HOST, *([] if state.devices is None else state.devices.names())]


def require_device(device: Any) -> None:
    """Refuses devices that do not exist; None stands for the default.

    Raises:
        DeviceError: there is no such device.
    """
    if device is None or device == HOST:
        return
    known = list_devices()
    if device not in known:
        refuse(DeviceError, f"there is no device {device!r}", f"use one of {', '.join(map(repr, known))}")


def begin() -> None:
    """Makes creation functions and ops look for devices from now on: eager ops run where their operands are."""
    state.used = True
    if state.devices is not None:
        device_ops.wanted, device_ops.run = lives_on_device, state.devices.apply
        device_ops.place, device_ops.copy = _place_variable, state.devices.copy


def current_device() -> str | None:
    """The device that the innermost `with ag.device(...)` names, None outside of these."""
    return _device.get()


@contextmanager
def device(name: str) -> Iterator[None]:
    """Puts what is made inside a `with` block on a device: tensors, variables, and what functions compute.

    Args:
        name: of `ag.config.list_devices()`; "cpu" is the host.

    Raises:
        DeviceError: there is no such device.

    Example:
        >>> import autograph as ag
        >>> with ag.device("cpu"):
        ...     x = ag.constant([1.0, 2.0])
        >>> x.device
        'cpu'
    """
    require_device(name)
    with within(name):
        yield


@contextmanager
def within(name: str) -> Iterator[None]:
    """Makes a device, or a mesh of them, the one of a `with` block; its name is known."""
    if name != HOST:
        begin()
    token = _device.set(name)
    context = current()
    try:
        # A context, be it an empty one, sends calls of functions on the way that asks for the device.
        with use(Context(None) if context is None else context):
            yield
    finally:
        _device.reset(token)


def put(array: Any, name: str) -> Any:
    """A raw array on a device."""
    assert state.devices is not None
    return state.devices.put(array, name)


def imported(array: Any, copy: bool | None) -> DeviceTensor:
    """A tensor of another library's array that lives on a device.

    Raises:
        DeviceError: there are no such devices.
    """
    if state.devices is None or not state.devices.names():
        what = f"a {type(array).__name__} lives on a device, and there are none here"
        refuse(DeviceError, what, "install the extra xla-cuda, or bring the array to the host")
    begin()
    return DeviceTensor(state.devices.from_dlpack(array, copy))


def adopted(value: Any) -> DeviceTensor | None:
    """A tensor that holds a value as it is; None where the value is no array of the devices."""
    return DeviceTensor(value) if state.devices is not None and state.devices.is_array(value) else None


def placed(tensor: Any, name: str | None = None) -> Any:
    """A tensor on a device: the named one, else that of the `with` block."""
    if name is None:
        name = _device.get() if state.used else None
    if name is None or _is_mesh(name) or not isinstance(tensor, Tensor) or tensor.is_graph:
        return tensor
    if name == HOST:
        return Tensor(tensor._value) if type(tensor) is DeviceTensor else tensor
    if tensor.type.weak:
        return tensor
    begin()
    return DeviceTensor(put(tensor.array if type(tensor) is DeviceTensor else tensor._value, name))


def _place_variable(array: Any) -> Any:
    """The first value of a variable, where the `with` block says."""
    name = _device.get()
    return array.copy() if name is None or name == HOST or _is_mesh(name) else put(array, name)


def _is_mesh(name: str) -> bool:
    """Whether a name stands for several devices, which functions alone run on."""
    return name.startswith("mesh:")


def device_of(tensor: Tensor) -> str:
    """The name of the device that a tensor lives on."""
    if type(tensor) is DeviceTensor and state.devices is not None and not isinstance(tensor.array, _Host):
        return state.devices.device_of(tensor.array)
    return HOST


def lives_on_device(operands: Sequence[Any]) -> bool:
    """Whether one of the operands does."""
    return any(
        not isinstance(x.array, _Host) if type(x) is DeviceTensor else type(x) is Variable and x.is_on_device
        for x in operands
    )
