"""Calls of users' functions by transforms: staging, which lies above, converts them while a graph is traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from autograph.runtime.context import current_trace

_call: Callable[..., Any] | None = None
_guarded: Callable[[Callable[[], Any]], Any] | None = None
_diverge: type[BaseException] = RuntimeError


def set_call(
    call: Callable[..., Any], guarded: Callable[[Callable[[], Any]], Any], diverged: Any, diverge: type[BaseException]
) -> None:
    """Sets how converted code calls a function (staging announces it here).

    Args:
        call: calls a function.
        guarded: gives what a function without arguments gives; an exception of the user's is recorded, and gives
            `diverged`.
        diverged: what stands for no value.
        diverge: what to raise where nothing comes after a recorded exception.
    """
    global _call, _guarded, _diverge
    _call, _guarded, _diverge = call, guarded, diverge
    Ended.value = diverged


def call_function(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`function(*args, **kwargs)`; in a graph that is being traced, the function is converted."""
    if _call is None or current_trace() is None:
        return function(*args, **kwargs)
    return _call(function, *args, **kwargs)


class Ended:
    """What a guarded call gives where the function raised in every case."""

    value: Any = None

    @classmethod
    def is_given(cls, value: Any) -> bool:
        """Whether a guarded call gave nothing, since its exception is recorded."""
        return cls.value is not None and value is cls.value

    @staticmethod
    def pass_on() -> NoReturn:
        """Tells the code around that nothing comes after the recorded exception."""
        raise _diverge


def call_guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Calls a function while a graph is traced; an exception that it raises in every case is recorded in the graph."""
    if _guarded is None:
        return call_function(function, *args, **kwargs)
    return _guarded(lambda: call_function(function, *args, **kwargs))
