"""What passes share that rewrite graphs: recording into finished ones, nodes one by one, uses, carries of loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograph.runtime.context import Context, use
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.trace import Trace


@contextmanager
def recording(graph: Graph) -> Iterator[Trace]:
    """A trace that goes on with a finished graph, inside a `with` block; its region is the graph's body first."""
    trace = Trace(graph.name)
    trace.skip_symbols(graph)
    trace.graph, trace.region = graph, graph.body
    with use(Context(trace)):
        yield trace
    trace.region = graph.body


def rewrite_nodes(region: Region, rewrite: Callable[[Region, Node], None]) -> None:
    """Rewrites all nodes of a region, those of a node's own regions before it.

    Args:
        region: changed in place.
        rewrite: changes a node; what it appends to the region comes before that node.
    """
    nodes, region.nodes = region.nodes, []
    for node in nodes:
        for inner in node.regions:
            rewrite_nodes(inner, rewrite)
        rewrite(region, node)
        region.append(node)


def uses(region: Region, value: Value) -> int:
    """How often a region and those inside it use a value."""
    count = region.results.count(value)
    for node in region.nodes:
        count += node.inputs.count(value) + sum(uses(inner, value) for inner in node.regions)
    return count


def drop_carry(loop: Node, place: int) -> None:
    """Removes a value that a loop carries and that nothing uses."""
    for values in (loop.outputs, loop.inputs, loop.regions[0].params, loop.regions[1].params, loop.regions[1].results):
        del values[place]
