"""The text form of graphs, for people.

func step(%x: f32[b, 784], %w: ref f32[784, 10]) -> f32[b, 10]:
  %0: f32[784, 10] = read %w
  %1: f32[b, 10] = matmul %x, %0  # train.py:14
  return %1
"""

from __future__ import annotations

from pathlib import Path

from autograph.runtime.attribute_text import attribute_text
from autograph.runtime.ir import Graph, Node, Region, Value, set_printer

_LABELS = {"cond": ("then", "else"), "while": ("test", "body"), "try": ("body",)}


class _Printer:
    def __init__(self, graphs: dict[Graph, str]) -> None:
        self.lines: list[str] = []
        self._graphs = graphs
        self._names: dict[Value, str] = {}
        self._taken: set[str] = set()
        self._count = 0

    def graph(self, graph: Graph) -> None:
        params = ", ".join(self.defined(value) for value in graph.params)
        results = ", ".join(str(value.type) for value in graph.results)
        self.lines.append(f"func {self._graphs[graph]}({params}) -> {results or '()'}:")
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
            found = self._names[value] = self._fresh(value.name)
            self._taken.add(found)
        return f"%{found}"

    def _fresh(self, hint: str) -> str:
        """An unused name: numbers for values without a name, suffixes for names in use."""
        if not hint:
            self._count += 1
            return str(self._count - 1)
        if hint not in self._taken:
            return hint
        suffix = 2
        while f"{hint}_{suffix}" in self._taken:
            suffix += 1
        return f"{hint}_{suffix}"

    def _attribute(self, value: object) -> str:
        if not isinstance(value, Graph):
            return attribute_text(value)
        if value not in self._graphs:
            taken = set(self._graphs.values())
            suffixes = ["", *[f"_{number}" for number in range(2, len(taken) + 2)]]
            self._graphs[value] = next(value.name + one for one in suffixes if value.name + one not in taken)
        return f"graph<{self._graphs[value]}>"

    def nodes(self, region: Region, indent: str) -> None:
        for node in region.nodes:
            self.node(node, indent)

    def node(self, node: Node, indent: str) -> None:
        outputs = ", ".join(self.defined(output) for output in node.outputs)
        text = f"{outputs} = {node.op.name}" if outputs else node.op.name
        if node.inputs:
            text += f" {self.used(node.inputs)}"
        if node.attrs:
            text += " {" + ", ".join(f"{key}={self._attribute(value)}" for key, value in node.attrs.items()) + "}"
        if node.location is not None:
            text += f"  # {Path(node.location.file).name}:{node.location.line}"
        self.lines.append(indent + text)
        labels = _LABELS.get(node.op.name, tuple(f"region{i}" for i in range(len(node.regions))))
        for label, region in zip(labels, node.regions, strict=False):
            params = ", ".join(self.defined(value) for value in region.params)
            self.lines.append(f"{indent}  {label}{f'({params})' if params else ''}:")
            self.nodes(region, indent + "    ")
            self.lines.append(f"{indent}    yield {self.used(region.results)}".rstrip())


def graph_text(graph: Graph) -> str:
    """The text form of a graph, and after it those of the graphs that it calls.

    Args:
        graph: the graph.

    Returns:
        Lines of text, one a node.
    """
    called = {graph: graph.name}
    lines: list[str] = []
    while len(called) > len(lines):
        printer = _Printer(called)
        printer.graph(list(called)[len(lines)])
        lines.append("\n".join(printer.lines) + "\n")
    return "\n".join(lines)


def install() -> None:
    """Makes `str(graph)` give the text form."""
    set_printer(graph_text)
