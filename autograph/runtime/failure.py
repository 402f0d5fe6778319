"""Failures as data: which exception an op raises at run time, with what message, at which of the user's lines."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograph.errors import SourceLine


@dataclass(frozen=True, slots=True)
class Template:
    """Text with holes that run-time values fill: `pieces[0] + value 0 formatted by specs[0] + pieces[1] + …`."""

    pieces: tuple[str, ...]
    specs: tuple[str, ...] = ()

    @classmethod
    def of_value(cls, is_number: bool = False) -> Template:
        """The template of an exception's argument that is a run-time value itself, not text; a number of Python's."""
        return cls(("", ""), ("!p" if is_number else "!v",))

    def argument(self, values: Sequence[Any]) -> Any:
        """The exception's argument for these values."""
        if self.specs not in (("!v",), ("!p",), ("!w",), ("!n",)):
            return self.fill(values)
        (value,) = values
        if self.specs == ("!w",):  # whether it is None, and the number if it is not
            return None if value[0] else value[1] if len(value) == 2 else _of_class(value[1], value[2])
        if self.specs == ("!n",):
            return _of_class(value[0], value[1])
        if self.specs == ("!p",):
            return value.item() if hasattr(value, "item") else value
        return value[()] if isinstance(value, np.ndarray) and not value.shape else value

    def fill(self, values: Sequence[Any]) -> str:
        """The text for these values, formatted as Python formats them."""
        text = [self.pieces[0]]
        for value, spec, piece in zip(values, self.specs, self.pieces[1:], strict=True):
            text.append(format_value(value, spec))
            text.append(piece)
        return "".join(text)


def format_value(value: Any, spec: str) -> str:
    """A run-time value as text; `spec` is a conversion (`!r`, `!s` or none) and a format, as in an f-string.

    The conversion `!number` takes a pair: the class of a number, and the number. `!optional` takes whether it is None,
    and the number if it is not, which may be such a pair.

    Arrays of no dimensions are formatted as the number they hold.
    """
    conversion, _, rest = spec.partition(":") if spec.startswith("!") else ("", "", spec)
    if conversion == "!choice":
        return str(json.loads(rest)[int(value)])
    if conversion == "!optional":
        is_none, *number = value.tolist()
        return format(None if is_none else number[0] if len(number) == 1 else _of_class(*number), rest)
    if conversion == "!number":
        return format_value(_of_class(*value), rest)
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()
    if conversion:
        value = string.Formatter().convert_field(value, conversion[1:])
    return format(value, rest)


def _of_class(kind: Any, number: Any) -> Any:
    """A number as one of a class: bool, int or float."""
    value = number.item() if hasattr(number, "item") else number
    classes: tuple[Any, ...] = (bool, int)
    place = int(kind.real) % 4
    return classes[place](value) if place < len(classes) else value


_OF_PROGRAM = "__autograph_of_program__"


def of_program(error: BaseException) -> BaseException:
    """Marks an exception as one that plain Python would raise too, though our code raises it."""
    vars(error)[_OF_PROGRAM] = True
    return error


def is_of_program(error: BaseException) -> bool:
    """Whether an exception is marked so."""
    return _OF_PROGRAM in vars(error)


@dataclass(frozen=True, slots=True)
class ErrorSite:
    """One place in the user's code that can raise.

    `arguments` are the exception's arguments: Python values, or templates that take the next of the payload's values.
    `attributes` are the names and values of what an exception of the user's own `__init__` holds besides; None for an
    exception that its arguments alone make. `cause` is what it was raised from, where nothing of that is known at run
    time only; the text form leaves it out.
    """

    exception: type[BaseException]
    arguments: tuple[Any, ...] = ()
    location: SourceLine | None = None
    attributes: tuple[tuple[str, Any], ...] | None = None
    cause: BaseException | None = field(default=None, compare=False, repr=False)

    @property
    def holes(self) -> tuple[Any, ...]:
        """The arguments and the values of the attributes, in the order in which they take the payload's values."""
        return (*self.arguments, *[value for _, value in self.attributes or ()])

    def build(self, payload: Sequence[Any]) -> BaseException:
        """The user's exception with its message filled in."""
        rest = list(payload)
        filled = []
        for hole in self.holes:
            if isinstance(hole, Template):
                count = len(hole.specs)
                filled.append(hole.argument(rest[:count]))
                rest = rest[count:]
            else:
                filled.append(hole)
        return self.made(filled)

    def made(self, filled: Sequence[Any]) -> BaseException:
        """The exception with values for all its holes; the user's `__init__` has run when it was raised."""
        error = self._without_cause(filled)
        if self.cause is not None:
            error.__cause__ = self.cause
        return error

    def _without_cause(self, filled: Sequence[Any]) -> BaseException:
        arguments = filled[: len(self.arguments)]
        if self.attributes is None:
            return self.exception(*arguments)
        builtin = next(base for base in self.exception.__mro__ if base.__module__ == "builtins")
        error = builtin.__new__(self.exception, *arguments)
        error.args = tuple(arguments)
        names = [name for name, _ in self.attributes]
        vars(error).update(zip(names, filled[len(arguments) :], strict=True))
        return error


@dataclass(frozen=True, slots=True)
class Requirement:
    """What has to hold before an op may run, and what its kernel raises where it does not.

    Attributes:
        ok: a bool scalar, computed with ops.
        exception: the exception's type.
        arguments: its arguments, with templates for values of the payload.
        payload: tensors that the templates show; they can be computed in every case.
    """

    ok: Any
    exception: type[BaseException]
    arguments: tuple[Any, ...] = ()
    payload: tuple[Any, ...] = ()


class Failure(Exception):
    """A graph ended with an error: the site that raised and the values of its message."""

    def __init__(self, site: ErrorSite, payload: Sequence[Any] = ()) -> None:
        super().__init__(site, payload)
        self.site = site
        self.payload = payload


def raise_failure(failure: Failure) -> NoReturn:
    """Raises the user's exception from a frame that shows the user's line in the traceback."""
    raise_at(failure.site.build(failure.payload), failure.site.location)


def raise_at(error: BaseException, location: SourceLine | None) -> NoReturn:
    """Raises `error` so that the traceback ends at `location`."""
    if location is None:
        raise error
    source = "\n" * (location.line - 1) + "raise __error__"
    code = compile(source, location.file, "exec").replace(co_name=location.function or "<module>")
    exec(code, {"__error__": error})
    raise AssertionError("unreachable")
