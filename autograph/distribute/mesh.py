"""Grids of devices with named axes, and steps whose batch is split over them."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograph.backends.xla import require_jax
from autograph.errors import DeviceError, ShapeError
from autograph.runtime.device_tensor import DeviceTensor
from autograph.runtime.placement import within
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor

_names: dict[Any, str] = {}  # of JAX's meshes: equal ones share their programs
_current: ContextVar[Mesh | None] = ContextVar("autograph_mesh", default=None)


def _meshes() -> Any:
    require_jax("a mesh of devices")
    return importlib.import_module("autograph.backends.xla.meshes")


class Mesh:
    """Devices in a grid whose axes have names.

    Args:
        shape: the size of each axis, by name; one axis "batch" of all devices by default.
        devices: names of `ag.config.list_devices()`, all by default (of all processes, if there are several).

    Raises:
        DeviceError: the grid has another number of places than there are devices, or a device is not there.
        MissingExtraError: JAX is not installed, or too old.

    Example:
        >>> import autograph as ag
        >>> mesh = ag.distribute.Mesh({"batch": 1}, ["cpu:0"])
        >>> scale = ag.Variable(2.0)
        >>> with mesh.data_parallel():
        ...     print(ag.function(lambda x: ag.ops.sum(x * scale))(ag.constant([1.0, 2.0])))
        6.0
    """

    def __init__(self, shape: Mapping[str, int] | None = None, devices: Sequence[str] | None = None) -> None:
        _require_devices(devices or ())
        count = _meshes().device_count() if devices is None else len(devices)
        self.shape = dict(shape) if shape is not None else {"batch": count}
        if not self.shape or min(self.shape.values()) < 1:
            refuse(DeviceError, f"a mesh cannot have the shape {self.shape}", "give each axis a size of 1 or more")
        if math.prod(self.shape.values()) != count:
            refuse(
                DeviceError,
                f"a mesh {self.shape} has {math.prod(self.shape.values())} places for {count} devices",
                "give sizes whose product is the number of devices",
            )
        self.mesh: Any = _meshes().jax_mesh(self.shape, devices)
        self._name = _names.setdefault(self.mesh, f"mesh:{len(_names)}")

    @contextmanager
    def data_parallel(self, axis: str | None = None) -> Iterator[None]:
        """Splits the batch of the functions that are called inside a `with` block.

        Arguments whose first size the mesh divides are split along it, variables are the same on all devices, and XLA
        adds up what the parts give: results are those of one device, up to rounding.

        Args:
            axis: the axis of the mesh to split along; the first by default.
        """
        along = next(iter(self.shape)) if axis is None else axis
        if along not in self.shape:
            refuse(DeviceError, f"the mesh has no axis {along!r}", f"use one of {', '.join(map(repr, self.shape))}")
        name = f"{self._name} by {along}"
        _meshes().register(name, self.mesh, along)
        token = _current.set(self)
        try:
            with within(name):
                yield
        finally:
            _current.reset(token)

    def __repr__(self) -> str:
        return f"Mesh({self.shape})"


def _require_devices(devices: Sequence[str]) -> None:
    known = _meshes().names()
    for name in devices:
        if name not in known:
            refuse(DeviceError, f"a mesh has no place for {name!r}", f"use {', '.join(map(repr, known))}")
    if len(set(devices)) < len(devices):
        refuse(DeviceError, f"a mesh names a device twice: {', '.join(devices)}", "name each once")


def shard(tensor: Any, spec: Sequence[str | None], mesh: Mesh | None = None) -> Tensor:
    """A tensor split over the devices of a mesh.

    Args:
        tensor: the tensor.
        spec: for each of its axes the name of the mesh's axis that it is split along, or None.
        mesh: the mesh; that of the `with` block by default.

    Returns:
        The tensor, each part on its device.

    Raises:
        DeviceError: there is no mesh, or it has no axis of that name.
        ShapeError: a size is not a multiple of the parts.

    Example:
        >>> import autograph as ag
        >>> mesh = ag.distribute.Mesh({"batch": 1}, ["cpu:0"])
        >>> ag.distribute.shard(ag.ops.ones((2, 3)), ("batch", None), mesh).shape
        (2, 3)
    """
    chosen = _current.get() if mesh is None else mesh
    if chosen is None:
        refuse(DeviceError, "shard needs a mesh", "pass mesh=..., or call it inside `with mesh.data_parallel():`")
    value = tensor if isinstance(tensor, Tensor) else Tensor(tensor)
    for axis, name in enumerate(spec):
        if name is not None and name not in chosen.shape:
            refuse(DeviceError, f"{chosen} has no axis {name!r}", f"use {', '.join(map(repr, chosen.shape))} or None")
        if axis >= value.ndim or (name is not None and value.shape[axis] % chosen.shape[name]):
            refuse(
                ShapeError,
                f"a tensor {value.type} cannot be split as {tuple(spec)} over {chosen}",
                "give an entry an axis at most, and sizes that are multiples of the parts",
            )
    raw = value.array if type(value) is DeviceTensor else value._value
    return DeviceTensor(_meshes().sharded(raw, chosen.mesh, tuple(spec)))
