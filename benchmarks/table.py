"""The tables: times of warm calls, ratios to the best peer, times of compiling."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from rich.table import Table

from benchmarks.contest import Figures
from benchmarks.contestants import CONTESTANTS, ON_DEVICES, OURS
from benchmarks.row import COMPILES, RUNS, Row

Results = dict[str, dict[str, Figures]]


@dataclass
class Line:
    """One line of a table.

    Attributes:
        name: the row's.
        title: the work.
        series: seconds by contestant, one figure for each turn.
    """

    name: str
    title: str
    series: dict[str, list[float]]

    @property
    def times(self) -> dict[str, float]:
        """The medians, by contestant."""
        return {name: statistics.median(values) for name, values in self.series.items()}

    @property
    def best(self) -> str | None:
        """The fastest contestant that counts as a peer."""
        times = {name: time for name, time in self.times.items() if CONTESTANTS[name].peer}
        return min(times, key=times.__getitem__) if times else None

    @property
    def ours(self) -> str | None:
        """Which of ours the others are compared with."""
        return next((name for name in (OURS, ON_DEVICES) if name in self.series), None)

    def ratio(self, name: str) -> float | None:
        """The median of a contestant's time in each turn divided by ours in the same turn."""
        if self.ours is None:
            return None
        pairs = zip(self.series[name], self.series[self.ours])
        return statistics.median(theirs / ours if ours > 0 else float("inf") for theirs, ours in pairs)


def lines(rows: list[Row], results: Results) -> dict[str, list[Line]]:
    """The lines of both tables."""
    runs, compiles = [], []
    for row in rows:
        figures = {name: own for name, own in results[row.name].items() if own.error is None and own.calls}
        if row.measures == RUNS:
            runs.append(Line(row.name, row.title, {name: own.calls for name, own in figures.items()}))
        loops = {name: _beyond_idle(own) for name, own in figures.items() if own.idles}
        if loops:
            runs.append(Line(f"{row.name}, loop alone", f"{row.title}: the loop alone", loops))
        firsts = {name: [own.compiles] for name, own in figures.items() if CONTESTANTS[name].compiles}
        compiles.append(Line(row.name, row.title, firsts))
    return {RUNS: runs, COMPILES: compiles}


def _beyond_idle(own: Figures) -> list[float]:
    return [call - idle for call, idle in zip(own.calls, own.idles)]


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
    """A table for the terminal: times, the best peer's in bold, and how often ours fits into it."""
    made = Table(title=title, title_justify="left")
    made.add_column("row", no_wrap=True)
    shown = [name for name in names if any(name in line.times for line in found)]
    for name in shown:
        made.add_column(CONTESTANTS[name].label, justify="right")
    made.add_column("best peer ÷ AutoGraph", justify="right")
    for line in found:
        times, best = line.times, line.best
        cells = [duration(times[name]) if name in times else "" for name in shown]
        cells = [f"[bold]{cell}[/bold]" if name == best else cell for name, cell in zip(shown, cells)]
        ratio = line.ratio(best) if best else None
        made.add_row(line.name, *cells, "" if ratio is None else f"{ratio:.2f}")
    return made
