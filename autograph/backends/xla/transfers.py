"""How often a program's values have gone between the host and a device, for `fn.explain()`."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

from autograph.backends.xla.slots import Slots


class Transfers:
    """Counts of one program.

    Attributes:
        sent: how many arrays have gone to the device.
        sent_bytes: their bytes.
        fetched: how many arrays have come to the host.
        fetched_bytes: their bytes.
    """

    def __init__(self) -> None:
        self.sent = self.sent_bytes = 0
        self.fetched = self.fetched_bytes = 0

    def send(self, value: Any) -> None:
        """Notes that a value goes to the device, if it lives on the host."""
        if isinstance(value, np.ndarray | np.generic):
            self.sent += 1
            self.sent_bytes += value.nbytes

    def fetch(self, value: Any) -> Any:
        """Notes that a value comes to the host, if it lives on a device; gives it as it is."""
        array = value.buffer if type(value) is Slots else value
        if isinstance(array, jax.Array):
            self.count(array.nbytes)
        return value

    def count(self, size: int) -> None:
        """Notes that an array of so many bytes comes to the host."""
        self.fetched += 1
        self.fetched_bytes += size

    def __str__(self) -> str:
        return (
            f"transfers: {self.sent} to the device ({_size(self.sent_bytes)}), "
            f"{self.fetched} to the host ({_size(self.fetched_bytes)})"
        )


def _size(count: int) -> str:
    units = ("B", "kB", "MB", "GB", "TB")
    power = min((len(str(count)) - 1) // 3, len(units) - 1)
    return f"{count / 1000**power:.3g} {units[power]}"
