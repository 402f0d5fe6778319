"""Backends that check for NaN: graphs get checks before another backend compiles them."""

from __future__ import annotations

from autograph.runtime.backend import Executable, get_backend, register_backend
from autograph.runtime.ir import Graph, clone_graph
from autograph.transforms.passes.check_numerics import check_numerics

_SUFFIX = ", checking numerics"


class CheckingBackend:
    """Runs graphs on another backend, and fails at the first op that makes NaN.

    Args:
        base: the other backend's name.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.name = base + _SUFFIX

    def compile(self, graph: Graph) -> Executable:
        """The graph with checks, as the other backend compiles it."""
        checked = clone_graph(graph)
        check_numerics(checked)
        return get_backend(self.base).compile(checked)


def checking(name: str) -> str:
    """The name of the backend that checks for NaN on top of another."""
    if not name.endswith(_SUFFIX):
        backend = CheckingBackend(get_backend(name).name)
        register_backend(backend)
        return backend.name
    return name
