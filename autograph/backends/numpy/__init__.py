"""The reference backend: a graph becomes one Python function that calls the ops' NumPy kernels."""

from __future__ import annotations

from autograph.backends.numpy.codegen import Program
from autograph.runtime.backend import Executable, register_backend
from autograph.runtime.ir import Graph


class NumpyBackend:
    """Runs every op; its answers are the right ones by definition."""

    name = "numpy"

    def compile(self, graph: Graph) -> Executable:
        """The graph as a function of raw values."""
        return Program(graph).run


def install() -> None:
    """Makes the backend known."""
    register_backend(NumpyBackend())
