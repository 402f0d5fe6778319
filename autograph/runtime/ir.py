"""The graph: typed values in SSA form, nodes with regions for control flow.

A region may use values of the regions around it; a value is defined once, before its uses, as a parameter of
a region or an output of a node. Symbolic dimensions are bound by the first value whose type mentions them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograph.errors import SourceLine
from autograph.runtime.op import Op
from autograph.runtime.types import RefType, Type


class Value:
    """One SSA value: its type, and where it is defined (`node` is None for a region's parameter)."""

    __slots__ = ("name", "node", "region", "type")

    def __init__(self, type_: Type, node: Node | None = None, region: Region | None = None, name: str = "") -> None:
        self.type = type_
        self.node = node
        self.region = region
        self.name = name

    def __repr__(self) -> str:
        return f"%{self.name or '?'}: {self.type}"


class Node:
    """One operation: operands, attributes known when tracing, regions, outputs and the user's line."""

    __slots__ = ("attrs", "inputs", "location", "op", "outputs", "region", "regions")

    def __init__(
        self,
        op: Op,
        inputs: Sequence[Value],
        attrs: Mapping[str, Any],
        regions: Sequence[Region],
        output_types: Sequence[Type],
        location: SourceLine | None,
    ) -> None:
        self.op = op
        self.inputs = list(inputs)
        self.attrs = dict(attrs)
        self.regions = list(regions)
        for region in self.regions:
            region.owner = self
        self.outputs = [Value(type_, self) for type_ in output_types]
        self.location = location
        self.region: Region | None = None

    def add_output(self, type_: Type) -> Value:
        """A further output (a residual that a gradient asks for)."""
        value = Value(type_, self, self.region)
        self.outputs.append(value)
        return value

    def __repr__(self) -> str:
        return f"<{self.op.name} -> {', '.join(map(repr, self.outputs))}>"


class Region:
    """A block of nodes with parameters and results.

    `owner` is the node that runs it, if any; `parent` the region around it, known already while it is traced.
    """

    __slots__ = ("nodes", "owner", "params", "parent", "results")

    def __init__(self, param_types: Sequence[Type] = (), names: Sequence[str] = ()) -> None:
        self.params: list[Value] = []
        self.nodes: list[Node] = []
        self.results: list[Value] = []
        self.owner: Node | None = None
        self.parent: Region | None = None
        for index, type_ in enumerate(param_types):
            self.add_param(type_, names[index] if index < len(names) else "")

    def add_param(self, type_: Type, name: str = "") -> Value:
        value = Value(type_, None, self, name)
        self.params.append(value)
        return value

    def append(self, node: Node) -> Node:
        return self.insert(len(self.nodes), node)

    def insert(self, index: int, node: Node) -> Node:
        node.region = self
        for output in node.outputs:
            output.region = self
        for inner in node.regions:
            inner.parent = self
        self.nodes.insert(index, node)
        return node

    def encloses(self, other: Region | None) -> bool:
        """Whether `other` is this region or lies inside it."""
        while other is not None:
            if other is self:
                return True
            other = other.parent
        return False


class Graph:
    """A function in graph form: its body region, whose parameters are arguments, captured tensors, then variables."""

    __slots__ = ("__weakref__", "body", "name")

    def __init__(self, name: str, body: Region | None = None) -> None:
        self.name = name
        self.body = body if body is not None else Region()

    @property
    def params(self) -> list[Value]:
        return self.body.params

    @property
    def results(self) -> list[Value]:
        return self.body.results

    @property
    def ref_params(self) -> list[Value]:
        return [value for value in self.params if isinstance(value.type, RefType)]

    def __str__(self) -> str:
        return _printer(self) if _printer is not None else f"<graph {self.name}>"


# The text form lies in a module of its own, which needs this one: it announces itself here.
_printer: Callable[[Graph], str] | None = None


def set_printer(printer: Callable[[Graph], str]) -> None:
    """Makes `str(graph)` use the text form."""
    global _printer
    _printer = printer


def walk(region: Region) -> Iterator[Node]:
    """All nodes of a region and of the regions inside it, in program order, outer nodes first."""
    for node in region.nodes:
        yield node
        for inner in node.regions:
            yield from walk(inner)


def users_in(region: Region) -> dict[Value, list[tuple[Region, Node | None]]]:
    """Where values are used in a region and inside it: regions, and nodes (None for a region's result)."""
    found: dict[Value, list[tuple[Region, Node | None]]] = {}

    def visit(region: Region) -> None:
        for node in region.nodes:
            for value in node.inputs:
                found.setdefault(value, []).append((region, node))
            for inner in node.regions:
                visit(inner)
        for value in region.results:
            found.setdefault(value, []).append((region, None))

    visit(region)
    return found


def free_values(*regions: Region) -> list[Value]:
    """Values that the regions use but that are defined outside them, in order of first use."""
    found: dict[Value, None] = {}

    def visit(region: Region, defined: set[Value]) -> None:
        defined = defined | set(region.params)
        for node in region.nodes:
            uses(node.inputs, defined)
            for inner in node.regions:
                visit(inner, defined)
            defined.update(node.outputs)
        uses(region.results, defined)

    def uses(values: Sequence[Value], defined: set[Value]) -> None:
        for value in values:
            if value not in defined:
                found.setdefault(value)

    for region in regions:
        visit(region, set())
    return list(found)


def clone_region(region: Region, mapping: dict[Value, Value]) -> Region:
    """A copy of a region; `mapping` says what stands for outer values and collects the copies of inner ones."""
    copy = Region()
    for param in region.params:
        mapping[param] = copy.add_param(param.type, param.name)
    for node in region.nodes:
        copy.append(clone_node(node, mapping))
    copy.results = [mapping.get(value, value) for value in region.results]
    return copy


def clone_node(node: Node, mapping: dict[Value, Value]) -> Node:
    """A copy of a node and its regions, not yet in a region."""
    inputs = [mapping.get(value, value) for value in node.inputs]
    regions = [clone_region(inner, mapping) for inner in node.regions]
    copy = Node(node.op, inputs, node.attrs, regions, [out.type for out in node.outputs], node.location)
    for old, new in zip(node.outputs, copy.outputs, strict=True):
        new.name = old.name
        mapping[old] = new
    return copy


def clone_graph(graph: Graph) -> Graph:
    """A copy that shares nothing mutable with the original."""
    return Graph(graph.name, clone_region(graph.body, {}))


def replace_uses(region: Region, old: Value, new: Value) -> None:
    """Makes every use of `old` in the region (and inside it) a use of `new`."""
    for node in region.nodes:
        node.inputs = [new if value is old else value for value in node.inputs]
        for inner in node.regions:
            replace_uses(inner, old, new)
    region.results = [new if value is old else value for value in region.results]
