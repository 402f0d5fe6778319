"""Where tensors live: moves between devices, and functions that make tensors there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from autograph.errors import DeviceError
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.placement import HOST, device_of, placed, require_device, state
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor

Made = TypeVar("Made", bound=Callable[..., Any])


def on_device(function: Made) -> Made:
    """Makes a function with an argument `device` put what it makes there, or on the device of the `with` block."""

    @functools.wraps(function)
    def run(*args: Any, device: Any = None, **kwargs: Any) -> Any:
        if device is None and not state.used:
            return function(*args, **kwargs)
        require_device(device)
        return placed(function(*args, **kwargs), device)

    return cast(Made, run)


def device_beside(x: Any) -> str | None:
    """The one device that a tensor lives on, if that is not the host."""
    name = device_of(x) if type(x) is DeviceTensor else HOST
    return None if name == HOST or "," in name else name


def device(x: Any) -> str:
    """The device that a tensor lives on.

    Args:
        x: tensor.

    Returns:
        The device's name.

    Example:
        >>> import autograph as ag
        >>> ag.constant([1.0]).device
        'cpu'
    """
    return device_of(x) if isinstance(x, Tensor) else HOST


def to_device(x: Tensor, device: Any, /, *, stream: Any = None) -> Tensor:
    """A tensor on another device.

    Args:
        x: tensor.
        device: the name of the device.
        stream: None; devices have no streams here.

    Returns:
        The tensor itself, if it is there already.

    Raises:
        DeviceError: there is no such device or stream.

    Example:
        >>> import autograph as ag
        >>> ag.constant([1.0]).to_device("cpu").numpy()
        array([1.], dtype=float32)
    """
    require_device(device)
    if stream is not None:
        refuse(DeviceError, f"device {device!r} has no stream {stream!r}", "leave stream out")
    moved: Tensor = placed(x, device)
    return moved
