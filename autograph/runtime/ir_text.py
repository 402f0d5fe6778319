"""The text form of graphs, for people.

func step(%x: f32[b, 784], %w: ref f32[784, 10]) -> f32[b, 10]:
  %0: f32[784, 10] = read %w
  %1: f32[b, 10] = matmul %x, %0  # train.py:14
  return %1
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograph.runtime.dtypes import DType
from autograph.runtime.failure import ErrorSite, Template
from autograph.runtime.ir import Graph, Node, Region, Value, set_printer

_LABELS = {"cond": ("then", "else"), "while": ("test", "body")}


class _Printer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[Value, str] = {}
        self._taken: set[str] = set()
        self._count = 0

    def graph(self, graph: Graph) -> None:
        params = ", ".join(self.defined(value) for value in graph.params)
        results = ", ".join(str(value.type) for value in graph.results)
        self.lines.append(f"func {graph.name}({params}) -> {results or '()'}:")
        self.nodes(graph.body, "  ")
        self.lines.append(f"  return {self.used(graph.results)}".rstrip())

    def defined(self, value: Value) -> str:
        """A value where it is defined, with its type."""
        return f"{self.name(value)}: {value.type}"

    def used(self, values: list[Value]) -> str:
        """Values where they are used."""
        return ", ".join(self.name(value) for value in values)

    def name(self, value: Value) -> str:
        found = self._names.get(value)
        if found is None:
            found = value.name
            while not found or found in self._taken:
                found = f"{value.name}_{self._count}" if value.name else str(self._count)
                self._count += 1
            self._taken.add(found)
            self._names[value] = found
        return f"%{found}"

    def nodes(self, region: Region, indent: str) -> None:
        for node in region.nodes:
            self.node(node, indent)

    def node(self, node: Node, indent: str) -> None:
        outputs = ", ".join(self.defined(output) for output in node.outputs)
        text = f"{outputs} = {node.op.name}" if outputs else node.op.name
        if node.inputs:
            text += f" {self.used(node.inputs)}"
        if node.attrs:
            text += " {" + ", ".join(f"{key}={attribute_text(value)}" for key, value in node.attrs.items()) + "}"
        if node.location is not None:
            text += f"  # {Path(node.location.file).name}:{node.location.line}"
        self.lines.append(indent + text)
        labels = _LABELS.get(node.op.name, tuple(f"region{i}" for i in range(len(node.regions))))
        for label, region in zip(labels, node.regions, strict=False):
            params = ", ".join(self.defined(value) for value in region.params)
            self.lines.append(f"{indent}  {label}{f'({params})' if params else ''}:")
            self.nodes(region, indent + "    ")
            self.lines.append(f"{indent}    yield {self.used(region.results)}".rstrip())


def attribute_text(value: Any) -> str:
    """An attribute as text."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.size > 16:
            return f"array({array.dtype}{list(array.shape)}, …)"
        return f"{array.tolist()!r}: {array.dtype}"
    if isinstance(value, DType):
        return value.name
    if isinstance(value, ErrorSite):
        arguments = ", ".join(attribute_text(argument) for argument in value.arguments)
        return f"{value.exception.__name__}({arguments})"
    if isinstance(value, Template):
        holes = [f"{{{spec}}}" for spec in value.specs] + [""]
        return repr("".join(piece + hole for piece, hole in zip(value.pieces, holes, strict=True)))
    if isinstance(value, tuple):
        return "(" + ", ".join(attribute_text(item) for item in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, Graph):
        return f"@{value.name}"
    return repr(value) if isinstance(value, str) else str(value)


def graph_text(graph: Graph) -> str:
    """The text form of a graph.

    Args:
        graph: the graph.

    Returns:
        Lines of text, one a node.
    """
    printer = _Printer()
    printer.graph(graph)
    return "\n".join(printer.lines) + "\n"


def install() -> None:
    """Makes `str(graph)` give the text form."""
    set_printer(graph_text)
