"""Operators and properties of the user's classes while a function is traced: Python calls them, and they are converted.

`box[i]`, `a + b` and `box.size` stay as they are in generated code; so that tensors may decide within `__getitem__`,
`__add__` or the property, the classes that a trace meets hold stand-ins for them until it ends. A stand-in calls the
converted method inside a trace, and the method itself elsewhere.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import threading
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from types import FunctionType
from typing import Any

from autograph.runtime.context import current_trace
from autograph.staging.objects import is_users

_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift")
_OPERATORS = frozenset(
    [f"__{prefix}{name}__" for name in (*_BINARY, "divmod") for prefix in ("", "r", "i")]
    + [f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert", "getitem", "setitem")]
    + ["__delitem__", "__getattr__", "__setattr__"]
)
_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    f"__{name}__": getattr(operator, name) for name in ("lt", "le", "gt", "ge")
}
_NONE = object()
_lock = threading.RLock()
_users: dict[type, int] = {}
_originals: dict[type, dict[str, Any]] = {}
_met: ContextVar[set[type] | None] = ContextVar("_met", default=None)

# Calls convert functions, and need this module: they announce themselves here.
_call: list[Callable[..., Any]] = []
_converts: list[Callable[[FunctionType], bool]] = []
_ordered: list[Callable[[Any, Any, Callable[[Any, Any], Any]], Any]] = []


def set_method_call(call: Callable[..., Any], should_convert: Callable[[FunctionType], bool]) -> None:
    """Sets what calls a function converted, and what says whether it is to be."""
    _call[:], _converts[:] = [call], [should_convert]


def set_order(ordered: Callable[[Any, Any, Callable[[Any, Any], Any]], Any]) -> None:
    """Sets what compares dataclasses field by field."""
    _ordered[:] = [ordered]


def call_method(method: FunctionType, *args: Any) -> Any:
    """Calls a method of the user's, converted."""
    return _call[0](method, *args)


@contextlib.contextmanager
def stand_ins(objects: Iterable[Any]) -> Iterator[None]:
    """Lets the classes of objects, and those that `prepare` meets, have their stand-ins inside a `with` block."""
    token = _met.set(set())
    try:
        for obj in objects:
            prepare(type(obj))
        yield
    finally:
        met = _met.get() or set()
        _met.reset(token)
        for cls in met:
            _release(cls)


def prepare(cls: type) -> None:
    """Gives a class and its bases their stand-ins while the trace under way goes on."""
    met = _met.get()
    if met is None:
        return
    for base in cls.__mro__:
        if base not in met and is_users(base):
            met.add(base)
            _install(base)


def _install(cls: type) -> None:
    with _lock:
        _users[cls] = _users.get(cls, 0) + 1
        if _users[cls] > 1:
            return
        found = {name: made for name, value in vars(cls).items() if (made := _stand_in(name, value)) is not None}
        _originals[cls] = {name: vars(cls)[name] for name in found}
        for name, made in found.items():
            type.__setattr__(cls, name, made)


def _release(cls: type) -> None:
    with _lock:
        _users[cls] -= 1
        if not _users[cls]:
            del _users[cls]
            for name, value in _originals.pop(cls).items():
                if value is _NONE:
                    type.__delattr__(cls, name)
                else:
                    type.__setattr__(cls, name, value)


def replace_reads(cls: type, reading: Callable[[Callable[[Any, str], Any]], Callable[[Any, str], Any]]) -> None:
    """Lets reads of attributes of a class's objects go through a function while the trace under way goes on.

    Args:
        cls: the class.
        reading: gives what reads an attribute, of what has read it so far.
    """
    if _met.get() is None:
        return
    prepare(cls)
    with _lock:
        known = _originals[cls]
        if "__getattribute__" not in known:
            so_far: Any = cls.__getattribute__
            known["__getattribute__"] = vars(cls).get("__getattribute__", _NONE)
            type.__setattr__(cls, "__getattribute__", reading(so_far))


def _stand_in(name: str, value: Any) -> Any:
    if type(value) is property:
        given: list[Any] = [value.fget, value.fset, value.fdel]
        parts: list[Any] = [_dispatching(part) for part in given]
        if not any(parts):
            return None
        getter, setter, deleter = [made or part for made, part in zip(parts, given, strict=True)]
        return property(getter, setter, deleter, value.__doc__)
    if name in _ORDERS and _is_of_dataclass(value):
        return _ordering(name, value)
    return _dispatching(value) if name in _OPERATORS else None


def _is_of_dataclass(function: Any) -> bool:
    return isinstance(function, FunctionType) and function.__code__.co_filename == "<string>"


def _ordering(name: str, function: FunctionType) -> Callable[[Any, Any], Any]:
    """`<` and the like of a dataclass, which compares field by field."""

    @functools.wraps(function)
    def method(self: Any, other: Any) -> Any:
        return function(self, other) if current_trace() is None else _ordered[0](self, other, _ORDERS[name])

    return method


def _dispatching(function: Any) -> Any:
    if not isinstance(function, FunctionType) or not _converts[0](function):
        return None

    @functools.wraps(function)
    def method(*args: Any, **kwargs: Any) -> Any:
        run = function if current_trace() is None else functools.partial(_call[0], function)
        return run(*args, **kwargs)

    return method
