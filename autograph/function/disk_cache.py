"""Traces on disk, so that a second process need not convert, trace and optimise again.

An entry is a JSON file, `<key>/<digest>.json`: the key covers what is known before tracing (source, versions,
arguments, machine), the digest the content. Files are written beside and moved into place, so readers and several
writers see whole ones only; what cannot be read, or was damaged, counts as absent. The directory has to be the user's
alone, since whoever writes to it decides what runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograph.errors import CacheDirectoryError
from autograph.runtime.refusal import refuse

_FORMAT = 1
_MOST_IN_A_KEY = 16


class DiskCache:
    """A directory of entries.

    Args:
        directory: where; made if need be, for its owner only.

    Raises:
        CacheDirectoryError: it is not a directory of the user's own, closed to others.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory).expanduser()
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            refuse(CacheDirectoryError, f"{self.directory} cannot be a cache directory: {error}", "choose another one")
        self._require_ours()

    def _require_ours(self) -> None:
        found = self.directory.lstat()
        if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
            refuse(CacheDirectoryError, f"{self.directory} is not a directory itself", "name the directory, not a link")
        if os.name != "posix":
            return
        if found.st_uid != os.getuid() or found.st_mode & 0o077:
            refuse(
                CacheDirectoryError,
                f"{self.directory} is not yours alone, and who writes to it decides what your program runs",
                f"close it to others (chmod 700 {self.directory}), or choose another directory",
            )

    def read(self, key: str) -> Iterator[dict[str, Any]]:
        """The entries of a key, the newest first; without those that are damaged or of another format."""
        folder = self.directory / key
        try:
            files = sorted(folder.glob("*.json"), key=lambda file: -file.stat().st_mtime)
        except OSError:
            return
        for file in files:
            try:
                entry = _checked(file.read_bytes(), file.stem)
            except (OSError, ValueError, KeyError, TypeError):
                continue
            yield entry

    def write(self, key: str, content: dict[str, Any]) -> None:
        """Adds an entry; a directory that cannot be written to is left as it is."""
        payload = json.dumps(content, sort_keys=True)
        digest = hashlib.sha256(payload.encode()).hexdigest()
        text = json.dumps({"format": _FORMAT, "payload": payload})
        folder = self.directory / key
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, folder / f"{digest}.json")
            self._shorten(folder)
        except OSError:
            return

    def _shorten(self, folder: Path) -> None:
        files = sorted(folder.glob("*.json"), key=lambda file: -file.stat().st_mtime)
        for file in files[_MOST_IN_A_KEY:]:
            file.unlink(missing_ok=True)


def _checked(data: bytes, digest: str) -> dict[str, Any]:
    outer = json.loads(data)
    payload = outer["payload"]
    if outer["format"] != _FORMAT or hashlib.sha256(payload.encode()).hexdigest() != digest:
        raise ValueError("damaged")
    content: dict[str, Any] = json.loads(payload)
    return content
