"""The CPU backend: a graph, control flow included, becomes one function in machine code, through LLVM."""

from __future__ import annotations

from autograph.backends.native.executable import Program
from autograph.runtime.backend import Executable, get_backend, register_backend
from autograph.runtime.ir import Graph
from autograph.runtime.types import ListType, RefType


class NativeBackend:
    """Compiles graphs for the processor that runs Python."""

    name = "native"

    def compile(self, graph: Graph) -> Executable:
        """The graph as a function of raw values; NumPy runs graphs that take lists (the residuals of eager tapes)."""
        held = [value.type.value if isinstance(value.type, RefType) else value.type for value in graph.params]
        if any(isinstance(type_, ListType) for type_ in held):
            return get_backend("numpy").compile(graph)
        return Program(graph)


def install() -> None:
    """Makes the backend known."""
    register_backend(NativeBackend())
