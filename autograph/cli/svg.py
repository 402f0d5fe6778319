"""A graph as an SVG picture, drawn without another program."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograph.cli.drawing import Box, Frame, drawing
from autograph.cli.layout import LINE, PAD, place
from autograph.runtime.ir import Graph

_STYLE = (
    "text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1f24}"
    ".type{fill:#57606a}.title{fill:#57606a;font-style:italic}"
    ".frame{fill:#8a94a0;fill-opacity:.13;stroke:#8a94a0;stroke-dasharray:4 3}"
    ".op{fill:#fff;stroke:#57606a}.input{fill:#ddf4ff;stroke:#0969da}.output{fill:#dafbe1;stroke:#1a7f37}"
    ".block{fill:#fffbea;stroke:#9a6700}.arrow{fill:none;stroke:#6e7781;marker-end:url(#tip)}"
)
_TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#6e7781"/></marker>'
)


def to_svg(graph: Graph) -> str:
    """The picture of a graph.

    Args:
        graph: any graph.

    Returns:
        SVG text: regions are dashed frames, arrows lead from where a value is made to where it is used, and pointing
        at an op shows the source line.
    """
    made = drawing(graph)
    place(made)
    width, height = made.root.width + 2 * PAD, made.root.height + 2 * PAD
    arrows = [_arrow(source, target) for source, target in made.arrows]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">',
        f'<style>{_STYLE}</style><defs>{_TIP}</defs><rect width="100%" height="100%" fill="#fff"/>',
        *_frames(made.root),
        *arrows,
        *_boxes(made.root),
        "</svg>",
    ]
    return "\n".join(parts)


def _frames(frame: Frame) -> Iterator[str]:
    """Frames and the ops that hold frames, from the outside in: what arrows are drawn over."""
    yield _rectangle("frame", frame)
    yield _text(frame.x + PAD, frame.y + LINE, frame.title, "title")
    for box in frame.boxes:
        if box.frames:
            yield _rectangle("block", box)
        for inner in box.frames:
            yield from _frames(inner)


def _boxes(frame: Frame) -> Iterator[str]:
    """What is drawn over the arrows."""
    for box in frame.boxes:
        yield f"<g><title>{escape(box.note)}</title>"
        if not box.frames:
            yield _rectangle(box.kind, box)
        for number, line in enumerate(box.lines):
            yield _text(box.x + PAD, box.y + PAD + LINE * number + 9, line, "type" if number else "")
        yield "</g>"
        for inner in box.frames:
            yield from _boxes(inner)


def _rectangle(kind: str, area: Box | Frame) -> str:
    radius = 12 if kind in ("input", "output") else 4
    return (
        f'<rect class="{kind}" x="{area.x:.1f}" y="{area.y:.1f}" width="{area.width:.1f}" '
        f'height="{area.height:.1f}" rx="{radius}"/>'
    )


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _arrow(source: Box, target: Box) -> str:
    x0, y0 = source.x + source.width / 2, source.y + source.height
    x1, y1 = target.x + target.width / 2, target.y
    bend = min(max((y1 - y0) / 2, 12.0), 60.0)
    curve = f"M{x0:.1f} {y0:.1f}C{x0:.1f} {y0 + bend:.1f} {x1:.1f} {y1 - bend:.1f} {x1:.1f} {y1:.1f}"
    return f'<path class="arrow" d="{curve}"/>'
