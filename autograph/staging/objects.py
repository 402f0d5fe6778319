"""Objects of the user's classes as structures: their parts are their attributes."""

from __future__ import annotations

import sys
from enum import Enum
from types import FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from autograph.runtime.context import current_trace
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable

_NO_OBJECTS = (
    *(type, BaseException, ModuleType, FunctionType, MethodType, Enum, Tensor, Variable),
    *(list, tuple, dict, set, frozenset),
)
_MOST_NODES = 10_000


def is_object(value: Any) -> bool:
    """Whether a value is an instance of a class that the user wrote, with attributes in its `__dict__`."""
    held = getattr(value, "__dict__", None)  # objects that answer for every attribute may give anything
    return isinstance(held, dict | MappingProxyType) and is_users(type(value))


def held_attributes(value: Any) -> dict[str, Any] | None:
    """The attributes that an object holds by itself, None for what has none or is a class."""
    held = None if isinstance(value, type) else getattr(value, "__dict__", None)
    return held if isinstance(held, dict) else None


def raw_attribute(value: Any, name: str) -> Any:
    """An attribute as it is held, without what reading it does."""
    held = held_attributes(value)
    return held[name] if held is not None and name in held else getattr(value, name)


_known: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def is_users(cls: type) -> bool:
    """Whether the user wrote a class."""
    if cls not in _known:
        _known[cls] = _looked_up(cls)
    return _known[cls]


def _looked_up(cls: type) -> bool:
    if issubclass(cls, _NO_OBJECTS):
        return False
    root = cls.__module__.partition(".")[0]
    file = getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
    return root not in sys.stdlib_module_names and root != "autograph" and "site-packages" not in file


def is_cyclic(value: Any) -> bool:
    """Whether an object holds itself, directly or through others: it has no parts then, and stays the object it is."""
    waiting, seen = list(vars(value).values()), set[int]()
    while waiting:
        part = waiting.pop()
        if part is value:
            return True
        if id(part) in seen or len(seen) > _MOST_NODES:
            continue
        seen.add(id(part))
        if isinstance(part, list | tuple):
            waiting.extend(list.__iter__(part) if isinstance(part, list) else part)
        elif isinstance(part, dict):
            waiting.extend(dict.values(part))
        elif is_object(part):
            waiting.extend(vars(part).values())
    return False


def is_made(value: Any) -> bool:
    """Whether the function being traced made an object; older ones are not taken apart."""
    trace = current_trace()
    return trace is not None and trace.journal is not None and id(value) in trace.journal.aliases.made


def with_attributes(example: Any, attributes: dict[str, Any]) -> Any:
    """An object of the same class with other attributes, made without running the class's code."""
    made = object.__new__(type(example))
    vars(made).update(attributes)
    note_made(made)
    return made


def note_made(obj: Any) -> None:
    """Tells that the block being traced has made an object."""
    trace = current_trace()
    if trace is not None and trace.journal is not None:
        trace.journal.note_created(obj)
