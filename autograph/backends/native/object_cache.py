"""Machine code that does not change from process to process, kept in files of the user's cache directory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import llvmlite
import platformdirs


def cached_object(text: str, machine: str, make: Callable[[], bytes]) -> bytes:
    """The object file of a text, made at most once on a machine where files can be kept.

    Args:
        text: LLVM IR that names no address of this process.
        machine: what code is made for.
        make: compiles the text.
    """
    key = "\0".join([llvmlite.__version__, machine, text])
    place = Path(platformdirs.user_cache_dir("autograph")) / f"{hashlib.sha256(key.encode()).hexdigest()}.o"
    try:
        return place.read_bytes()
    except OSError:
        made = make()
        _keep(place, made)
        return made


def _keep(place: Path, made: bytes) -> None:
    """Writes a file that others see whole or not at all; without such a directory all stays in the process."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        os.replace(name, place)
    except OSError:
        Path(name).unlink(missing_ok=True)
