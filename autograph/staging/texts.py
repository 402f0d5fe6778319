"""Text in converted code."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from types import BuiltinFunctionType
from typing import Any, NoReturn

from autograph.errors import GraphTensorError
from autograph.runtime.context import current_trace
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import RunTimeText, set_converted, showing
from autograph.runtime.trace import has_placeholder
from autograph.staging.failures import holds_graph_values
from autograph.transpiler import is_generated

# Functions of C that take text without looking at what it says.
_JOINING = frozenset(
    {"join", "format", "__add__", "append", "extend", "insert", "add", "setdefault", "update", "__init__"}
)
# `%-6.2f`: what Python's old formats are made of.
_CONVERSION = re.compile(r"%(?P<flags>[-+ 0#]*)(?P<width>\d*)(?:\.(?P<digits>\d+))?(?P<kind>[a-zA-Z%])")
_NUMBERS = "dfFeEgGxXo"
# Modules of the standard library whose functions read text.
READERS = frozenset(
    {
        *("re", "_sre", "json", "_json", "string", "textwrap", "unicodedata", "hashlib", "_hashlib", "base64", "zlib"),
        *("struct", "_struct", "pickle", "_pickle", "logging", "warnings", "_warnings", "fnmatch", "shlex", "html"),
    }
)


set_converted(is_generated)


def text(value: Any) -> Any:
    """A formatted text; one that shows run-time values may be joined, printed and raised, but not looked into."""
    return RunTimeText(value) if type(value) is str and has_placeholder(value) else value


class _Formatter(string.Formatter):
    """`str.format`, which tells text of run-time values from other text."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return text(super().convert_field(value, conversion))


def formatted(template: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """`template.format(*args, **kwargs)`."""
    with showing():
        if not any(map(holds_graph_values, (*args, *kwargs.values()))):
            return text(template.format(*args, **kwargs))
        return text(_Formatter().vformat(template, args, kwargs))


def percent(template: str, values: Any) -> Any:
    """`template % values`; tensors of the graph are shown as they are when it runs."""
    given = values if isinstance(values, tuple) else (values,)
    if current_trace() is None or not any(map(holds_graph_values, given)):
        return text(template % values)
    rest = list(given)

    def shown(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return found[0]
        if not rest:
            return found[0]  # which Python refuses below
        value = rest.pop(0)
        if isinstance(value, Tensor) and value.is_graph:
            if found["kind"] in "dxXo" and not value.dtype.is_integer:
                _refuse_format(found)
            return format(value, _spec(found))
        with showing():
            made = found[0] % (value,)
        if (found["width"] or found["digits"]) and has_placeholder(made):
            _refuse_format(found)
        return str.replace(made, "%", "%%")

    made = _CONVERSION.sub(shown, template)
    return text(made % tuple(rest))


def _spec(found: re.Match[str]) -> str:
    """The format of an f-string that says the same as an old one."""
    flags, kind = found["flags"], found["kind"]
    if kind in "sra" and not found["digits"]:
        width = f"{'<' if '-' in flags else '>'}{found['width']}" if found["width"] else ""
        return f"!{kind}:{width}" if kind != "s" or width else ""
    if kind not in _NUMBERS or ("-" in flags and "0" in flags):
        _refuse_format(found)
    align = "<" if "-" in flags else ""
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags else ""
    digits = f".{found['digits']}" if found["digits"] and kind not in "dxXo" else ""
    if found["digits"] and kind in "dxXo":
        _refuse_format(found)
    return f"{align}{sign}{'#' if '#' in flags else ''}{zero}{found['width']}{digits}{kind}"


def _parts(argument: Any) -> list[Any]:
    """What is in a structure of Python's own types."""
    if isinstance(argument, list | tuple):
        return [part for item in _items(argument) for part in _parts(item)]
    if isinstance(argument, dict):
        return [part for item in dict.values(argument) for part in _parts(item)]
    return [argument]


def _items(argument: list[Any] | tuple[Any, ...]) -> Iterable[Any]:
    return list.__iter__(argument) if isinstance(argument, list) else argument


def _refuse_format(found: re.Match[str]) -> NoReturn:
    refuse(GraphTensorError, f"the format {found[0]!r} shows a tensor", "write an f-string")


def require_unread(function: Any, arguments: Iterable[Any]) -> None:
    """Refuses to hand text of run-time values to code that may look into it.

    Raises:
        GraphTensorError: an argument is such text, and the function does more than join texts.
    """
    if isinstance(function, type) and issubclass(function, BaseException):
        return
    if isinstance(function, BuiltinFunctionType) and function.__name__ in _JOINING:
        return
    if any(isinstance(part, RunTimeText) for argument in arguments for part in _parts(argument)):
        name = getattr(function, "__qualname__", None) or type(function).__name__
        refuse(
            GraphTensorError,
            f"text made of a tensor's value is handed to {name}, but the value is known at run time only",
            "compute with the tensor itself; text of it can be printed and raised",
        )
