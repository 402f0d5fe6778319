"""Settings of the process."""

from __future__ import annotations

import os
from typing import Any

from autograph.backends.native.object_cache import object_cache as object_cache
from autograph.backends.native.object_cache import set_object_cache as set_object_cache
from autograph.backends.native.pool import set_threads as set_threads
from autograph.backends.native.pool import threads as threads
from autograph.backends.numerics import checking
from autograph.backends.xla.buckets import set_shape_buckets as set_shape_buckets
from autograph.backends.xla.buckets import shape_buckets as shape_buckets
from autograph.function.disk_cache import DiskCache
from autograph.runtime.backend import get_backend
from autograph.runtime.numerics import watch
from autograph.runtime.placement import HOST, current_device
from autograph.runtime.placement import list_devices as list_devices
from autograph.runtime.placement import state as placement


class Settings:
    """What holds for all functions.

    Attributes:
        eager: whether functions run as plain Python.
        backend: the name of the backend of functions that name none.
        cache_limit: how many graphs a function keeps.
        disk_cache: where traces are kept between processes, None for nowhere.
        numerics: whether the first op that makes NaN raises.
        mode: what decides, besides the arguments, how a call runs.
    """

    def __init__(self) -> None:
        self.eager = False
        self.backend = "native"
        self.cache_limit = 64
        self.disk_cache: DiskCache | None = None
        self.numerics = False
        self.mode = self.backend

    def backend_of(self, chosen: str | None) -> str:
        """The name of the backend that a function runs on, by what it asks for itself."""
        name = chosen or self.backend
        device = current_device()
        if device is not None and device != HOST and placement.devices is not None:
            name = placement.devices.backend_on(device)
        return checking(name) if self.numerics else name

    def set(self, **values: Any) -> None:
        """Sets some of them."""
        vars(self).update(values)
        self.mode = "eager" if self.eager else f"{self.backend}{', checking' if self.numerics else ''}"


settings = Settings()


def run_functions_eagerly(eager: bool) -> None:
    """Makes functions run as plain Python, line by line, or as graphs again.

    Args:
        eager: True to run the Python code at every call, for debugging.

    Example:
        >>> import autograph as ag
        >>> ag.config.run_functions_eagerly(True)
        >>> ag.config.functions_run_eagerly()
        True
        >>> ag.config.run_functions_eagerly(False)
    """
    settings.set(eager=eager)


def functions_run_eagerly() -> bool:
    """Whether functions run as plain Python."""
    return settings.eager


def set_backend(name: str) -> None:
    """Chooses the backend of functions that name none.

    Args:
        name: "native" (machine code, what functions run on at first), "xla" (JAX's devices, with the extra `xla`) or
            "numpy" (the reference).

    Raises:
        UnknownBackendError: there is no such backend.

    Example:
        >>> import autograph as ag
        >>> ag.config.set_backend("numpy")
        >>> ag.config.set_backend("native")
    """
    settings.set(backend=get_backend(name).name)


def default_backend() -> str:
    """The name of the backend of functions that name none."""
    return settings.backend


def check_numerics(check: bool) -> None:
    """Makes the first op that makes NaN of operands without any raise an error that names it and the line.

    It slows ops down, and traces functions anew. Operands that are NaN already, and infinities, raise nothing.

    Args:
        check: whether to check from now on.

    Example:
        >>> import autograph as ag
        >>> ag.config.check_numerics(True)
        >>> @ag.function
        ... def logarithm(x):
        ...     return ag.ops.log(x)
        >>> logarithm(ag.constant(-1.0))  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
        autograph.errors.NumericsError: log makes NaN of operands that have none
        >>> ag.config.check_numerics(False)
    """
    settings.set(numerics=check)
    watch.on = check


def set_cache_directory(directory: str | os.PathLike[str] | None) -> None:
    """Keeps traces in a directory, so that other processes need not make them again.

    Args:
        directory: where; made if need be. It has to be the user's own and closed to others, since whoever can write to
            it decides what runs. None keeps nothing, as is the default.

    Raises:
        CacheDirectoryError: it is not, or it cannot be made.

    Example:
        >>> import autograph as ag
        >>> ag.config.set_cache_directory("~/.cache/autograph")  # doctest: +SKIP
        >>> ag.config.set_cache_directory(None)
    """
    settings.set(disk_cache=None if directory is None else DiskCache(directory))


def set_cache_limit(count: int) -> None:
    """Sets how many graphs each function keeps; beyond it the least recently used goes.

    Args:
        count: at least 1.

    Raises:
        ValueError: the count is less than 1.

    Example:
        >>> import autograph as ag
        >>> ag.config.set_cache_limit(64)
    """
    if count < 1:
        raise ValueError(f"a function keeps at least 1 graph, not {count}")
    settings.set(cache_limit=count)
