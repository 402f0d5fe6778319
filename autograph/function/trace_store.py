"""The traces of one function on disk: read before tracing, written after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from autograph.function.arguments import Arguments
from autograph.function.concrete import ConcreteFunction
from autograph.function.digests import NotStorable, call_digest
from autograph.function.disk_cache import DiskCache
from autograph.function.guards import Guards
from autograph.function.leaf_types import LeafType
from autograph.function.stored_trace import restored, stored


class TraceStore:
    """Reads and writes the traces of one function, where a directory for them is set.

    Args:
        name: the function's name.
        function: the plain function behind it.
        disk: gives the directory, or None.
    """

    def __init__(self, name: str, function: Any, disk: Callable[[], DiskCache | None]) -> None:
        self._name = name
        self._function = function if isinstance(function, FunctionType) else None
        self._disk = disk

    def load(
        self, arguments: Arguments, types: Sequence[LeafType], backend: str, roots: Sequence[tuple[str, Any]]
    ) -> tuple[ConcreteFunction, Guards] | None:
        """A stored trace that answers a call, and its guards; None where there is none, or it cannot be read."""
        disk, function = self._disk(), self._function
        if disk is None or function is None:
            return None
        try:
            for content in disk.read(call_digest(function, arguments.structure, types, backend)):
                found = restored(content, self._name, function, roots, arguments, types, backend)
                if found is not None:
                    return found
        except Exception:  # an entry that is damaged or foreign in whatever way counts as absent
            return None
        return None

    def save(
        self,
        arguments: Arguments,
        types: Sequence[LeafType],
        backend: str,
        concrete: ConcreteFunction,
        guards: Guards,
    ) -> None:
        """Writes a trace, where everything in it has a name in another process."""
        disk, function = self._disk(), self._function
        if disk is None or function is None:
            return
        try:
            key = call_digest(function, arguments.structure, types, backend)
            content = stored(concrete, guards, function, arguments)
        except NotStorable:
            return
        disk.write(key, content)
