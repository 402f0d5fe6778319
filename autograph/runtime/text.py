"""Text that shows values which only the running graph knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from autograph.errors import GraphTensorError
from autograph.runtime.refusal import refuse


class RunTimeText(str):
    """A text with placeholders: it may be joined, printed and raised, but not looked into while tracing."""

    __slots__ = ()

    def __add__(self, other: str) -> RunTimeText:
        return RunTimeText(str.__add__(self, other))

    def __radd__(self, other: str) -> RunTimeText:
        return RunTimeText(str(other) + str.__str__(self))

    def __str__(self) -> str:
        return self

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
