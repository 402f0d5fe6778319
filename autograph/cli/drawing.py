"""A graph as boxes and arrows: a box for each op, and frames within it for its regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograph.runtime.ir import Graph, Node, Region, Value

_LONGEST = 44


@dataclass(eq=False)
class Frame:
    """A region: its boxes, in the order of the graph."""

    title: str
    boxes: list[Box] = field(default_factory=list)
    owner: Box | None = None
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(eq=False)
class Box:
    """An op, a parameter or a result.

    Attributes:
        lines: its text.
        kind: "op", "input" or "output".
        frame: where it stands.
        note: what is shown when pointed at.
        frames: the regions in it.
    """

    lines: tuple[str, ...]
    kind: str
    frame: Frame
    note: str = ""
    frames: list[Frame] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass
class Drawing:
    """All boxes, and the arrows from where a value is made to where it is used."""

    root: Frame
    arrows: list[tuple[Box, Box]]


def drawing(graph: Graph) -> Drawing:
    """The drawing of a graph, without positions."""
    maker = _Maker()
    return Drawing(maker.frame(graph.body, f"func {graph.name}", "return"), maker.arrows)


class _Maker:
    def __init__(self) -> None:
        self.arrows: list[tuple[Box, Box]] = []
        self._boxes: dict[Value, Box] = {}
        self._literals: dict[Value, str] = {}

    def frame(self, region: Region, title: str, end: str) -> Frame:
        """The frame of a region."""
        made = Frame(title)
        for index, value in enumerate(region.params):
            box = Box((value.name or f"carry {index}", str(value.type)), "input", made)
            self._boxes[value] = box
            made.boxes.append(box)
        for node in region.nodes:
            self._node(node, made)
        if region.results:
            box = Box((self._call(end, region.results),), "output", made)
            made.boxes.append(box)
            self._connect(region.results, box)
        return made

    def _node(self, node: Node, frame: Frame) -> None:
        literal = _literal(node)
        if literal is not None:
            self._literals[node.outputs[0]] = literal
            return
        types = ", ".join(str(output.type) for output in node.outputs)
        lines = (self._call(node.op.name, node.inputs), *([_short(types)] if types else []))
        place = node.location
        note = "" if place is None else f"{place.file}:{place.line}: {place.text.strip()}"
        box = Box(lines, "op", frame, note)
        frame.boxes.append(box)
        self._connect(node.inputs, box)
        for output in node.outputs:
            self._boxes[output] = box
        for index, region in enumerate(node.regions):
            inner = self.frame(region, _title(node, index), "yield")
            inner.owner = box
            box.frames.append(inner)

    def _call(self, name: str, values: Sequence[Value]) -> str:
        """`pow(·, 3.0)`: numbers are written out, other values come by arrow."""
        literals = [self._literals.get(value, "·") for value in values]
        return _short(f"{name}({', '.join(literals)})" if set(literals) - {"·"} else name)

    def _connect(self, values: Sequence[Value], box: Box) -> None:
        for value in dict.fromkeys(values):
            if value in self._boxes:
                self.arrows.append((self._boxes[value], box))


def _literal(node: Node) -> str | None:
    """The number that a constant is, None for what is no number."""
    if node.op.name != "constant":
        return None
    value: Any = node.attrs["value"]
    return str(np.asarray(value).item()) if np.ndim(value) == 0 else None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _title(node: Node, index: int) -> str:
    names = {"cond": ("then", "else"), "while": ("test", "body")}.get(node.op.name, ())
    return names[index] if index < len(names) else f"region {index}"
