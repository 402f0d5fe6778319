"""Finds the user's line behind a call into autograph."""

from __future__ import annotations

import functools
import inspect
import sys
import sysconfig
import weakref
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from autograph.errors import SourceLine

_package = str(Path(__file__).resolve().parent.parent)
_internal: dict[str, bool] = {}
_Position = tuple[int | None, int | None, int | None, int | None]
# Keyed by identity: code objects compare by content.
_tables: dict[int, tuple[weakref.ref[CodeType], list[_Position]]] = {}
_libraries = tuple(
    {str(Path(sysconfig.get_path(key)).resolve()) for key in ("stdlib", "platstdlib", "purelib", "platlib")}
)


@functools.cache
def is_library(file: str) -> bool:
    """Whether a file belongs to the standard library or an installed package."""
    resolved = str(Path(file).resolve()) if not file.startswith("<") else file
    return "site-packages" in resolved or resolved.startswith(_libraries)


def is_internal(file: str) -> bool:
    """Whether a code object's file name belongs to this package or the standard library's machinery around it."""
    known = _internal.get(file)
    if known is None:
        known = _internal[file] = file.startswith((_package, "<frozen", "<autograph")) or file.endswith(
            ("contextlib.py", "functools.py")
        )
    return known


def user_frame() -> FrameType | None:
    """The innermost frame that runs the user's code, or a library's where there is none of the user's."""
    first = frame = _skipped(sys._getframe(1))
    while frame is not None and is_library(frame.f_code.co_filename):
        frame = _skipped(frame.f_back)
    return frame or first


def library_line() -> SourceLine | None:
    """Where in a library the current call comes from, None if it comes from the user's own code."""
    frame = _skipped(sys._getframe(1))
    return frame_line(frame) if frame is not None and is_library(frame.f_code.co_filename) else None


def _skipped(frame: FrameType | None) -> FrameType | None:
    """The innermost frame that is not this package's."""
    while frame is not None and is_internal(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def user_line() -> SourceLine | None:
    """Where in the user's code the current call comes from; generated code carries the user's positions."""
    frame = user_frame()
    return None if frame is None else frame_line(frame)


def frame_line(frame: FrameType, lasti: int | None = None) -> SourceLine:
    """The source line (with columns where known) that a frame is at."""
    return code_line(frame.f_code, frame.f_lasti if lasti is None else lasti, frame.f_lineno)


def _forget(tables: dict[int, Any], key: int, _: Any) -> None:
    """Its globals may be gone: it runs also when the interpreter ends."""
    tables.pop(key, None)


def _positions(code: CodeType) -> list[_Position]:
    """The positions of a code object's instructions, kept because each read of them walks all."""
    known = _tables.get(id(code))
    if known is None or known[0]() is not code:
        key = id(code)
        known = _tables[key] = (weakref.ref(code, functools.partial(_forget, _tables, key)), list(code.co_positions()))
    return known[1]


def code_line(code: CodeType, lasti: int, fallback_line: int | None) -> SourceLine:
    """The source position of one instruction of a code object."""
    line, column, end_column = fallback_line, None, None
    if lasti >= 0:
        start, end, column, end_column = _positions(code)[lasti // 2]
        line = start if start is not None else line
        if end != start:
            end_column = None
    return SourceLine(code.co_filename, line or 1, code.co_name, column, end_column)


def definition_line(function: object) -> SourceLine | None:
    """The line that a Python function is defined at, None for what is not written in Python."""
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    return None if code is None else SourceLine(code.co_filename, code.co_firstlineno, code.co_name)
