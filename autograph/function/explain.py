"""Why a function was traced: the history behind `fn.explain()`, and the warning when it goes on."""

from __future__ import annotations

import html
import warnings
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograph.errors import RetraceWarning
from autograph.function.cache import Entry
from autograph.runtime.ir import walk
from autograph.runtime.location import user_line
from autograph.transforms.vectorize.vmap import lane_by_lane

_TRACES, _CALLS, _KEPT = 5, 10, 100


@dataclass(frozen=True)
class Trace:
    """One trace in the history.

    Attributes:
        call: the number of the call that made it.
        cause: what differed from the nearest trace before.
        others: what differed from the others.
        types: the arguments, as the graph takes them.
        nodes: how many nodes the graph has (as optimised, where it comes from disk).
        looped: how many nodes of each op a vectorised function runs lane by lane.
        backend: the backend's name.
        from_disk: whether another process traced it.
        seconds: the time to convert and trace.
        entry: a reference to the cache's entry, which may be gone.
    """

    call: int
    cause: str
    others: tuple[str, ...]
    types: str
    nodes: int
    looped: dict[str, int]
    backend: str
    from_disk: bool
    seconds: float
    entry: Callable[[], Entry | None]

    @classmethod
    def of(cls, entry: Entry, others: Sequence[str], call: int) -> Trace:
        """The trace behind an entry."""
        types = ", ".join(type_.text for type_ in entry.types)
        graph = entry.concrete.optimized if entry.from_disk else entry.concrete.graph
        return cls(
            call=call,
            cause=entry.cause,
            others=tuple(dict.fromkeys(others)),
            types=f"({types})",
            nodes=sum(1 for _ in walk(graph.body)),
            looped=lane_by_lane(graph),
            backend=entry.backend,
            from_disk=entry.from_disk,
            seconds=entry.seconds,
            entry=weakref.ref(entry),
        )

    @property
    def compile_seconds(self) -> float | None:
        """The time to compile, None while that is not done and when the graph is gone."""
        entry = self.entry()
        return None if entry is None else entry.concrete.compile_seconds

    @property
    def fallbacks(self) -> dict[str, int]:
        """How many nodes of each op another backend runs; none when the graph is gone."""
        entry = self.entry()
        return {} if entry is None else entry.concrete.fallbacks

    @property
    def notes(self) -> list[str]:
        """How the backend runs the graph; none when the graph is gone."""
        entry = self.entry()
        return [] if entry is None else entry.concrete.notes


class Explanation:
    """What `fn.explain()` gives: text when printed, a table in a notebook.

    Attributes:
        traces: the traces, oldest first.
    """

    def __init__(self, name: str, traces: Sequence[Trace], kept: Sequence[Entry]) -> None:
        self.name = name
        self.traces = tuple(traces)
        self._kept = {number for number, trace in enumerate(traces, 1) if any(trace.entry() is e for e in kept)}

    def __str__(self) -> str:
        count = len(self.traces)
        lines = [f"{self.name}: {count} trace{'s' * (count != 1)}"]
        for number, trace in enumerate(self.traces, 1):
            dropped = "" if number in self._kept else ", no longer kept"
            lines.append(f"{number}. {trace.cause} (call {trace.call}{dropped})")
            lines.append(f"   arguments {trace.types}; {self._costs(trace)}")
            lines += [f"   also: {other}" for other in trace.others]
            lines += [f"   {trace.backend}: {note}" for note in trace.notes]
        return "\n".join(lines)

    __repr__ = __str__

    @staticmethod
    def _costs(trace: Trace) -> str:
        notes = [("run lane by lane", trace.looped), ("run by another backend", trace.fallbacks)]
        compiled = trace.compile_seconds
        text = "not compiled yet" if compiled is None else f"compiled in {compiled * 1e3:.1f} ms"
        made = "read from disk" if trace.from_disk else "traced"
        return f"{trace.nodes} nodes; {made} in {trace.seconds * 1e3:.1f} ms, {text} for {trace.backend}" + "".join(
            f"; {note}: {', '.join(f'{count} {op}' for op, count in sorted(ops.items()))}" for note, ops in notes if ops
        )

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td>{number}<td>{trace.call}<td>{html.escape(trace.cause)}<td>{html.escape(trace.types)}"
            f"<td>{html.escape('; '.join([self._costs(trace), *trace.notes]))}</tr>"
            for number, trace in enumerate(self.traces, 1)
        ]
        head = "<tr><th><th>call<th>cause<th>arguments<th>cost</tr>"
        return f"<table><caption>{html.escape(self.name)}</caption>{head}{''.join(rows)}</table>"


def _advice(cause: str) -> str:
    if cause.startswith("argument"):
        return "pass tensors instead of Python values that change, or give an input_signature"
    return "pass what changes as an argument, or keep it in an ag.Variable"


class History:
    """The traces of one function."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._traces: deque[Trace] = deque(maxlen=_KEPT)
        self._warned: set[str] = set()

    def traced(self, entry: Entry, reasons: Sequence[str], call: int) -> None:
        """Notes a trace, and warns when there are too many."""
        self._traces.append(Trace.of(entry, reasons[1:3], call))
        recent = list(self._traces)[-_TRACES:]
        if len(recent) < _TRACES or call - recent[0].call >= _CALLS:
            return
        about = entry.cause.split(":")[0].split(" was ")[0]
        if about not in self._warned:
            self._warned.add(about)
            at = user_line()
            warnings.warn_explicit(
                f"{self._name} was traced {_TRACES} times in its last {call - recent[0].call + 1} calls\n"
                f"{Explanation(self._name, recent, [e for trace in recent if (e := trace.entry()) is not None])}\n"
                f"{_advice(entry.cause)}",
                RetraceWarning,
                "<unknown>" if at is None else at.file,
                0 if at is None else at.line,
            )

    def explanation(self, kept: Sequence[Entry]) -> Explanation:
        """The history, for the user."""
        return Explanation(self._name, list(self._traces), kept)
