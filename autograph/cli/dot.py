"""A graph as DOT text for Graphviz: a node for each op, a cluster for each region."""

from __future__ import annotations

from autograph.runtime.ir import Graph, Node, Region, Value


def to_dot(graph: Graph) -> str:
    """DOT text of a graph."""
    writer = _Writer()
    writer.region(graph.body, 1, [value.name or f"arg{i}" for i, value in enumerate(graph.params)])
    for index, value in enumerate(graph.results):
        writer.lines.append(f'  out{index} [label="result {index}", shape=oval];')
        writer.edge(value, f"out{index}")
    return "\n".join([f'digraph "{graph.name}" {{', "  node [shape=box, fontname=monospace];", *writer.lines, "}"])


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[Value, str] = {}
        self._count = 0

    def edge(self, value: Value, target: str) -> None:
        """An edge from where a value is made."""
        self.lines.append(f'  {self._names[value]} -> {target} [label="{value.type}"];')

    def region(self, region: Region, depth: int, labels: list[str]) -> None:
        """The nodes of a region."""
        indent = "  " * depth
        for value, label in zip(region.params, labels, strict=True):
            self._names[value] = name = self._fresh()
            self.lines.append(f'{indent}{name} [label="{label}: {value.type}", shape=oval];')
        for node in region.nodes:
            self._node(node, depth)

    def _node(self, node: Node, depth: int) -> None:
        indent = "  " * depth
        name = self._fresh()
        line = f"\\nline {node.location.line}" if node.location is not None else ""
        self.lines.append(f'{indent}{name} [label="{node.op.name}{line}"];')
        for value in node.inputs:
            self.edge(value, name)
        for output in node.outputs:
            self._names[output] = name
        for index, inner in enumerate(node.regions):
            self.lines.append(f"{indent}subgraph cluster_{name}_{index} {{")
            self.lines.append(f'{indent}  label="{_label(node, index)}";')
            self.region(inner, depth + 1, [value.name or "carry" for value in inner.params])
            self.lines.append(f"{indent}}}")
            for value in inner.results:
                self.edge(value, name)

    def _fresh(self) -> str:
        self._count += 1
        return f"n{self._count}"


def _label(node: Node, index: int) -> str:
    return {"cond": ("then", "else"), "while": ("test", "body")}.get(node.op.name, ("region",) * 9)[index]
