"""Files kept between processes that decide what programs run: in directories of the user's own, and whole."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from autograph.errors import CacheDirectoryError
from autograph.runtime.refusal import refuse


def private_directory(directory: Path) -> Path:
    """A directory, made if need be, that is the user's alone.

    Raises:
        CacheDirectoryError: it cannot be made, is a link, or is open to others.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
    except OSError as error:
        refuse(CacheDirectoryError, f"{directory} cannot be a cache directory: {error}", "choose another one")
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        refuse(CacheDirectoryError, f"{directory} is not a directory itself", "name the directory, not a link")
    if os.name == "posix" and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        refuse(
            CacheDirectoryError,
            f"{directory} is not yours alone, and who writes to it decides what your program runs",
            f"close it to others (chmod 700 {directory}), or choose another directory",
        )
    return directory


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there, so that others see it whole or not at all."""
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    os.replace(name, file)
