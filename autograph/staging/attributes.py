"""Attributes that an object has on some paths only: reading one raises AttributeError where it is missing.

    if x > 0:
        o.size = x
    o.size

Generated code leaves `o.size` as it is. Once an object has such an attribute its class gets a stand-in for
`__getattribute__`, until the trace ends, which records the check at each read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from autograph.errors import StagingError
from autograph.ops.casts import astype
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import int64
from autograph.runtime.location import is_internal, is_library
from autograph.runtime.refusal import refuse
from autograph.staging.choice import selected
from autograph.staging.class_methods import call_method, replace_reads
from autograph.staging.growing_dict import bare, may_be_absent, present
from autograph.staging.objects import held_attributes, is_users
from autograph.staging.unbound import bound


def watch_attributes(obj: Any) -> None:
    """Lets reads of an object's attributes check that they are there, if it has any that may not be.

    Raises:
        StagingError: the object is of a class that cannot tell of its reads.
    """
    cls = type(obj)
    missing = next((name for name, value in vars(obj).items() if may_be_absent(value)), None)
    if missing is None or cls.__module__.partition(".")[0] == "autograph":
        return
    if not is_users(cls):
        refuse(
            StagingError,
            f"attribute '{missing}' of a {cls.__name__} is there on some paths only",
            "give it a value before, or use an object of your own class",
        )
    trace = current_trace()
    if trace is not None and any(one is obj for one in trace.shown):
        refuse_whole(vars(obj), cls)
    replace_reads(cls, _checked)


def note_whole(obj: Any) -> None:
    """Notes that the traced code has the dict of an object's attributes, which cannot tell of its reads."""
    trace = current_trace()
    if trace is not None and is_users(type(obj)):
        trace.shown.append(obj)


def _checked(plain: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def read(self: Any, name: str) -> Any:
        value = plain(self, name)
        if current_trace() is None:
            return value
        if name == "__dict__":
            return _whole(value, type(self))
        return _present_or_else(self, name, value) if may_be_absent(value) else value

    return read


def _present_or_else(obj: Any, name: str, value: Any) -> Any:
    """The value of an attribute; where it is missing, what the class's `__getattr__` gives, or AttributeError."""
    other = getattr(type(obj), "__getattr__", None)
    if other is None:
        return bound(value)
    return selected([lambda: call_method(other, obj, name), lambda: bare(value)], astype(present(value), int64))


def _whole(held: dict[str, Any], cls: type) -> dict[str, Any]:
    """All attributes of an object, which users' code cannot have while some may be missing."""
    file = sys._getframe(2).f_code.co_filename
    if any(map(may_be_absent, held.values())) and not is_internal(file) and not is_library(file):
        refuse_whole(held, cls)
    return held


def refuse_whole(held: dict[str, Any], cls: type) -> None:
    """Refuses to give all attributes of an object of which some may be missing."""
    name = next(name for name, value in held.items() if may_be_absent(value))
    refuse(
        StagingError,
        f"all attributes of a {cls.__name__} at once, of which '{name}' is there on some paths only",
        f"ask for single attributes: hasattr(obj, '{name}'), getattr(obj, '{name}', other)",
    )


def held_value(obj: Any, name: str) -> Any:
    """An attribute that is there on some paths only; None for all others."""
    held = held_attributes(obj)
    value = None if held is None else held.get(name)
    return value if may_be_absent(value) else None


def attributes_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """`vars` or `dir`, which users' code cannot ask while some attributes may be missing."""

    def asked(*args: Any) -> Any:
        held = held_attributes(args[0]) if args else None
        if held is not None and any(map(may_be_absent, held.values())):
            refuse_whole(held, type(args[0]))
        if held is not None and function is vars:
            note_whole(args[0])
        return function(*args)

    return asked
