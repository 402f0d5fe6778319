"""Where tensors live: the names of devices, and moves between them."""

from __future__ import annotations

from typing import Any

from autograph.errors import DeviceError
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor

CPU = "cpu"
DEVICES = (CPU,)


def require_device(device: Any) -> None:
    """Refuses devices that do not exist; None stands for the default.

    Raises:
        DeviceError: there is no such device.
    """
    if device is not None and device not in DEVICES:
        refuse(DeviceError, f"there is no device {device!r}", f"use one of {', '.join(map(repr, DEVICES))}")


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
    return CPU


def to_device(x: Tensor, device: Any, /, *, stream: Any = None) -> Tensor:
    """A tensor on another device.

    Args:
        x: tensor.
        device: the name of the device.
        stream: None; the CPU has no streams.

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
    return x
