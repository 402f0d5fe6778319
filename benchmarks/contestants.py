"""Who takes part: names, the packages behind them, and a first call that wakes a framework up."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OURS = "autograph"
ON_DEVICES = "autograph-xla"  # ours on devices
REFERENCE = "numpy"


@dataclass(frozen=True)
class Contestant:
    """A way to do the work.

    Attributes:
        name: what rows and the command line call it.
        label: what tables and charts call it.
        packages: the distributions it needs, the framework first.
        color: of its marks in charts.
        peer: whether it takes tensors, so that it counts as a peer to beat.
        on_devices: whether it computes on GPUs too.
        compiles: whether its first call compiles.
    """

    name: str
    label: str
    packages: tuple[str, ...]
    color: str
    peer: bool = True
    on_devices: bool = True
    compiles: bool = True

    def missing(self) -> str | None:
        """A package that is needed and not installed here."""
        names = {"tensorflow-cpu": "tensorflow"}  # which `tensorflow`, for GPUs, is as well
        for package in self.packages:
            if importlib.util.find_spec(names.get(package, package)) is None:
                return package
        return None

    def versions(self) -> dict[str, str]:
        """The versions of its packages here."""
        found = {}
        for package in (*self.packages, "numpy"):
            for name in (package, package.removesuffix("-cpu")):
                try:
                    found[package.removesuffix("-cpu")] = importlib.metadata.version(name)
                    break
                except importlib.metadata.PackageNotFoundError:
                    continue
        return found


CONTESTANTS = {
    contestant.name: contestant
    for contestant in (
        Contestant(OURS, "AutoGraph", ("autograph", "llvmlite", "scipy"), "#0b6e4f", False, False),
        Contestant("autograph-numpy", "AutoGraph on NumPy", ("autograph",), "#7fb8a4", False, False),
        Contestant("autograph-xla", "AutoGraph on XLA", ("autograph", "jax", "jaxlib"), "#43a047", peer=False),
        Contestant("jax", "JAX", ("jax", "jaxlib"), "#3b6fd4"),
        Contestant("jax-steps", "JAX, Python loop", ("jax", "jaxlib"), "#8fb1f0"),
        Contestant("tensorflow", "TensorFlow", ("tensorflow-cpu",), "#e8820c"),
        Contestant("torch", "PyTorch", ("torch",), "#d1344b", compiles=False),
        Contestant("torch-compile", "torch.compile", ("torch",), "#8c2f7a"),
        Contestant("numba", "Numba (no tensors)", ("numba",), "#6b7280", False, False),
        Contestant(REFERENCE, "NumPy", ("numpy",), "#a8a29e", False, False, compiles=False),
    )
}


def on_device() -> bool:
    """Whether this process is to compute on a GPU."""
    return os.environ.get("BENCHMARKS_DEVICE", "cpu") != "cpu"


def wait(name: str) -> Callable[[], Any] | None:
    """What waits for a contestant's device, where its calls return before their results are there."""
    if not on_device():
        return None
    if name.startswith("torch"):
        return importlib.import_module("torch").cuda.synchronize  # type: ignore[no-any-return]
    if name == "tensorflow":
        return importlib.import_module("tensorflow").test.experimental.sync_devices  # type: ignore[no-any-return]
    return None


def wake(name: str) -> None:
    """Runs a trivial function, so that what a framework does once in a process is not counted as compiling.

    What comes after it is compiled in this process: no contestant takes code that an earlier one has kept.
    """
    if name.startswith(OURS):
        import autograph as ag

        backend = "native" if name == OURS else name.removeprefix(f"{OURS}-")
        ag.function(lambda x: x @ x * 2, backend=backend)(ag.constant([[1.0, 2.0], [3.0, 4.0]]))
        ag.config.set_object_cache(None)
    elif name.startswith("jax"):
        import jax

        jax.block_until_ready(jax.jit(lambda x: x * 2)(jax.numpy.ones(2)))
    elif name == "tensorflow":
        import tensorflow as tf

        tf.function(lambda x: x * 2)(tf.ones(2))
    elif name.startswith("torch"):
        import torch

        if on_device():
            torch.set_default_device("cuda")
        (torch.compile(torch.square) if name == "torch-compile" else torch.square)(torch.ones(2))
    elif name == "numba":
        import numba

        numba.njit(lambda x: x * 2)(1.0)
