"""What the user names on the command line: a function, and the types of its arguments."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograph.errors import DTypeError
from autograph.function.function import plain_function
from autograph.runtime.attribute_text import split_top
from autograph.runtime.dtypes import as_dtype
from autograph.runtime.spec import TensorSpec


class TargetError(Exception):
    """The command line names something that is not there, in one line."""


def load_target(target: str) -> Any:
    """The function that `MODULE:FUNCTION` or `FILE.py:FUNCTION` names.

    Raises:
        TargetError: there is no such module, file or function.
    """
    place, separator, name = target.rpartition(":")
    if not separator or not place or not name:
        raise TargetError(f"{target!r} is not of the form MODULE:FUNCTION or FILE.py:FUNCTION")
    found: Any = _load_file(place) if place.endswith(".py") else _load_module(place)
    for part in name.split("."):
        if not hasattr(found, part):
            raise TargetError(f"{place} has no function {name!r}")
        found = getattr(found, part)
    if not callable(found):
        raise TargetError(f"{target} is a {type(found).__name__}, not a function")
    return found


def names_of(function: Any) -> Mapping[str, Any]:
    """The names of the module that a function is defined in."""
    names: Mapping[str, Any] = getattr(plain_function(function), "__globals__", {})
    return names


def _load_file(place: str) -> Any:
    path = Path(place)
    if not path.is_file():
        raise TargetError(f"there is no file {place}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise TargetError(f"{place} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise TargetError(f"running {place} raises {type(error).__name__}: {error}") from None
    return module


def _load_module(place: str) -> Any:
    sys.path.insert(0, "")
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise TargetError(f"there is no module {error.name}") from None
    except Exception as error:
        raise TargetError(f"importing {place} raises {type(error).__name__}: {error}") from None


_SPEC = re.compile(r"(?P<dtype>[a-z]+\d*)\s*(?:\[(?P<shape>[^\[\]]*)\])?")


def parse_signature(text: str, names: Mapping[str, Any] | None = None) -> list[Any]:
    """The arguments that "f32[?,784], i64[], Model(0), 0.1" stands for.

    Args:
        text: types of tensors, and Python expressions for other arguments.
        names: what the expressions may name: those of the function's module.

    Returns:
        TensorSpecs and values.

    Raises:
        TargetError: the text is not of that form, or an expression fails.
    """
    return [_argument(part.strip(), names or {}) for part in split_top(text) if part.strip()]


def _argument(text: str, names: Mapping[str, Any]) -> Any:
    match = _SPEC.fullmatch(text)
    if match is not None and text not in names and (match["shape"] is not None or is_dtype(match["dtype"])):
        return _spec(match["dtype"], match["shape"] or "")
    try:
        return eval(text, dict(names))
    except Exception as error:
        raise TargetError(
            f'{text!r} in the signature is neither a type such as "f32[?,784]" nor a Python expression of the '
            f"function's module ({type(error).__name__}: {error})"
        ) from None


def is_dtype(text: str) -> bool:
    """Whether text names a dtype."""
    try:
        as_dtype(text)
    except DTypeError:
        return False
    return True


def _spec(dtype: str, shape: str) -> TensorSpec:
    try:
        entries: list[Any] = []
        for entry in filter(None, [part.strip() for part in shape.split(",")]):
            entries.append(None if entry == "?" else int(entry) if entry.isdigit() else entry)
        return TensorSpec(entries, as_dtype(dtype))
    except (DTypeError, ValueError) as error:
        raise TargetError(str(error).splitlines()[0]) from None
