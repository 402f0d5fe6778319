"""Locks of variables: calls that assign the same ones run one after another.

Each variable belongs to one of a few locks, which all calls take in the same order; a thread may take them again, as
a call inside a call does.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from autograph.runtime.variable import Variable

_COUNT = 64
_locks = [threading.RLock() for _ in range(_COUNT)]


@contextmanager
def locked(variables: Iterable[Variable]) -> Iterator[None]:
    """Keeps other calls from assigning these variables inside a `with` block."""
    places = sorted({(id(variable) >> 6) % _COUNT for variable in variables})
    taken = []
    try:
        for place in places:
            lock = _locks[place]
            lock.acquire()
            taken.append(lock)
        yield
    finally:
        for lock in reversed(taken):
            lock.release()


def _renew() -> None:
    """Other threads, and with them their calls, do not exist in a process that was forked."""
    _locks[:] = [threading.RLock() for _ in range(_COUNT)]


os.register_at_fork(after_in_child=_renew)
