"""Backends make graphs into something that runs; each announces itself here, so nothing below names one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from autograph.errors import UnknownBackendError
from autograph.runtime.ir import Graph
from autograph.runtime.refusal import refuse

# Takes one raw value a parameter (array, Python number, Vector for a list, Variable for a reference), gives the
# results' raw values. A run-time failure leaves as `Failure`. A backend that lets another one run some ops says so in
# an attribute `fallbacks`: how many nodes of each op. One that keeps values on a device has a method `to_tensors`,
# which also takes tensors, such as live there, and gives the results as tensors. One that has more to say of how it
# runs a graph has a method `notes`, which gives lines for the user.
Executable = Callable[[Sequence[Any]], list[Any]]


class Backend(Protocol):
    """What a backend has to offer."""

    name: str

    def compile(self, graph: Graph) -> Executable:
        """Makes a verified graph executable."""
        ...


# The backend that takes values of every type, lists too, and runs every op.
REFERENCE = "numpy"

_backends: dict[str, Backend] = {}


def register_backend(backend: Backend) -> None:
    """Makes a backend known by its name."""
    _backends[backend.name] = backend


def get_backend(name: str) -> Backend:
    """The backend of that name.

    Raises:
        UnknownBackendError: there is none.
    """
    if name not in _backends:
        refuse(UnknownBackendError, f"there is no backend {name!r}", f"known backends: {', '.join(sorted(_backends))}")
    return _backends[name]
