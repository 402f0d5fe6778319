"""Copies of tensors that live on the host, kept on the device that programs took them to.

Values never change, so a tensor that is passed again need not be copied again. The copy goes with the tensor, and when
the handle gets another value. Copies take a bounded part of a device's memory: what has not been passed for the
longest time gives way, so that a pass over a large data set on the host leaves no copy of all of it on the device.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from typing import Any

import jax
import numpy as np

from autograph.backends.xla import refuse_tracers
from autograph.backends.xla.transfers import Transfers
from autograph.runtime.tensor import Tensor

_PART = 8  # copies take at most this part of a device's memory
_UNKNOWN = 2**28  # bytes for copies where a device does not tell its memory
_SMALL = 2**16  # bytes; what is smaller is not counted


class Copy:
    """A larger copy that is kept.

    Attributes:
        used: when it was used last, by the count of uses of all.

    Args:
        reference: to its tensor.
        size: in bytes.
    """

    __slots__ = ("reference", "size", "used")

    def __init__(self, reference: weakref.ref[Tensor], size: int) -> None:
        self.reference = reference
        self.size = size
        self.used = next(uses)


uses = itertools.count()


class Copies:
    """The larger copies on one device, by their tensors' `id`.

    Attributes:
        limit: how many bytes they may take.
        total: how many they take.

    Args:
        limit: see above.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        self._held: dict[int, Copy] = {}
        self._lock = threading.RLock()

    def add(self, tensor: Tensor, size: int) -> Copy:
        """Notes a copy; those that were used longest ago go while all take too much."""
        key = id(tensor)
        with self._lock:
            self._remove(key)
            added = self._held[key] = Copy(weakref.ref(tensor, lambda _: self._remove(key)), size)
            self.total += size
            while self.total > self.limit:
                oldest = min(self._held, key=lambda key: self._held[key].used)
                gone = self._held[oldest].reference()
                self._remove(oldest)
                if gone is not None:
                    gone._kept = None
        return added

    def _remove(self, key: int) -> None:
        with self._lock:
            held = self._held.pop(key, None)
            self.total -= 0 if held is None else held.size


_copies: dict[Any, Copies] = {}


def copies_on(device: Any) -> Copies:
    """What is kept on a device (JAX's object for it; None is the default one)."""
    found = _copies.get(device)
    if found is None:
        memory = (jax.devices()[0] if device is None else device).memory_stats() or {}
        limit = memory.get("bytes_limit", _UNKNOWN * _PART) // _PART
        found = _copies.setdefault(device, Copies(limit))
    return found


def on_device(tensor: Tensor, device: Any, transfers: Transfers) -> Any:
    """The value of a tensor of the host as programs take it: its copy on a device, where one may be kept.

    Args:
        tensor: the tensor.
        device: JAX's object for the device, None for the default one.
        transfers: counts copies.
    """
    value = tensor._value
    try:
        kept = tensor._kept
    except AttributeError:  # the array may be the user's own
        transfers.send(value)
        return own(value)
    if kept is None or kept[0] is not value or kept[1] is not device:
        transfers.send(value)
        return _copied(tensor, value, device)
    if kept[3] is not None:
        kept[3].used = next(uses)
    return kept[2]


def moved(value: Any, place: Any, **options: Any) -> Any:
    """A value on a device, or laid out as a sharding says.

    Raises:
        StagingError: JAX traces the value.
    """
    with jax.enable_x64(True):
        made = jax.device_put(value, place, **options)
        if isinstance(made, jax.core.Tracer):  # noted only, for the function that JAX traces
            if isinstance(value, jax.core.Tracer):
                refuse_tracers()
            with jax.ensure_compile_time_eval():
                made = jax.device_put(value, place, **options)
    return made


def own(value: Any) -> Any:
    """A copy of an array that the user may write to after the call, which returns before the program has read it."""
    return np.array(value) if isinstance(value, np.ndarray) else value


def _copied(tensor: Tensor, value: Any, device: Any) -> Any:
    """Copies a value to a device, and keeps the copy unless it is too large."""
    counted = isinstance(value, np.ndarray) and value.nbytes >= _SMALL
    if not isinstance(value, np.ndarray) or (counted and value.nbytes > copies_on(device).limit):
        return value  # of `ag.constant`, which nobody else knows
    copy = moved(value, device)
    tensor._kept = (value, device, copy, copies_on(device).add(tensor, value.nbytes) if counted else None)
    return copy
