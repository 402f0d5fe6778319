"""Lists on XLA: a buffer of a fixed capacity with the number of items in it.

A list that outgrows its buffer sets a flag, loops leave, and the part of the graph is run again from the values it
began with, with larger buffers. It is pure, so nothing happens twice; what was found is kept for later calls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from autograph.runtime.vector import Vector

LENGTH = np.int32  # the dtype of lists' lengths


class Slots(NamedTuple):
    """A list as XLA has it.

    Attributes:
        buffer: the items along the first axis; those from `length` on mean nothing.
        length: int32 scalar, since GPUs find rows by such numbers without a kernel of their own.
    """

    buffer: Any
    length: Any

    @property
    def capacity(self) -> int:
        """How many items fit."""
        return int(self.buffer.shape[0])


def empty(capacity: int, shape: tuple[int, ...], dtype: Any) -> Slots:
    """A list without items."""
    return Slots(jnp.zeros((capacity, *shape), dtype), jnp.zeros((), LENGTH))


def resized(items: Slots, capacity: int) -> Slots:
    """The list in a buffer of another capacity, at least its own."""
    extra = capacity - items.capacity
    if not extra:
        return items
    return Slots(jnp.pad(items.buffer, [(0, extra)] + [(0, 0)] * (items.buffer.ndim - 1)), items.length)


def to_slots(items: Vector, capacity: int, shape: tuple[int, ...], dtype: Any) -> Slots:
    """A list of raw values in a buffer."""
    buffer = np.zeros((capacity, *shape), dtype)
    for place, item in enumerate(items):
        buffer[place] = item
    return Slots(buffer, np.asarray(len(items), LENGTH))


def to_vector(items: Slots, weak: bool) -> Vector:
    """A list's items as raw values, on the host."""
    rows = np.asarray(items.buffer)[: int(items.length)]
    return Vector(rows.tolist() if weak else [np.array(row) for row in rows])
