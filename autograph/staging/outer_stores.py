"""What a called function stores into outside itself: variables of functions around it, and globals.

    def counter():
        count = 0
        def more():
            nonlocal count
            count += 1          # a change of state that is older than a loop which calls `more`
        return more

Blocks know the names that they assign themselves. What a function assigns that a block calls is announced when it is
entered; the journal tells whether the variable is older than the block (`Cells`).
"""

from __future__ import annotations

import dis
import functools
import weakref
from collections.abc import Callable, Iterator
from types import CellType, CodeType, FunctionType
from typing import Any

from autograph.runtime.context import current_trace

_STORES_IN_CELLS = frozenset({"STORE_DEREF", "DELETE_DEREF"})
_STORES_IN_GLOBALS = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})
# Keyed by identity: code objects compare by content.
_known: dict[int, tuple[weakref.ref[CodeType], bool, tuple[str, ...], bool]] = {}


class Cells:
    """Which variables that closures share a staged block has made itself.

    Args:
        outer: those of the block around.

    Attributes:
        reached: the cells that the block's functions and values lead to when it begins; None where that is unknown.
    """

    def __init__(self, outer: Cells | None) -> None:
        self.reached: dict[int, CellType] | None = None
        self._names: dict[int, tuple[CellType, str]] = {} if outer is None else outer._names
        self._stored_by: dict[int, CodeType] = {} if outer is None else outer._stored_by
        self._entered: dict[int, tuple[CodeType, int]] = {} if outer is None else outer._entered
        self._clock: list[int] = [0] if outer is None else outer._clock
        self._start = self._clock[0]

    def note(self, cell: CellType, name: str, code: CodeType) -> None:
        """Tells that a function with this code stores into a cell."""
        self.note_name(cell, name)
        self._stored_by[id(cell)] = code

    def note_name(self, cell: CellType, name: str) -> None:
        """Tells what the variable in a cell is called."""
        self._names[id(cell)] = cell, name

    def note_entered(self, code: CodeType) -> None:
        """Tells that a converted function is entered, which makes cells."""
        self._clock[0] += 1
        self._entered[id(code)] = code, self._clock[0]

    def name(self, cell: CellType) -> str:
        """The name of the variable in a cell; nothing where it is not known."""
        return self._names[id(cell)][1] if id(cell) in self._names else ""

    def is_made(self, cell: CellType) -> bool:
        """Whether the block has made a cell: a function that makes it was entered, and nothing led to it before."""
        if self.reached is None or id(cell) in self.reached or id(cell) not in self._stored_by:
            return False
        inner = self._stored_by[id(cell)]
        since = [code for code, time in self._entered.values() if time > self._start]
        return any(one is inner and one is not code for code in since for one in _nested(code))


def announcing(function: FunctionType, run: Callable[..., Any]) -> Callable[..., Any]:
    """`run`, which tells first what the function stores into outside itself, if it does or makes what does.

    Args:
        function: the user's function.
        run: the function converted.

    Returns:
        A function of the same arguments; `run` itself where there is nothing to tell.
    """
    makes, names, stores_globals = _stores(function.__code__)
    if not (makes or names or stores_globals):
        return run

    @functools.wraps(run, updated=())
    def announced(*args: Any, **kwargs: Any) -> Any:
        trace = current_trace()
        if trace is not None and trace.journal is not None:
            cells: Cells = trace.journal.cells
            cells.note_entered(getattr(run, "__code__", function.__code__))
            for name in names:
                cell = _cell(function, name)
                cells.note(cell, name, function.__code__)
                trace.touch(cell)
            if stores_globals:
                trace.touch(function.__globals__)
        return run(*args, **kwargs)

    return announced


def _cell(function: FunctionType, name: str) -> CellType:
    assert function.__closure__ is not None
    return function.__closure__[function.__code__.co_freevars.index(name)]


def _stores(code: CodeType) -> tuple[bool, tuple[str, ...], bool]:
    """Whether a function makes others that store into its variables, the names of outer ones, whether globals."""
    found = _known.get(id(code))
    if found is None or found[0]() is not code:
        instructions = [one for inner in _nested(code) for one in dis.get_instructions(inner)]
        stored = {one.argval for one in instructions if one.opname in _STORES_IN_CELLS}
        makes = any(stored & set(inner.co_freevars) for inner in _nested(code) if inner is not code)
        names = tuple([name for name in code.co_freevars if name in stored])
        stores_globals = any(one.opname in _STORES_IN_GLOBALS for one in instructions)
        key = id(code)
        reference = weakref.ref(code, functools.partial(_forget, key))
        found = _known[key] = reference, makes, names, stores_globals
    return found[1:]


def _forget(key: int, _: Any) -> None:
    _known.pop(key, None)


def _nested(code: CodeType) -> Iterator[CodeType]:
    """A code object and all that are within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
