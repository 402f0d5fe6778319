"""Attributes of nodes as text, and back."""

from __future__ import annotations

import ast
import base64
import builtins
import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.errors import IRSyntaxError, message
from autograph.runtime.dims import SymbolicDim, parse_dim
from autograph.runtime.dtypes import DType, as_dtype, from_numpy
from autograph.runtime.failure import ErrorSite, Template
from autograph.runtime.host import HostFunction
from autograph.runtime.types import ListType, RefType, TensorType

_SHORT = 16  # longer constants are printed packed
_records: dict[str, type] = {}


def register_record(cls: type) -> type:
    """Makes a dataclass with slots printable as an attribute (a decorator)."""
    _records[cls.__name__] = cls
    return cls


def attribute_text(value: Any) -> str:
    """An attribute as text that `parse_attribute` reads."""
    if isinstance(value, np.ndarray | np.generic):
        return _array_text(np.asarray(value))
    if isinstance(value, DType):
        return f"dtype:{value.name}"
    if isinstance(value, TensorType | ListType | RefType):
        return f"type<{value}>"
    if isinstance(value, SymbolicDim):
        return f"dim<{value}>"
    if isinstance(value, ErrorSite):
        name = f"{value.exception.__module__}:{value.exception.__qualname__}"
        if value.attributes is not None:
            return f"object<{name}>{attribute_text((value.arguments, value.attributes))}"
        return f"error<{name}>{attribute_text(value.arguments)}"
    if isinstance(value, type):
        return f"class<{value.__module__}:{value.__qualname__}>"
    if isinstance(value, HostFunction):
        return f"host<{value.path}>"
    if isinstance(value, Template):
        return f"template{attribute_text((value.pieces, value.specs))}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{attribute_text(item)}, " for item in value).rstrip(" ") + ")"
    if type(value).__name__ in _records:
        fields = tuple(getattr(value, name) for name in type(value).__slots__)
        return f"{type(value).__name__}{attribute_text(fields)}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float<{value}>"
    return repr(value)


def _array_text(array: Any) -> str:
    dtype = from_numpy[array.dtype]
    if array.size <= _SHORT and dtype.kind in ("bool", "int", "uint"):
        return f"array<{dtype.short}>{array.tolist()!r}"
    if array.size <= _SHORT and dtype.name in ("float32", "float64") and bool(np.isfinite(array).all()):
        return f"array<{dtype.short}>{array.tolist()!r}"
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return f"packed<{dtype.short}>({attribute_text(array.shape)}, {data!r})"


def split_top(text: str) -> list[str]:
    """The parts of a text between commas that stand in no brackets or quotes."""
    parts: list[str] = []
    depth, start, quote, skip = 0, 0, "", False
    for index, char in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = char == "\\"
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{<":
            depth += 1
        elif char in ")]}>":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def parse_attribute(text: str, parse_type: Callable[[str], Any]) -> Any:
    """The attribute that a text stands for.

    Raises:
        IRSyntaxError: it stands for none.
    """
    text = text.strip()
    if text.startswith("("):
        return tuple([parse_attribute(part, parse_type) for part in split_top(text[1:-1])])
    if text == "Ellipsis":
        return Ellipsis
    if text.startswith("dtype:"):
        return as_dtype(text[6:])
    kind, bracket, rest = text.partition("<")
    if bracket and kind in ("array", "packed", "type", "dim", "float", "error", "object", "class"):
        return _tagged(kind, rest, parse_type)
    name, bracket, rest = text.partition("(")
    if bracket and name == "template":
        pieces, specs = parse_attribute("(" + rest, parse_type)
        return Template(pieces, specs)
    if bracket and name in _records:
        return _records[name](*parse_attribute("(" + rest, parse_type))
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        raise IRSyntaxError(message(f"{text!r} is not an attribute", None)) from None


def _tagged(kind: str, rest: str, parse_type: Callable[[str], Any]) -> Any:
    if kind == "class":
        return _class(rest[:-1])
    if kind in ("type", "dim", "float"):
        inner = rest[:-1]
        return parse_type(inner) if kind == "type" else parse_dim(inner) if kind == "dim" else float(inner)
    head, _, value = rest.partition(">")
    if kind == "error":
        return ErrorSite(_class(head), parse_attribute(value, parse_type))
    if kind == "object":
        arguments, attributes = parse_attribute(value, parse_type)
        return ErrorSite(_class(head), arguments, None, attributes)
    dtype = as_dtype(head).numpy
    if kind == "array":
        return np.asarray(ast.literal_eval(value), dtype)
    shape, data = parse_attribute(value, parse_type)
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape)


def _class(name: str) -> type[BaseException]:
    module, _, path = name.partition(":")
    found: Any = builtins if module == "builtins" else importlib.import_module(module)
    for part in path.split("."):
        if part != "<locals>":
            found = getattr(found, part)
    cls: type[BaseException] = found
    return cls
