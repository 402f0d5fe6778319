"""Text that shows values which only the running graph knows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import CodeType, FrameType
from typing import Any, NoReturn

from autograph.errors import GraphTensorError
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse

_showing: ContextVar[bool] = ContextVar("_showing", default=False)
# Python code between a text and what it shows: dataclasses and named tuples.
_REPRS = ("<string>", "reprlib.py", "dataclasses.py", "collections/__init__.py")
# What tells converted code is a layer above, which announces itself here.
_converted: list[Callable[[CodeType], bool]] = []


def set_converted(is_converted: Callable[[CodeType], bool]) -> None:
    """Sets what says whether code is converted, so that the texts it makes show what values are when the graph runs."""
    _converted[:] = [is_converted]


@contextmanager
def showing() -> Iterator[None]:
    """Lets the `repr` of structures show run-time values inside a `with` block."""
    token = _showing.set(True)
    try:
        yield
    finally:
        _showing.reset(token)


def is_shown() -> bool:
    """Whether a `__repr__` that asks is part of a text that traced code makes; other texts are for error messages."""
    if current_trace() is None:
        return False
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (frame.f_code.co_name == "__repr__" or frame.f_code.co_filename.endswith(_REPRS)):
        frame = frame.f_back
    return _showing.get() or (frame is not None and any(test(frame.f_code) for test in _converted))


class RunTimeText(str):
    """A text with placeholders: it may be joined, printed and raised, but not looked into while tracing."""

    __slots__ = ()

    def __add__(self, other: str) -> RunTimeText:
        return RunTimeText(str.__add__(self, other))

    def __radd__(self, other: str) -> RunTimeText:
        return RunTimeText(str(other) + str.__str__(self))

    def __str__(self) -> str:
        return self

    def __format__(self, spec: str) -> str:
        if not spec:
            return self
        trace = current_trace()
        made = None if trace is None else trace.formatted(str.__str__(self), spec)
        return _refuse() if made is None else made  # nobody knows yet how wide it is

    def unread(self) -> NoReturn:
        """Refuses to say what the text is."""
        _refuse()

    def __hash__(self) -> int:  # noqa: PLE0309 (raises)
        _refuse()


def _refuse(*_: Any, **__: Any) -> NoReturn:
    refuse(
        GraphTensorError,
        "text made of a tensor's value is looked into, but the value is known at run time only",
        "compute with the tensor itself; text of it can be printed and raised",
    )


def _refused() -> Callable[..., NoReturn]:
    return lambda *args, **kwargs: _refuse()


for _name in (
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__len__", "__getitem__", "__iter__"),
    *("__int__", "__float__", "__mul__", "__rmul__", "split", "strip", "lstrip", "rstrip", "replace", "upper", "lower"),
    *("startswith", "endswith", "find", "index", "count", "encode", "isdigit", "zfill", "ljust", "rjust", "center"),
):
    setattr(RunTimeText, _name, _refused())
