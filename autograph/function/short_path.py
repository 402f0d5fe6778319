"""The short path of calls: from flat positional arguments to the entry that answers, without matching types.

A call whose arguments have dtypes, shapes, numbers and objects that have been seen before is looked up by these;
only the guards are checked then. Everything else goes through `Cache.find`, which puts the call down here.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from autograph.function.cache import Entry
from autograph.function.leaf_types import NumberInput
from autograph.runtime.context import current
from autograph.runtime.tensor import Tensor

if TYPE_CHECKING:
    from autograph.function.config import Settings

_MOST_KEYS = 1024
_ARRAYS = frozenset({np.ndarray, *[np.dtype(code).type for code in "?bhilqBHILQefdFD"]})


class ShortPath:
    """Entries by what the calls that they have answered were called with."""

    def __init__(self) -> None:
        self._entries: dict[Any, Entry] = {}
        self._alive: dict[int, Any] = {}
        self._general: frozenset[int] = frozenset()

    def clear(self) -> None:
        """Forgets all calls."""
        self._entries.clear()
        self._alive.clear()

    def find(self, args: tuple[Any, ...], settings: Settings) -> Entry | None:
        """The entry for a call, if the like of it has been answered and nothing outside has changed."""
        context = current()
        if context is not None and context.trace is not None:
            return None
        entry = self._entries.get(self._key(args, settings))
        return entry if entry is not None and entry.guards.check() is None else None

    def _key(self, args: tuple[Any, ...], settings: Settings) -> Any:
        key: list[Any] = [settings.mode]
        for place, arg in enumerate(args):
            kind = type(arg)
            raw = arg
            if kind is Tensor:
                raw = arg._value
                kind = type(raw)
                if kind not in _ARRAYS:  # a weak scalar
                    key.append(Tensor)
                    key.append(kind)
                    continue
            if kind in _ARRAYS:
                key.append(raw.dtype)
                key.append(raw.shape)
            elif kind is int or kind is float:
                key.append(kind)
                key.append(None if arg and place in self._general else repr(arg))  # zeros keep traces of their own
            elif kind is bool or kind is str or arg is None:
                key.append(kind)
                key.append(arg)
            else:
                key.append(id(arg))
        return tuple(key)

    def remember(self, args: tuple[Any, ...], leaves: list[Any], entry: Entry, settings: Settings) -> None:
        """Puts down which entry has answered a call, where the arguments are flat and all there."""
        if len(args) != len(leaves) or any(a is not b for a, b in zip(args, leaves, strict=True)) or settings.eager:
            return
        general = self._general | {i for i, type_ in enumerate(entry.types) if isinstance(type_, NumberInput)}
        if general != self._general or len(self._entries) >= _MOST_KEYS:
            self.clear()
            self._general = general
        # An entry that takes a number literally does not answer for all numbers of that place.
        literal = any(args[i] and not isinstance(entry.types[i], NumberInput) for i in general if _is_number(args[i]))
        if not literal and all(self._keep(arg) for arg in args):
            self._entries[self._key(args, settings)] = entry

    def _keep(self, arg: Any) -> bool:
        """Makes sure that an argument known by its `id` is forgotten when it goes."""
        if type(arg) in (Tensor, int, float, bool, str, type(None)) or type(arg) in _ARRAYS:
            return True
        if id(arg) not in self._alive:
            this = weakref.ref(self)

            def gone(_: Any) -> None:
                path = this()
                if path is not None:
                    path.clear()

            try:
                self._alive[id(arg)] = weakref.ref(arg, gone)
            except TypeError:
                return False
        return True


def _is_number(arg: Any) -> bool:
    return type(arg) is int or type(arg) is float
