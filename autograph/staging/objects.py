"""Objects of the user's classes as structures: their parts are their attributes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from enum import Enum
from types import FunctionType, MethodType, ModuleType
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
    return hasattr(value, "__dict__") and is_users(type(value))


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
            waiting.extend(part.values())
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


# Methods that are converted when they are called, or that show an object.
_NO_OPERATORS = frozenset(
    {
        *("__init__", "__new__", "__post_init__", "__repr__", "__str__", "__hash__", "__eq__"),
        *("__call__", "__enter__", "__exit__", "__len__", "__bool__", "__iter__"),
    }
)


def operated(sources: Sequence[Any]) -> list[Any]:
    """What operators may change unseen: objects whose classes define operators, and the containers that they hold.

    Python runs such methods as they are (`box += 1` calls `__iadd__`), so their stores are not announced.

    Args:
        sources: values, and functions whose closures hold some.
    """
    waiting = list(sources)
    found: list[Any] = []
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen or len(seen) > _MOST_NODES:
            continue
        seen.add(id(value))
        if is_object(value):
            waiting.extend(vars(value).values())
            if _has_operators(type(value)):
                found += [value, *[part for part in vars(value).values() if isinstance(part, list | dict)]]
        elif isinstance(value, FunctionType):
            waiting.extend(_cells(value))
        elif isinstance(value, tuple):
            waiting.extend(value)
        elif isinstance(value, list):
            waiting.extend(list.__iter__(value))
        elif type(value) is dict:
            waiting.extend(value.values())
    return found


def _cells(function: FunctionType) -> list[Any]:
    found = []
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty cell
            found.append(cell.cell_contents)
    return found


_operators: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def _has_operators(cls: type) -> bool:
    if cls not in _operators:
        methods = {name: value for base in cls.__mro__ if is_users(base) for name, value in vars(base).items()}
        _operators[cls] = any(
            name.startswith("__") and name.endswith("__") and name not in _NO_OPERATORS and _is_written(method)
            for name, method in methods.items()
        )
    return _operators[cls]


def _is_written(method: Any) -> bool:
    return isinstance(method, FunctionType) and method.__code__.co_filename != "<string>"
