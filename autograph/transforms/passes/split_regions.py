"""Cuts long lines of nodes into functions that are called one after another.

What a compiler spends on a function grows faster than the function: many of moderate length are done sooner than one
long one. A loop that Python unrolled while it was traced is such a line. Below, functions have two nodes.

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = add %0, %x
      %2: f32[3] = tanh %1
      %3: f32[3] = multiply %2, %0
      return %3

After:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3], %1: f32[3] = call %x {callee=graph<f_part>}
      %2: f32[3] = call %1, %0 {callee=graph<f_part_2>}
      return %2

    func f_part(%x: f32[3]) -> f32[3], f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = add %0, %x
      return %0, %1

    func f_part_2(%0: f32[3], %1: f32[3]) -> f32[3]:
      %2: f32[3] = tanh %0
      %3: f32[3] = multiply %2, %1
      return %3
"""

from __future__ import annotations

from collections.abc import Iterable

from autograph.runtime.graph_symbols import bare_symbols, carrier_of, mentioned_symbols
from autograph.runtime.ir import Graph, Node, Region, Value, clone_node, free_values, walk
from autograph.runtime.structure_ops import call_op
from autograph.runtime.types import type_symbols

# Nodes in one function. LLVM's time for 1,650 nodes in one function was 34 s, in functions of 256 4.7 s, of 64 3.1 s.
SIZE = 128
# Regions of up to so many nodes stay whole: a training step's values are then computed where they are wanted.
WHOLE = 384


def split_regions(graph: Graph, size: int = SIZE, whole: int = WHOLE) -> None:
    """Makes functions of at most `size` nodes where a region has more than `whole`."""
    _split(graph.name, graph.body, set(), size, whole)


def _split(name: str, region: Region, known: set[str], size: int, whole: int) -> int:
    """Splits a region and those inside it; gives the number of nodes that it then has.

    Args:
        name: of the graph.
        region: what is split.
        known: the sizes that are known around it.
        size: how many nodes make a function.
        whole: how many stay together.
    """
    known = known | {symbol for param in region.params for symbol in bare_symbols(param.type)}
    weights, inside = [], set(known)
    for node in region.nodes:
        weights.append(1 + sum(_split(name, inner, inside, size, whole) for inner in node.regions))
        inside |= _bound([node])
    if sum(weights) <= whole:
        return sum(weights)
    made, parts = [], list(_parts(region.nodes, weights, size))
    last = {value: index for index, part in enumerate(parts) for value in free_values(_block(part))}
    last |= dict.fromkeys(region.results, len(parts))
    for index, part in enumerate(parts):
        results = [value for node in part for value in node.outputs if last.get(value, index) > index]
        call = _call(name, region, part, results, known)
        known = known | _bound(part)
        made += part if call is None else [call]
    region.nodes = []
    for node in made:
        region.append(node)
    return len(made)


def _parts(nodes: list[Node], weights: list[int], size: int) -> Iterable[list[Node]]:
    part: list[Node] = []
    total = 0
    for node, weight in zip(nodes, weights, strict=True):
        if part and total + weight > size:
            yield part
            part, total = [], 0
        part.append(node)
        total += weight
    yield part


def _bound(nodes: Iterable[Node]) -> set[str]:
    """The sizes that nodes' outputs have by themselves."""
    return {symbol for node in nodes for output in node.outputs for symbol in bare_symbols(output.type)}


def _block(part: list[Node]) -> Region:
    """A region of nodes that stay where they are."""
    block = Region()
    block.nodes = part
    return block


def _call(name: str, region: Region, part: list[Node], results: list[Value], known: set[str]) -> Node | None:
    """A call of a function with the part's nodes, or None where its sizes cannot be passed on."""
    if len(part) == 1:
        return None
    inside = _block(part)
    frees = free_values(inside)
    mentioned = _mentioned(inside) | {symbol for value in frees for symbol in type_symbols(value.type)}
    missing = mentioned - {symbol for value in frees for symbol in bare_symbols(value.type)}
    new = _bound(part) - known
    for symbol in sorted(missing - new):
        carrier = carrier_of(symbol, region, part[0])
        if carrier is None:
            return None
        frees.append(carrier)
    shown = {symbol for value in results for symbol in bare_symbols(value.type)}
    for symbol in sorted(new - shown):
        results += [output for node in part for output in node.outputs if symbol in bare_symbols(output.type)][:1]
    return _called(f"{name}_part", part, frees, results)


def _called(name: str, part: list[Node], frees: list[Value], results: list[Value]) -> Node:
    graph = Graph(name, Region([value.type for value in frees], [value.name for value in frees]))
    mapping = dict(zip(frees, graph.params, strict=True))
    for node in part:
        graph.body.append(clone_node(node, mapping))
    graph.body.results = [mapping[value] for value in results]
    call = Node(call_op, frees, {"callee": graph}, (), (), part[0].location)
    for value in results:
        value.node = call
    call.outputs = results
    return call


def _mentioned(region: Region) -> set[str]:
    """All sizes that a region's types and attributes mention."""
    values = [value for node in walk(region) for value in node.outputs]
    values += [param for node in walk(region) for inner in node.regions for param in inner.params]
    return mentioned_symbols(region) | {symbol for value in values for symbol in type_symbols(value.type)}
