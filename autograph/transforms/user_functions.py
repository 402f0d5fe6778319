"""Calls of users' functions by transforms: staging, which lies above, converts them while a graph is traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograph.runtime.context import current_trace

_call: Callable[..., Any] | None = None


def set_call(call: Callable[..., Any]) -> None:
    """Sets how converted code calls a function (staging announces it here)."""
    global _call
    _call = call


def call_function(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)`; in a graph that is being traced, the function is converted."""
    if _call is None or current_trace() is None:
        return function(*args, **kwargs)
    return _call(function, *args, **kwargs)
