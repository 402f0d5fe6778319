"""Device programs kept between processes, in the directory of `ag.config.set_object_cache`, by XLA's own cache.

JAX's settings of that cache hold for the whole process: they stay the user's, where the user has chosen a directory.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import llvmlite.binding as llvm
from jax.experimental.compilation_cache import compilation_cache

from autograph.backends.native.object_cache import place
from autograph.errors import CacheDirectoryError
from autograph.runtime.kept_files import private_directory

_DIRECTORY = "jax_compilation_cache_dir"
_WORTH_KEEPING = 0.05  # seconds of compiling
_MOST_BYTES = 2**31


class Kept:
    """Where XLA keeps programs now.

    Attributes:
        chosen: the directory that was taken last, None for none.
        ours: what JAX was told, None where it was told nothing.
    """

    def __init__(self) -> None:
        self.chosen: Path | None = None
        self.ours: str | None = None


kept = Kept()


def follow_settings() -> None:
    """Makes JAX keep programs where machine code is kept, unless the user has told JAX where."""
    if place.directory == kept.chosen:
        return
    kept.chosen = place.directory
    if getattr(jax.config, _DIRECTORY) != kept.ours:
        return
    directory = None if place.directory is None else _directory(place.directory)
    if directory == kept.ours:
        return
    update: Callable[[str, Any], None] = jax.config.update
    if kept.ours is None:
        update("jax_persistent_cache_min_compile_time_secs", _WORTH_KEEPING)
        if importlib.util.find_spec("filelock") is not None:  # with a limit, files are written and read under a lock
            update("jax_compilation_cache_max_size", _MOST_BYTES)
    update(_DIRECTORY, directory)
    compilation_cache.reset_cache()
    kept.ours = directory


def _directory(objects: Path) -> str | None:
    """The directory for programs of this processor; None where it cannot be used."""
    processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    try:
        found = private_directory(objects.with_name("xla")) / hashlib.sha256(processor.encode()).hexdigest()[:16]
        private_directory(found)
    except (CacheDirectoryError, OSError):
        return None
    return str(found)
