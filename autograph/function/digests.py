"""Digests of functions and descriptions of objects that are the same in another process."""

from __future__ import annotations

import contextlib
import enum
import hashlib
import inspect
import platform
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograph.function.leaf_types import FunctionLeaf, LeafType, Literal, ObjectLeaf, SpecLeaf, is_literal
from autograph.function.reads import reads_of
from autograph.runtime.location import is_internal, is_library
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable

_DEPTH = 8


class NotStorable(Exception):
    """Something has no name in another process."""


def call_digest(root: FunctionType, structure: Any, types: Sequence[LeafType], backend: str) -> str:
    """What is known before tracing: source, versions, arguments and machine.

    Raises:
        NotStorable: an argument has no name in another process.
    """
    for type_ in types:
        if isinstance(type_, FunctionLeaf | SpecLeaf) or (isinstance(type_, Literal) and isinstance(type_.value, type)):
            raise NotStorable(type_.text)
    leaves = [_described(type_) for type_ in types]
    parts = [function_digest(root), str(structure), *leaves, backend, *environment()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _described(type_: LeafType) -> str:
    if isinstance(type_, ObjectLeaf):
        return describe(type_.reference())
    if isinstance(type_, Literal):
        return f"{type(type_.value).__qualname__} {type_.value!r}"
    return type_.text


@cache
def environment() -> tuple[str, ...]:
    """Versions and machine; this package's files by size and time, so that a change of it counts, too."""
    package = Path(__file__).resolve().parent.parent
    files = sorted(package.rglob("*.py"))
    stamps = [f"{file.relative_to(package)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    own = hashlib.sha256("\n".join(stamps).encode()).hexdigest()
    return (own, sys.version, np.__version__, platform.machine(), platform.processor(), platform.system())


def function_digest(function: FunctionType, depth: int = _DEPTH) -> str:
    """A function's source, and the functions and values that it reads by name."""
    digest = hashlib.sha256(_code_text(function.__code__).encode())
    with contextlib.suppress(OSError, TypeError):
        digest.update(inspect.getsource(function.__code__).encode())
    for name in sorted(reads_of(function.__code__).globals) if depth else ():
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType) and value is not function:
            is_ours = not is_library(value.__code__.co_filename) and not is_internal(value.__code__.co_filename)
            text = function_digest(value, depth - 1) if is_ours else value.__qualname__
            digest.update(f"{name} {text}".encode())
    return digest.hexdigest()


def _code_text(code: CodeType) -> str:
    constants = [_code_text(c) if isinstance(c, CodeType) else _constant_text(c) for c in code.co_consts]
    parts = [code.co_filename, str(code.co_firstlineno), code.co_code.hex(), code.co_linetable.hex()]
    return "\n".join([*parts, *code.co_names, *code.co_varnames, *constants])


def _constant_text(value: Any) -> str:
    items = sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)
    return f"{type(value).__name__} {items}"


def describe(obj: Any) -> str:
    """An object as text that says all that a trace may have taken from it, beside what guards read of it."""
    if isinstance(obj, type | ModuleType | enum.Enum) or (is_literal(obj) and not isinstance(obj, np.generic)):
        return _named(obj)
    if isinstance(obj, np.ndarray | np.generic):
        return f"array {obj.dtype} {obj.shape}"
    if isinstance(obj, Variable):
        return f"variable {obj.type} {obj.name} {obj.trainable}"
    if isinstance(obj, Tensor):
        return f"tensor {obj.type}"
    if isinstance(obj, FunctionType):
        ours = not is_library(obj.__code__.co_filename) and not is_internal(obj.__code__.co_filename)
        return f"function {function_digest(obj)}" if ours else f"function {obj.__module__}.{obj.__qualname__}"
    if isinstance(obj, MethodType | BuiltinFunctionType | CellType):
        return f"{type(obj).__name__} {getattr(obj, '__qualname__', '')}"
    if isinstance(obj, dict):
        return f"names of {obj['__name__']}" if "__name__" in obj else f"dict {sorted(map(repr, obj))}"
    if isinstance(obj, tuple | list | set | frozenset):
        texts = [describe(item) for item in obj]
        return f"{type(obj).__name__} {sorted(texts) if isinstance(obj, set | frozenset) else texts}"
    return f"a {type(obj).__module__}.{type(obj).__qualname__}"


def _named(obj: Any) -> str:
    if isinstance(obj, ModuleType):
        return f"module {obj.__name__}"
    if isinstance(obj, type):
        return f"class {obj.__module__}.{obj.__qualname__}"
    if isinstance(obj, enum.Enum):
        return f"{type(obj).__module__}.{type(obj).__qualname__}.{obj.name}"
    return f"{type(obj).__name__} {obj!r}"
