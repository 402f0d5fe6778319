"""Finds the user's line behind a call into autograph."""

from __future__ import annotations

import sys
from pathlib import Path
from types import CodeType, FrameType

from autograph.errors import SourceLine

_package = str(Path(__file__).resolve().parent.parent)
_internal: dict[str, bool] = {}


def is_internal(file: str) -> bool:
    """Whether a code object's file name belongs to this package or the standard library's machinery around it."""
    known = _internal.get(file)
    if known is None:
        known = _internal[file] = file.startswith((_package, "<frozen", "<autograph")) or file.endswith(
            ("contextlib.py", "functools.py")
        )
    return known


def user_frame() -> FrameType | None:
    """The innermost frame that runs the user's code."""
    frame: FrameType | None = sys._getframe(1)
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


def code_line(code: CodeType, lasti: int, fallback_line: int | None) -> SourceLine:
    """The source position of one instruction of a code object."""
    line, column, end_column = fallback_line, None, None
    if lasti >= 0:
        for index, position in enumerate(code.co_positions()):
            if index == lasti // 2:
                start, end, column, end_column = position
                line = start if start is not None else line
                if end != start:
                    end_column = None
                break
    return SourceLine(code.co_filename, line or 1, code.co_name, column, end_column)
