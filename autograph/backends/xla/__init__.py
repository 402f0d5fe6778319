"""The backend for GPUs, TPUs and more than one device, through JAX; it is imported when a graph is compiled for it."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from autograph.errors import MissingExtraError, StagingError
from autograph.runtime.backend import Executable, register_backend
from autograph.runtime.dtypes import from_numpy
from autograph.runtime.ir import Graph
from autograph.runtime.op import Op
from autograph.runtime.placement import begin, register_devices
from autograph.runtime.refusal import refuse

_OLDEST = "0.8"  # of JAX, as pyproject.toml says


def require_jax(feature: str) -> None:
    """Imports JAX for a feature.

    Args:
        feature: what needs it, as the message begins.

    Raises:
        MissingExtraError: JAX is not installed, or too old.

    Example:
        >>> from autograph.backends.xla import require_jax
        >>> require_jax("a mesh of devices")
    """
    try:
        jax = importlib.import_module("jax")
    except ImportError:
        wrong = "which is not installed"
    else:
        if hasattr(jax, "enable_x64"):  # since 0.8
            return
        wrong = f"version {_OLDEST} or later; {jax.__version__} is installed"
    advice = "pip install -U 'autograph[xla]' (or 'autograph[xla-cuda]' for NVIDIA GPUs)"
    refuse(MissingExtraError, f"{feature} needs the package jax, {wrong}", advice)


def refuse_tracers() -> NoReturn:
    """Refuses to run a graph while JAX traces a function.

    Raises:
        StagingError: always.
    """
    refuse(
        StagingError,
        "a staged function is called while JAX traces another (jax.jit, jax.grad, jax.vmap, ...)",
        "call it outside, use ag.grad and ag.vmap, or call it through jax.pure_callback",
    )


class XlaBackend:
    """Compiles graphs for the devices that JAX finds.

    Args:
        device: the device to run on, None for the one that JAX prefers.
    """

    def __init__(self, device: str | None = None) -> None:
        self.device = device
        self.name = "xla" if device is None else f"xla on {device}"

    def compile(self, graph: Graph) -> Executable:
        """The graph as a function of raw values.

        Raises:
            MissingExtraError: JAX is not installed, or too old.
        """
        require_jax('backend="xla"')
        if importlib.import_module("jax").default_backend() != "cpu":  # on a processor, the host's own ops are faster
            begin()
        executable: Executable = importlib.import_module("autograph.backends.xla.program").Program(
            graph, device=self.device
        )
        return executable


@functools.cache
def _backend_on(device: str) -> str:
    backend = XlaBackend(device)
    register_backend(backend)
    return backend.name


class JaxDevices:
    """The devices that JAX finds; jax is imported when they are asked for."""

    def names(self) -> list[str]:
        """The devices that are there; none without a JAX that serves."""
        try:
            require_jax("a device of JAX")
        except MissingExtraError:
            return []
        found: list[str] = self._module().names()
        return found

    def backend_on(self, device: str) -> str:
        """The name of the backend that runs graphs on a device."""
        return _backend_on(device)

    def put(self, array: Any, device: str) -> Any:
        """An array on a device."""
        return self._module().put(array, device)

    def copy(self, array: Any, like: Any) -> Any:
        """A copy of an array where another is."""
        return self._module().copy(array, like)

    def from_dlpack(self, array: Any, copy: bool | None) -> Any:
        """Another library's array on a device, as an array of the same memory."""
        return self._module().from_dlpack(array, copy)

    def is_array(self, value: Any) -> bool:
        """Whether a value is an array of JAX, of a dtype that tensors have.

        Raises:
            StagingError: it stands for an array while JAX traces a function.
        """
        jax = sys.modules.get("jax")
        if jax is None or not isinstance(value, jax.Array):
            return False
        if isinstance(value, jax.core.Tracer):
            refuse_tracers()
        return value.dtype in from_numpy

    def device_of(self, array: Any) -> str:
        """The device that an array is on."""
        found: str = self._module().device_of(array)
        return found

    def apply(self, op: Op, operands: Sequence[Any], attrs: dict[str, Any]) -> Any:
        """An op on tensors of a device, run there."""
        return self._module().apply(op, operands, attrs)

    @staticmethod
    def _module() -> Any:
        return importlib.import_module("autograph.backends.xla.devices")


def install() -> None:
    """Makes the backend and its devices known."""
    register_backend(XlaBackend())
    register_devices(JaxDevices())
