"""Several devices, and several processes: grids of devices, tensors split over them, data-parallel steps."""

from __future__ import annotations

from autograph.distribute.mesh import Mesh, shard

__all__ = ["Mesh", "shard"]
