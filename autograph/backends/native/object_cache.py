"""Machine code kept in files, so that another process need not compile what an earlier one has compiled."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from autograph.errors import CacheDirectoryError
from autograph.runtime.kept_files import private_directory, write_whole

# How many files are kept; the ones that were used longest ago go first.
MOST_FILES = 2000
_DIGEST = hashlib.sha256().digest_size


class Place:
    """Where files are kept.

    Attributes:
        directory: None for nowhere.
    """

    def __init__(self) -> None:
        self.directory: Path | None = Path(platformdirs.user_cache_dir("autograph")) / "objects"


place = Place()


def set_object_cache(directory: str | os.PathLike[str] | None) -> None:
    """Sets where machine code is kept between processes; at first in the user's cache directory.

    Programs of the xla backend are kept beside it, in a directory `xla`, by JAX's persistent cache, unless that has
    been given a directory already.

    Files are found by what the code was compiled from, the processor and the compiler, so that old ones are never
    taken for new ones; they may be deleted at any time.

    Args:
        directory: made when it is needed, for its owner only; one that is open to others is not used. None to compile
            in every process.

    Example:
        >>> import autograph as ag
        >>> before = ag.config.object_cache()
        >>> ag.config.set_object_cache(None)
        >>> print(ag.config.object_cache())
        None
        >>> ag.config.set_object_cache(before)
    """
    place.directory = None if directory is None else Path(directory)


def object_cache() -> Path | None:
    """Where machine code is kept between processes, None for nowhere."""
    return place.directory


def cached_object(text: str, settings: str, make: Callable[[], bytes]) -> bytes:
    """The object file of a text, compiled at most once where files can be kept.

    Args:
        text: LLVM IR that names no address of this process.
        settings: what else decides the code: the machine, the compiler and how it is told to work.
        make: compiles the text.
    """
    if place.directory is None:
        return make()
    key = hashlib.sha256("\0".join([settings, text]).encode()).hexdigest()
    try:
        file = private_directory(place.directory) / f"{key}.o"
    except CacheDirectoryError:
        return make()
    found = _read(file)
    if found is None:
        found = make()
        _keep(file, found)
    return found


def _read(file: Path) -> bytes | None:
    """What a file holds, if it is there and whole."""
    try:
        content = file.read_bytes()
        os.utime(file)
    except OSError:
        return None
    digest, made = content[:_DIGEST], content[_DIGEST:]
    return made if hashlib.sha256(made).digest() == digest else None


def _keep(file: Path, made: bytes) -> None:
    """Writes a file; where that fails, all stays in the process."""
    try:
        write_whole(file, hashlib.sha256(made).digest() + made)
        _clear(file.parent)
    except OSError:
        return


def _clear(directory: Path) -> None:
    """Deletes half of the files where there are too many."""
    files = list(directory.glob("*.o"))
    if len(files) > MOST_FILES:
        for old in sorted(files, key=lambda file: file.stat().st_mtime)[: len(files) // 2]:
            old.unlink(missing_ok=True)
