"""Text in converted code."""

from __future__ import annotations

from autograph.runtime.text import RunTimeText
from autograph.runtime.trace import has_placeholder


def text(value: str) -> str:
    """A formatted text; one that shows run-time values may be joined, printed and raised, but not looked into."""
    return RunTimeText(value) if type(value) is str and has_placeholder(value) else value
