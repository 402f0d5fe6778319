"""Which outer names and attributes a function's code reads."""

from __future__ import annotations

import dis
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

_ATTRIBUTES = frozenset({"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"})
_GLOBALS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_CONSTANTS = frozenset({"LOAD_CONST", "RETURN_CONST"})
_BY_NAME = frozenset({"getattr", "hasattr", "vars", "attrgetter"})


@dataclass(frozen=True)
class Reads:
    """What code reads: global names, the attributes that it takes of anything, and those it asks for by name."""

    globals: frozenset[str]
    attributes: frozenset[str]
    asked: frozenset[str]


_known: weakref.WeakKeyDictionary[CodeType, Reads] = weakref.WeakKeyDictionary()


def reads_of(code: CodeType) -> Reads:
    """What a code object and the functions inside it read.

    Args:
        code: the user's code. Where it asks for attributes by name (`getattr`), its strings count as names.

    Returns:
        The names.
    """
    found = _known.get(code)
    if found is None:
        instructions = list(_instructions(code))
        names = frozenset(i.argval for i in instructions if i.opname in _GLOBALS)
        attributes = {i.argval for i in instructions if i.opname in _ATTRIBUTES}
        asked: set[str] = set()
        if names & _BY_NAME:
            asked = {i.argval for i in instructions if i.opname in _CONSTANTS and isinstance(i.argval, str)}
        found = _known[code] = Reads(names, frozenset(attributes | asked), frozenset(asked))
    return found


def _instructions(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
