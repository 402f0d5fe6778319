"""Tracebacks for users: their own lines, without the frames of this package that lead from one to the next."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from autograph.errors import AutoGraphError, ConversionError
from autograph.runtime.location import is_internal, is_library

# What makes the user's calls: where a call itself fails (arguments that do not fit), the user's line is at fault.
_HANDS_OVER = tuple([str(Path("staging", name)) for name in ("calls.py", "recursion.py")])
_VARIABLE = "AUTOGRAPH_FULL_TRACEBACKS"


def users_frames(error: BaseException) -> TracebackType | None:
    """An exception's traceback without this package's frames.

    It stays whole where the package itself fails, and when the environment sets AUTOGRAPH_FULL_TRACEBACKS.

    Args:
        error: an exception that leaves this package.

    Returns:
        The traceback to raise it with.
    """
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    innermost = frames[-1].tb_frame.f_code.co_filename
    foreseen = isinstance(error, AutoGraphError) or not is_internal(innermost) or innermost.endswith(_HANDS_OVER)
    if not foreseen or os.environ.get(_VARIABLE):
        return error.__traceback__
    walkers = isinstance(error, ConversionError)  # of syntax trees, from a library
    kept: TracebackType | None = None
    for frame in reversed(frames):
        file = frame.tb_frame.f_code.co_filename
        if not is_internal(file) and not (walkers and is_library(file)):
            kept = TracebackType(kept, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return kept
