"""What is going on in this thread or task: the graph being traced and the tapes that watch eager ops.

This is the one piece of ambient state; everything else is passed along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from autograph.runtime.trace import Trace


class Recorder(Protocol):
    """A tape, as `apply` sees it: it is told of every eager op."""

    def record(self, op: Any, operands: Any, attrs: Any, outputs: Any) -> None: ...


class Context:
    """The trace that ops are recorded into (None: ops run at once) and the tapes that eager ops are told to."""

    __slots__ = ("tapes", "trace")

    def __init__(self, trace: Trace | None, tapes: tuple[Recorder, ...] = ()) -> None:
        self.trace = trace
        self.tapes = tapes


_current: ContextVar[Context | None] = ContextVar("autograph_context", default=None)
current = _current.get


def is_recording() -> bool:
    """Whether ops are recorded, into a graph or for a tape, rather than only computed."""
    context = current()
    return context is not None and (context.trace is not None or bool(context.tapes))


def current_trace() -> Trace | None:
    """The trace that ops are being recorded into, if any."""
    context = current()
    return None if context is None else context.trace


def current_tapes() -> tuple[Recorder, ...]:
    """The tapes watching eager ops."""
    context = current()
    return () if context is None else context.tapes


@contextmanager
def use(context: Context | None) -> Iterator[None]:
    """Makes `context` the current one inside a `with` block."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def set_current(context: Context | None) -> None:
    """Makes `context` the current one from here on (for tapes, which open and close out of order)."""
    _current.set(context)
