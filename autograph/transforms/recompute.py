"""`recompute_grad` in a graph: a call of a graph of its own, whose gradient computes the graph once more.

The gradient of a call keeps the call's operands only. A loop inside the graph is cut into segments of 1, 2, 3, …
trips, each again such a call: of n trips, the gradient keeps the carry of about √(2n) segments and, one segment at a
time, what at most √(2n) trips computed. The length need not be known.

Source: Griewank, Achieving logarithmic growth of temporal and spatial complexity in reverse automatic differentiation,
1992; Chen, Xu, Zhang, Guestrin, Training deep nets with sublinear memory cost, 2016 (segments of √n).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import optree

from autograph.ops.arithmetic import add
from autograph.ops.comparison import less
from autograph.ops.logic import logical_and
from autograph.runtime.context import Context, use
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Graph, Node, Region, Value, clone_region, free_values, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, cond_op, constant_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import RefType, TensorType
from autograph.transforms.outlined import Outlined, close_symbols
from autograph.transforms.passes.rewriting import recording
from autograph.transforms.user_functions import Ended, call_guarded

_COUNT = TensorType(int64)


def recomputed(trace: Trace, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Records a call of a function's graph; gives what the function gives."""
    structures: list[Any] = []
    kept: list[Any] = []

    def run(inputs: list[Tensor]) -> tuple[Any, list[Any]]:
        result = call_guarded(f, *args, **kwargs)
        if Ended.is_given(result):
            return result, []
        leaves, structure = optree.tree_flatten(result)
        structures.append(structure)
        kept.extend(leaves)
        return result, [leaf for leaf in leaves if isinstance(leaf, Tensor)]

    outlined = Outlined(trace, getattr(f, "__name__", "recomputed"), run, ())
    graph = outlined.graph
    segment_loops(graph)
    inputs = outlined.operands(trace)
    outs = trace.record(call_op, inputs, {"callee": graph}, [value.type for value in graph.results])
    count = len(outs) - len(outlined.written)
    outlined.write_back(trace, outs[count:])
    if Ended.is_given(outlined.value):
        Ended.pass_on()
    rest = iter(outs[:count])
    return structures[0].unflatten([Tensor(next(rest)) if isinstance(leaf, Tensor) else leaf for leaf in kept])


def segment_loops(graph: Graph) -> None:
    """Cuts the loops of a graph without variables, but those inside loops, into segments."""
    with recording(graph) as trace:
        _segment_region(trace, graph.body)


def _segment_region(trace: Trace, region: Region) -> None:
    for node in list(region.nodes):
        if node.op is while_op and _may_be_cut(node):
            _segment(trace, node)
        elif node.op is cond_op:
            for inner in node.regions:
                with trace.inside(inner):
                    _segment_region(trace, inner)


def _may_be_cut(node: Node) -> bool:
    """Whether the test may run twice (at a segment's end and at the next one's start) and no reference is used."""
    again = any(inner.op.effects & ~(Effect.FAIL | Effect.READ) for inner in walk(node.regions[0]))
    return not again and not any(isinstance(value.type, RefType) for value in free_values(*node.regions))


def _segment(trace: Trace, node: Node) -> None:
    """Rewrites a loop as a loop of segments, in place."""
    callee, frees = _segment_graph(trace, node)
    test, body = node.regions
    test.add_param(_COUNT)
    fresh = Region([param.type for param in body.params])
    length = Tensor(fresh.add_param(_COUNT))
    fresh.owner = node
    with trace.inside(fresh):
        outs = trace.record(
            call_op, [*fresh.params, *frees], {"callee": callee}, [value.type for value in callee.results]
        )
        fresh.results = [*outs, trace.value(add(length, 1))]
    fresh.parent = node.region
    node.regions[1] = fresh
    assert node.region is not None
    one = Node(constant_op, (), {"value": np.asarray(1)}, (), (_COUNT,), node.location)
    node.region.insert(node.region.nodes.index(node), one)
    node.inputs.append(one.outputs[0])
    node.add_output(_COUNT)


def _segment_graph(trace: Trace, node: Node) -> tuple[Graph, list[Value]]:
    """The graph of at most so many trips as its last own parameter says, and the outer values that it takes."""
    test, body = node.regions
    frees = free_values(test, body)
    graph = Graph("segment", Region([param.type for param in body.params]))
    outer = graph.body
    most = outer.add_param(_COUNT)
    inside = [outer.add_param(value.type) for value in frees]
    inner_trace = Trace("segment")
    inner_trace.symbols_after(trace)
    inner_trace.graph, inner_trace.region = graph, outer
    mapping = dict(zip(frees, inside, strict=True))
    again, trip = clone_region(test, dict(mapping)), clone_region(body, dict(mapping))
    with use(Context(inner_trace)):
        start = inner_trace.constant(np.asarray(0))
        for region in (again, trip):
            region.add_param(_COUNT)
        with inner_trace.inside(again):
            short = less(Tensor(again.params[-1]), Tensor(most))
            again.results = [inner_trace.value(logical_and(Tensor(again.results[0]), short))]
        with inner_trace.inside(trip):
            trip.results.append(inner_trace.value(add(Tensor(trip.params[-1]), 1)))
        types = [value.type for value in node.outputs]
        carry = outer.params[: len(types)]
        outs = inner_trace.record(while_op, [*carry, start], {}, [*types, _COUNT], [again, trip])
    outer.results = outs[:-1]
    close_symbols(trace, graph, frees, len(outer.params))
    trace.symbols_after(inner_trace)
    return graph, frees
