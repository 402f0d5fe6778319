"""The tables: times of warm calls, ratios to the best peer, times of compiling."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from rich.table import Table

from benchmarks.contest import Figures
from benchmarks.contestants import CONTESTANTS, OURS
from benchmarks.row import COMPILES, RUNS, Row

Results = dict[str, dict[str, Figures]]


@dataclass
class Line:
    """One line of a table.

    Attributes:
        title: the work.
        times: seconds by contestant, the medians.
        ratios: by contestant, the median of its time in each turn divided by ours in the same turn.
        notes: why others were left out.
    """

    title: str
    times: dict[str, float]
    ratios: dict[str, float]
    notes: dict[str, str]

    @property
    def best(self) -> str | None:
        """The fastest contestant that counts as a peer."""
        peers = [name for name in self.times if CONTESTANTS[name].peer]
        return min(peers, key=self.times.__getitem__) if peers else None


def lines(rows: list[Row], results: Results) -> dict[str, list[Line]]:
    """The lines of both tables."""
    runs = [_line(row.title, results[row.name], _calls) for row in rows if row.measures == RUNS]
    loops = []
    for row in rows:
        if any(own.idles for own in results[row.name].values()):
            loops.append(_line(f"{row.title}: the loop alone", results[row.name], _beyond_idle))
    return {
        RUNS: runs + loops,
        COMPILES: [_line(row.title, results[row.name], _compiling) for row in rows],
    }


def _calls(own: Figures) -> list[float]:
    return own.calls


def _beyond_idle(own: Figures) -> list[float]:
    return [call - idle for call, idle in zip(own.calls, own.idles)]


def _compiling(own: Figures) -> list[float]:
    return [own.compiles]


def _line(title: str, figures: dict[str, Figures], series: object) -> Line:
    assert callable(series)
    found = {name: series(own) for name, own in figures.items() if own.error is None and own.calls}
    times = {name: statistics.median(values) for name, values in found.items() if values}
    ratios = {}
    for name in times:
        if OURS in times and name != OURS:
            pairs = zip(found[name], found[OURS])
            ratios[name] = statistics.median(theirs / ours if ours else float("inf") for theirs, ours in pairs)
    notes = {name: own.error for name, own in figures.items() if own.error is not None}
    return Line(title, times, ratios, notes)


def duration(seconds: float) -> str:
    """A time in a fitting unit.

    Example:
        >>> duration(0.00123)
        '1.23 ms'
    """
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if abs(seconds) >= scale:
            return f"{seconds / scale:.3g} {unit}" if seconds < 1000 * scale else f"{seconds / scale:.0f} {unit}"
    return f"{seconds / 1e-6:.2f} µs"


def table(title: str, found: list[Line], names: list[str]) -> Table:
    """A table for the terminal: times, and in brackets how often ours fits into theirs."""
    made = Table(title=title, title_justify="left")
    made.add_column("work", max_width=36)
    shown = [name for name in names if any(name in line.times for line in found)]
    for name in shown:
        made.add_column(CONTESTANTS[name].label, justify="right")
    made.add_column("best peer ÷ AutoGraph", justify="right")
    for line in found:
        best = line.best
        cells = []
        for name in shown:
            text = duration(line.times[name]) if name in line.times else "left out" if name in line.notes else ""
            cells.append(f"[bold]{text}[/bold]" if name == best else text)
        ratio = line.ratios.get(best) if best else None
        made.add_row(line.title, *cells, "" if ratio is None else f"{ratio:.2f}")
    return made
