"""What the array API standard asks of a namespace: its version, dtypes, devices, and exchange with others."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import DTypeError
from autograph.ops.creation import asarray
from autograph.ops.devices import on_device
from autograph.ops.dtype_functions import isdtype
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.dtypes import (
    DEFAULT_FLOAT,
    DEFAULT_INT,
    DType,
    bool_,
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)  # fmt: skip
from autograph.runtime.placement import HOST, imported, list_devices, require_device
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable

__array_api_version__ = "2025.12"
_OF_HOST = (1, 3)  # DLPack's numbers for the host's memory, and what of it a GPU may read
_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", __array_api_version__)
_DTYPES = {
    dtype.name.rstrip("_"): dtype
    for dtype in (
        *(bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64),
        *(float32, float64, complex64, complex128),
    )
}
_MAX_DIMENSIONS = 64  # NumPy's limit


class NamespaceInfo:
    """What `ag.ops` can do, in the words of the array API standard.

    Example:
        >>> import autograph as ag
        >>> ag.ops.__array_namespace_info__().default_device()
        'cpu'
    """

    def capabilities(self) -> dict[str, Any]:
        """Which optional behaviour there is."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": _MAX_DIMENSIONS}

    def default_device(self) -> str:
        """The device of tensors that name none."""
        return HOST

    def devices(self) -> list[str]:
        """All devices."""
        return list_devices()

    def default_dtypes(self, *, device: Any = None) -> dict[str, DType]:
        """The dtypes that functions give where none is asked for, by kind."""
        require_device(device)
        return {
            "real floating": DEFAULT_FLOAT,
            "complex floating": complex64,
            "integral": DEFAULT_INT,
            "indexing": DEFAULT_INT,
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, DType]:
        """The standard's dtypes by name; only those of a kind (as `isdtype` takes it), if one is given."""
        require_device(device)
        return {name: dtype for name, dtype in _DTYPES.items() if kind is None or isdtype(dtype, kind)}


def __array_namespace_info__() -> NamespaceInfo:  # noqa: N807 - the standard names it so
    """What `ag.ops` can do: devices, dtypes, optional behaviour."""
    return NamespaceInfo()


def require_version(version: str | None) -> None:
    """Refuses versions of the standard that are not provided.

    Raises:
        ValueError: it is another version.
    """
    if version is not None and version not in _VERSIONS:
        raise ValueError(f"array API version {version!r} is not provided; there are {', '.join(_VERSIONS)}")


@on_device
def from_dlpack(x: Any, /, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor that shares the memory of another library's array, through DLPack, on the device where that is.

    Args:
        x: an array with `__dlpack__`. It should not be written to afterwards.
        device: the device; that of the array where left out.
        copy: True for a copy always, False for an error instead of one.

    Returns:
        The tensor.

    Raises:
        BufferError: the array cannot be shared.
        DeviceError: the array lives on a device that is not there.

    Example:
        >>> import autograph as ag, numpy as np
        >>> ag.ops.from_dlpack(np.arange(3.0)).numpy()
        array([0., 1., 2.])
    """
    if isinstance(x, Tensor):
        return asarray(x, copy=copy)
    if not hasattr(x, "__dlpack__"):
        refuse(DTypeError, f"a {type(x).__name__} has no DLPack interface", "use ag.ops.asarray")
    if x.__dlpack_device__()[0] not in _OF_HOST:
        return imported(x, copy)
    return asarray(np.from_dlpack(x, copy=copy))


def dlpack(
    self: Tensor | Variable,
    *,
    stream: Any = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[Any, int] | None = None,
    copy: bool | None = None,
) -> Any:
    """The value as a DLPack capsule, shared read-only.

    DLPack before 1.0 cannot say that memory is read-only: a consumer of it gets a copy, or with `copy=False` the memory
    itself, to which it must not write.
    """
    there = _on_device(self)
    if there is not None:
        return there.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)
    array = np.asarray(self)
    if copy or max_version is None or max_version < (1, 0):
        array = np.asarray(self._value) if copy is False else array.copy()
        copy = None
    return array.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)


def dlpack_device(self: Tensor | Variable) -> tuple[int, int]:
    """The kind and number of the device in DLPack's terms."""
    there = _on_device(self)
    found: tuple[int, int] = (np.asarray(self) if there is None else there).__dlpack_device__()
    return found


def _on_device(x: Tensor | Variable) -> Any:
    """The device's array that holds a value, None for what the host's memory holds."""
    raw = x._raw if isinstance(x, Variable) else x.array if type(x) is DeviceTensor else None
    if raw is None or isinstance(raw, np.ndarray) or not hasattr(raw, "__dlpack_device__"):
        return None
    return None if raw.__dlpack_device__()[0] in _OF_HOST else raw
