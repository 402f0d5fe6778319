"""JAX's devices by our names for them."""

from __future__ import annotations

import functools
from typing import Any

import jax


@functools.cache
def devices_by_name() -> dict[str, Any]:
    """JAX's objects for the devices that are there, the preferred kind first."""
    return {name_of(device): device for device in (*jax.devices(), *jax.devices("cpu"))}


def name_of(device: Any) -> str:
    """Our name for a device, such as "gpu:0"."""
    return f"{device.platform}:{device.id}"
