"""The backend for GPUs, TPUs and more than one device, through JAX; it is imported when a graph is compiled for it."""

from __future__ import annotations

import importlib

from autograph.errors import MissingExtraError
from autograph.runtime.backend import Executable, register_backend
from autograph.runtime.ir import Graph
from autograph.runtime.refusal import refuse


class XlaBackend:
    """Compiles graphs for the devices that JAX finds."""

    name = "xla"

    def compile(self, graph: Graph) -> Executable:
        """The graph as a function of raw values.

        Raises:
            MissingExtraError: JAX is not installed.
        """
        try:
            importlib.import_module("jax")
        except ImportError:
            refuse(
                MissingExtraError,
                'backend="xla" needs the package jax, which is not installed',
                "pip install 'autograph[xla]' (or 'autograph[xla-cuda]' for NVIDIA GPUs)",
            )
        executable: Executable = importlib.import_module("autograph.backends.xla.program").Program(graph)
        return executable


def install() -> None:
    """Makes the backend known."""
    register_backend(XlaBackend())
