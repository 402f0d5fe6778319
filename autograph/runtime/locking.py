"""Locks of variables: calls that assign the same ones run one after another, and reads of a device's memory too.

A call takes its variables' turns: each variable has the number of one of many locks, those that are first used together
the same one, so that a training step takes a single lock. Where a call takes several, it takes them in the order of
their numbers, as all calls do; a thread may take them again, as a call inside a call does.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

_COUNT = 1024
_MOST = 1024  # sets of turns whose locks are known
_locks = [threading.RLock() for _ in range(_COUNT)]
_next = itertools.count()
_giving = threading.Lock()

# What keeps other calls from assigning variables, by their turns.
known: dict[tuple[int | None, ...], AbstractContextManager[Any]] = {}


def locked(variables: Sequence[Any]) -> AbstractContextManager[Any]:
    """Keeps other calls from assigning these variables inside a `with` block.

    Args:
        variables: in any order.
    """
    return known.get(tuple([variable._turn for variable in variables])) or choose(variables)


def choose(variables: Sequence[Any]) -> AbstractContextManager[Any]:
    """What `locked` gives, where it is not known yet."""
    with _giving:
        given = sorted({variable._turn for variable in variables if variable._turn is not None})
        places = given or [next(_next) % _COUNT]
        for variable in variables:
            if variable._turn is None:
                variable._turn = places[0]
        if len(known) >= _MOST:
            known.clear()
        found = _locks[places[0]] if len(places) == 1 else _Several(places)
        known[tuple([variable._turn for variable in variables])] = found
    return found


class _Several:
    """Takes several locks.

    Args:
        places: their numbers, in order.
    """

    def __init__(self, places: Sequence[int]) -> None:
        self._locks = [_locks[place] for place in places]

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


def _renew() -> None:
    """Other threads, and with them their calls, do not exist in a process that was forked."""
    global _giving
    _giving = threading.Lock()
    _locks[:] = [threading.RLock() for _ in range(_COUNT)]
    known.clear()


os.register_at_fork(after_in_child=_renew)
