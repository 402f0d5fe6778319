"""The chart: for each row, how long each contestant takes, as a multiple of AutoGraph's time, on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.sax.saxutils import escape

from benchmarks.contestants import CONTESTANTS, ON_DEVICES, OURS
from benchmarks.table import Line, duration

WIDTH, LABELS, MARGIN = 900, 300, 24
STEP, HEAD = 34, 58
INK, FAINT, PAPER = "#1f2933", "#dde3ea", "#ffffff"
LIMIT = 100.0  # times AutoGraph's time
LEFT_OUT = ("autograph-numpy", ON_DEVICES, "numpy")  # they would stretch the axis


def chart(runs: list[Line], compiles: list[Line], about: dict[str, str]) -> str:
    """An SVG drawing.

    Args:
        runs: the lines of the table of warm calls.
        compiles: those of the table of first calls.
        about: the machine.

    Returns:
        The text of an SVG file.
    """
    parts = [("a warm call", _shown(runs)), ("the first call beyond a warm one", _shown(compiles))]
    parts = [(title, lines) for title, lines in parts if lines]
    everyone = [line for _, lines in parts for line in lines]
    axis = _Axis([ratio for line in everyone for _, ratio in _marks(line)])
    body: list[str] = []
    y = MARGIN + 28.0
    body += _legend({name for line in everyone for name in line.times if name not in LEFT_OUT})
    for title, lines in parts:
        y += HEAD
        body.append(_text(MARGIN, y - 12, title, weight="bold"))
        body += _grid(axis, y, y + STEP * len(lines))
        for line in lines:
            body += _row(line, axis, y + STEP / 2)
            y += STEP
    y += 40
    beyond = f"time ÷ AutoGraph's, right of 1 is slower; {LIMIT:g} stands for {LIMIT:g} and more"
    note = f"{beyond}. {about.get('device') or about['processor'] + ', ' + about['cores'] + ' cores'}"
    body.append(_text(MARGIN, y, note, size=12, fill="#52606d"))
    height = y + MARGIN
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif">'
    )
    paper = f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>'
    return "\n".join([opening, paper, *body, "</svg>", ""])


class _Axis:
    """A logarithmic axis that holds 1 and the given ratios up to LIMIT; what is beyond stands at its end."""

    def __init__(self, ratios: list[float]) -> None:
        powers = [math.log10(min(max(ratio, 1 / LIMIT), LIMIT)) for ratio in ratios]
        self.low = math.floor(min([*powers, -0.5]))
        self.high = math.ceil(max([*powers, 0.5]))

    def __call__(self, ratio: float) -> float:
        """Where a ratio lies."""
        part = min(max((math.log10(ratio) - self.low) / (self.high - self.low), 0.0), 1.0)
        return LABELS + part * (WIDTH - LABELS - 2 * MARGIN)

    def ticks(self) -> Iterator[float]:
        """Powers of ten."""
        return (10.0**power for power in range(self.low, self.high + 1))


def _shown(lines: list[Line]) -> list[Line]:
    return [line for line in lines if any(True for _ in _marks(line))]


def _marks(line: Line) -> Iterator[tuple[str, float]]:
    """Contestants and their ratios, the slowest first, so that close ones lie on top."""
    found = []
    for name in line.series:
        ratio = line.ratio(name)
        if name != line.ours and name not in LEFT_OUT and ratio is not None and 0 < ratio < float("inf"):
            found.append((name, ratio))
    return iter(sorted(found, key=lambda mark: -mark[1]))


def _text(
    x: float, y: float, text: str, size: int = 13, fill: str = INK, anchor: str = "start", weight: str = ""
) -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{fill}"{bold}>{escape(text)}</text>'


def _stroke(x1: float, y1: float, x2: float, y2: float, color: str, width: int) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{color}" stroke-width="{width}"/>'


def _dot(x: float, y: float, color: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{color}" stroke="{PAPER}" stroke-width="1.5"/>'


def _legend(present: set[str]) -> list[str]:
    body, x = [], float(MARGIN)
    for contestant in CONTESTANTS.values():
        if contestant.name in present:
            body.append(_dot(x + 6, MARGIN + 8, contestant.color))
            body.append(_text(x + 18, MARGIN + 12.5, contestant.label))
            x += 34 + 7.4 * len(contestant.label)
    return body


def _grid(axis: _Axis, top: float, bottom: float) -> list[str]:
    body = []
    for tick in axis.ticks():
        x = axis(tick)
        color, width = (CONTESTANTS[OURS].color, 2) if tick == 1.0 else (FAINT, 1)
        body.append(_stroke(x, top, x, bottom, color, width))
        body.append(
            _text(x, bottom + 16, f"{tick:g}" + "+" * (tick == LIMIT), size=11, fill="#52606d", anchor="middle")
        )
    return body


def _row(line: Line, axis: _Axis, y: float) -> list[str]:
    ours = line.times[line.ours or OURS]
    body = [_text(LABELS - 70, y + 4.5, line.name, anchor="end")]
    body.append(_text(LABELS - 12, y + 4.5, duration(ours), size=12, fill=CONTESTANTS[OURS].color, anchor="end"))
    marks = list(_marks(line))
    places = [axis(ratio) for _, ratio in marks] + [axis(1.0)]
    body.append(_stroke(min(places), y, max(places), y, FAINT, 3))
    body += [_dot(axis(ratio), y, CONTESTANTS[name].color) for name, ratio in marks]
    body.append(_dot(axis(1.0), y, CONTESTANTS[OURS].color))
    return body
