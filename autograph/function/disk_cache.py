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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograph.runtime.kept_files import private_directory, write_whole

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
        self.directory = private_directory(Path(directory).expanduser())

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
            write_whole(folder / f"{digest}.json", text.encode())
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
