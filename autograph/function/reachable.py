"""Which objects are older than a trace: those that arguments, globals, defaults and closures lead to."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Sequence
from types import BuiltinFunctionType, CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any

_LEAVES = (
    ModuleType,
    type,
    FunctionType,
    BuiltinFunctionType,
    MethodType,
    CodeType,
    str,
    bytes,
    int,
    float,
    complex,
    type(None),
)


def outer_objects(functions: Sequence[Any], arguments: Any) -> set[int]:
    """The identities of all objects that functions and arguments lead to, cells of closures included.

    Args:
        functions: the functions that a trace entered.
        arguments: what it was called with.
    """
    found: set[int] = set()
    waiting: list[Any] = [arguments]
    for function in functions:
        found.add(id(function.__globals__))
        waiting.extend(function.__globals__.values())
        waiting.extend(function.__defaults__ or ())
        for cell in function.__closure__ or ():
            found.add(id(cell))
            with contextlib.suppress(ValueError):  # an empty cell
                waiting.append(cell.cell_contents)
    while waiting:
        obj = waiting.pop()
        if isinstance(obj, _LEAVES) or id(obj) in found:
            continue
        found.add(id(obj))
        waiting.extend(_parts(obj))
    return found


def structures(values: Iterable[Any]) -> list[Any]:
    """The dicts, lists and dataclass objects that arguments are made of, each once."""
    found: dict[int, Any] = {}
    waiting = list(values)
    while waiting:
        obj = waiting.pop()
        held = isinstance(obj, dict | list) or (dataclasses.is_dataclass(obj) and not isinstance(obj, type))
        if id(obj) in found or not (held or isinstance(obj, tuple)):
            continue
        if held:
            found[id(obj)] = obj
        waiting.extend(_parts(obj))
    return list(found.values())


def _parts(obj: Any) -> Iterable[Any]:
    if isinstance(obj, dict):
        return list(obj.values())
    if isinstance(obj, list | tuple | set | frozenset):
        return list(obj)
    held = None
    with contextlib.suppress(Exception):  # objects that answer for attributes themselves may raise, or give anything
        held = obj.__dict__
    return list(held.values()) if isinstance(held, dict | MappingProxyType) else ()
