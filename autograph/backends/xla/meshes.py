"""Grids of devices: how the operands of a program lie on them; XLA splits the work accordingly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import numpy as np
from jax import sharding
from jax.sharding import NamedSharding

from autograph.backends.xla.device_names import devices_by_name
from autograph.backends.xla.kept_copies import moved
from autograph.backends.xla.program import placements
from autograph.runtime.locking import locked
from autograph.runtime.variable import Variable


def _spec(*names: str | None) -> Any:
    return sharding.PartitionSpec(*names)  # type: ignore[no-untyped-call]


class DataParallel:
    """Places operands for a step that splits its batch: arrays along their first axis, variables whole.

    Args:
        mesh: JAX's mesh.
        axis: the name of the mesh's axis that the batch is split along.
    """

    device = None

    def __init__(self, mesh: Any, axis: str) -> None:
        self._whole = NamedSharding(mesh, _spec())
        self._split = NamedSharding(mesh, _spec(axis))
        self._parts = mesh.shape[axis]

    def __call__(self, raws: Sequence[Any]) -> list[Any]:
        """The values where they belong; variables move there."""
        given = []
        for raw in raws:
            if isinstance(raw, Variable):
                with locked((raw,)):
                    if not _lies(raw._raw, self._whole):
                        raw._raw = on_mesh(raw._raw, self._whole)
                given.append(raw)
                continue
            given.append(self._placed(raw) if isinstance(raw, jax.Array | np.ndarray | np.generic) else raw)
        return given

    def _placed(self, raw: Any) -> Any:
        if isinstance(raw, jax.Array) and isinstance(raw.sharding, NamedSharding) and len(raw.devices()) > 1:
            return raw  # as the user has split it
        splits = raw.ndim and raw.shape[0] and raw.shape[0] % self._parts == 0
        return on_mesh(raw, self._split if splits else self._whole)


def _lies(raw: Any, sharding: NamedSharding) -> bool:
    return isinstance(raw, jax.Array) and raw.sharding.is_equivalent_to(sharding, raw.ndim)


def on_mesh(raw: Any, sharding: NamedSharding) -> Any:
    """An array on a mesh; every process of several has the whole of it."""
    with jax.enable_x64(True):
        if isinstance(raw, jax.Array) and raw.is_fully_addressable and jax.process_count() == 1:
            return moved(raw, sharding)
        host = np.asarray(raw)
        return jax.make_array_from_callback(host.shape, sharding, lambda index: host[index])


def jax_mesh(shape: Mapping[str, int], devices: Sequence[str] | None) -> Any:
    """JAX's mesh of some devices, all by default."""
    chosen = jax.devices() if devices is None else [devices_by_name()[name] for name in devices]
    return jax.sharding.Mesh(np.array(chosen).reshape(tuple(shape.values())), tuple(shape))


def names() -> list[str]:
    """The names of the devices."""
    return list(devices_by_name())


def device_count() -> int:
    """How many devices there are, in all processes."""
    return len(jax.devices())


def register(name: str, mesh: Any, axis: str) -> None:
    """Makes a backend name run data-parallel on a mesh."""
    placements[name] = DataParallel(mesh, axis)


def sharded(array: Any, mesh: Any, spec: Sequence[Any]) -> Any:
    """An array split over a mesh: for each of its axes the name of the mesh's axis, or None."""
    return on_mesh(array, NamedSharding(mesh, _spec(*spec)))
