"""Locks of variables: calls that assign the same ones run one after another.

Each variable belongs to one of a few locks, which all calls take in the same order; a thread may take them again, as
a call inside a call does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from typing import Any

from autograph.runtime.variable import Variable

_COUNT = 64
_MOST = 1024  # groups of variables whose locks are known
_locks = [threading.RLock() for _ in range(_COUNT)]
_known: dict[tuple[int, ...], list[Any]] = {}


class locked:  # noqa: N801 (used like a function, as `contextlib.suppress` is)
    """Keeps other calls from assigning these variables inside a `with` block.

    Args:
        variables: in any order.
    """

    __slots__ = ("_locks",)

    def __init__(self, variables: Iterable[Variable]) -> None:
        key = tuple(map(id, variables))
        found = _known.get(key)
        self._locks = _locks_of(key) if found is None else found

    def __enter__(self) -> None:
        taken = 0
        try:
            for lock in self._locks:
                lock.acquire()
                taken += 1
        except BaseException:
            for lock in self._locks[:taken]:
                lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        for lock in self._locks:
            lock.release()


def _locks_of(key: tuple[int, ...]) -> list[Any]:
    """The locks of variables by their `id`s, in the order that all calls take them in."""
    if len(_known) >= _MOST:
        _known.clear()
    found = _known[key] = [_locks[place] for place in sorted({(number >> 6) % _COUNT for number in key})]
    return found


def _renew() -> None:
    """Other threads, and with them their calls, do not exist in a process that was forked."""
    _locks[:] = [threading.RLock() for _ in range(_COUNT)]
    _known.clear()


os.register_at_fork(after_in_child=_renew)
