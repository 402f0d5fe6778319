"""Splits a graph into segments, each one program of the device, and what the host does between them.

The host runs what no device program can: ops whose results' sizes depend on data, and loops and branches around them,
calls of Python, and of graphs where recursion is no loop. A graph without these is one segment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograph.backends.xla.attributes import attribute_symbols
from autograph.backends.xla.list_bounds import list_bounds
from autograph.backends.xla.list_kinds import list_kinds
from autograph.backends.xla.rules import RULES, STRUCTURAL
from autograph.runtime.dims import Dim, data_symbols, symbols_of
from autograph.runtime.ir import Graph, Node, Region, Value, free_values, walk
from autograph.runtime.op import Effect, Kind
from autograph.runtime.structure_ops import cond_op, while_op
from autograph.runtime.types import ListType, RefType, TensorType, Type, type_symbols
from autograph.transforms.ranges import orders_integers

_HOST_EFFECTS = Effect.HOST | Effect.PRINT | Effect.READ | Effect.WRITE


@dataclass
class Segment:
    """Nodes that become one program of the device.

    Attributes:
        nodes: in order.
        inputs: what it takes from before.
        outputs: what is used after it.
        symbols: the sizes that it is specialised for, besides the shapes of its inputs.
        kinds: for each list value, which kind of list it is.
        capacities: of each kind of list, at present.
        bounds: of kinds that never have more items.
        trips: how many trips loops make, where sizes and constants tell.
    """

    nodes: list[Node]
    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    symbols: tuple[str, ...] = ()
    kinds: dict[Value, int] = field(default_factory=dict)
    capacities: list[int] = field(default_factory=list)
    bounds: dict[int, Dim] = field(default_factory=dict)
    trips: Mapping[Node, Dim] = field(default_factory=dict)


@dataclass
class HostStep:
    """A node that the host runs, with the blocks of its regions."""

    node: Node
    blocks: list[Block]


@dataclass
class Block:
    """A region: its steps in order."""

    region: Region
    steps: list[Segment | HostStep]


FIRST_CAPACITY = 64


def plan(graph: Graph, trips: Mapping[Node, Dim]) -> Block:
    """The graph's steps; loops in it make so many trips, where that is known."""
    known = {name for param in graph.params for name in type_symbols(param.type)}
    return _block(graph.body, known, trips, False)


def _block(region: Region, known: set[str], trips: Mapping[Node, Dim], inner: bool) -> Block:
    known = known | {name for param in region.params for name in type_symbols(param.type)}
    steps: list[Segment | HostStep] = []
    for node in region.nodes:
        if _on_device(node, known) and not (inner and node.op.kind is Kind.LIST):
            if not steps or isinstance(steps[-1], HostStep):
                steps.append(Segment([]))
            steps[-1].nodes.append(node)  # type: ignore[union-attr]
            continue
        steps.append(HostStep(node, [_block(sub, known, trips, True) for sub in node.regions]))
        known = known | {name for output in node.outputs for name in type_symbols(output.type)}
    _connect(region, steps, trips)
    return Block(region, steps)


def _connect(region: Region, steps: Sequence[Segment | HostStep], trips: Mapping[Node, Dim]) -> None:
    """Finds what segments take and give."""
    needed = set(region.results)
    for step in reversed(steps):
        if isinstance(step, HostStep):
            needed |= {*step.node.inputs, *free_values(*step.node.regions)}
            continue
        made = [output for node in step.nodes for output in node.outputs]
        step.outputs = [value for value in made if value in needed]
        part = Region()
        part.nodes = step.nodes
        step.inputs = free_values(part)
        needed |= set(step.inputs)
        step.kinds, count = list_kinds(step.nodes, [*step.inputs, *step.outputs])
        step.capacities = [FIRST_CAPACITY] * count
        step.bounds = list_bounds(step.nodes, step.inputs, step.kinds, trips)
        step.trips = {node: trips[node] for node in walk(part) if _is_counted(node, trips)}
        more = [name for dim in (*step.bounds.values(), *step.trips.values()) for name in symbols_of(dim)]
        step.symbols = tuple(sorted(_symbols(part) | set(more)))


def _is_counted(node: Node, trips: Mapping[Node, Dim]) -> bool:
    """Whether a loop makes so many trips as is known of it, and cannot end earlier, on a failure."""
    count = trips.get(node)
    if node.op is not while_op or count is None or data_symbols(count):
        return False
    test = node.regions[0].results[0].node
    return test is not None and orders_integers(test)


def _symbols(region: Region) -> set[str]:
    """All sizes that types in a region mention, lists' elements included."""
    found: set[str] = set()
    for node in walk(region):
        params = [param for inner in node.regions for param in inner.params]
        for value in (*node.inputs, *node.outputs, *params):
            type_ = value.type.element if isinstance(value.type, ListType) else value.type
            found |= type_symbols(type_)
        for attr in node.attrs.values():
            found |= attribute_symbols(attr)
    return found


def _on_device(node: Node, known: set[str]) -> bool:
    """Whether a node can be part of a device program, once the known sizes are numbers."""
    if node.op.effects & _HOST_EFFECTS or node.attrs.get("binds"):
        return False
    if node.op.name not in RULES and node.op.name not in STRUCTURAL and not _can_call_back(node):
        return False
    params = [param for region in node.regions for param in region.params]
    if not all(_is_sized(value.type, known) for value in (*node.inputs, *node.outputs, *params)):
        return False
    if not _keeps_sizes(node):
        return False
    return all(_on_device(inner, known) for region in node.regions for inner in region.nodes)


def _keeps_sizes(node: Node) -> bool:
    """Whether both branches, or all trips, give values of the sizes that the types say."""
    if node.op is cond_op:
        rows = [(region.results, node.outputs) for region in node.regions]
    elif node.op is while_op:
        test, body = node.regions
        rows = [(found, test.params) for found in (node.inputs, body.params, body.results, node.outputs)]
    else:
        return True
    return all(_shape(a.type) == _shape(b.type) for found, wanted in rows for a, b in zip(found, wanted, strict=True))


def _shape(type_: Type) -> Any:
    return type_.shape if isinstance(type_, TensorType) else None


def _can_call_back(node: Node) -> bool:
    """Whether the reference kernel can be called from within a device program."""
    if node.op.kernel is None or (node.op.effects & Effect.FAIL and node.op.requires is None):
        return False
    return all(isinstance(value.type, TensorType) for value in (*node.inputs, *node.outputs))


def _is_sized(type_: Type, known: set[str]) -> bool:
    """Whether the size of a value is a number once the known sizes are."""
    if isinstance(type_, RefType):
        return False
    if isinstance(type_, ListType):
        element = type_.element
        return isinstance(element, TensorType) and not any(
            data_symbols(d) or not known.issuperset(symbols_of(d)) for d in element.shape
        )
    return type_symbols(type_) <= known
