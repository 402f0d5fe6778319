"""The CPU backend: a graph, control flow included, becomes one function in machine code, through LLVM."""

from __future__ import annotations

from autograph.backends.native.executable import Program
from autograph.runtime.backend import Executable, register_backend
from autograph.runtime.ir import Graph


class NativeBackend:
    """Compiles graphs for the processor that runs Python."""

    name = "native"

    def compile(self, graph: Graph) -> Executable:
        """The graph as a function of raw values."""
        return Program(graph)


def install() -> None:
    """Makes the backend known."""
    register_backend(NativeBackend())
