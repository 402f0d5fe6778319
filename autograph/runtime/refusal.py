"""Refuses bad input: raises an error of ours at the user's line."""

from __future__ import annotations

from typing import NoReturn

from autograph.errors import AutoGraphError, message
from autograph.runtime.location import user_line


def refuse(error: type[AutoGraphError], what: str, hint: str | None = None) -> NoReturn:
    """Raises `error` saying what happened, at which of the user's lines, and what to do."""
    raise error(message(what, user_line(), hint)) from None
