"""The gradient of a call of a graph: a call of its backward graph.

The backward graph computes the forward graph once more, without its effects, and then goes back; where a graph calls
itself, its backward graph calls itself too. Graphs that are called have no variables: they get their values.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from autograph.ops.lists import zeros_like_any
from autograph.runtime.context import Context, use
from autograph.runtime.ir import Graph, Node, clone_region
from autograph.runtime.structure_ops import call_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.transforms.autodiff.conditional import active_trace
from autograph.transforms.autodiff.reverse import Reverse, is_differentiable, mark_active, register_control_rule
from autograph.transforms.autodiff.variables import without_effects

_backward: WeakKeyDictionary[Graph, Graph] = WeakKeyDictionary()


def reverse_call(reverse: Reverse, node: Node, cts: list[Any]) -> None:
    """Records the call of the backward graph and adds the cotangents of the operands."""
    trace = active_trace()
    callee: Graph = node.attrs["callee"]
    given = [
        zeros_like_any(Tensor(output)) if ct is None else ct
        for output, ct in zip(node.outputs, cts, strict=True)
        if is_differentiable(output.type)
    ]
    wanted = [value for value in node.inputs if is_differentiable(value.type)]
    inputs = [*node.inputs, *[trace.value(ct) for ct in given]]
    types = [value.type for value in wanted]
    outs = trace.record(call_op, inputs, {"callee": backward_graph(callee)}, types)
    for value, out in zip(wanted, outs, strict=True):
        reverse.accumulate(value, Tensor(out))


def backward_graph(graph: Graph) -> Graph:
    """From a graph's operands and the cotangents of its float results to the cotangents of its float operands."""
    known = _backward.get(graph)
    if known is not None:
        return known
    body = clone_region(graph.body, {})
    trace = Trace(f"{graph.name}_backward")
    made = trace.graph
    _backward[graph] = made  # found by the calls of the graph in itself
    made.body = trace.region = body
    trace.skip_symbols(graph)
    inputs = [value for value in body.params if is_differentiable(value.type)]
    outputs = [value for value in body.results if is_differentiable(value.type)]
    cts = [body.add_param(value.type) for value in outputs]
    without_effects(body)
    active = set(inputs)
    mark_active(body.nodes, active)
    reverse = Reverse(Tensor, active)
    with use(Context(trace)):
        for value, ct in zip(outputs, cts, strict=True):
            reverse.accumulate(value, Tensor(ct))
        reverse.run(list(body.nodes))
        body.results = [trace.value(reverse.cotangent(value)) for value in inputs]
    return made


register_control_rule("call", reverse_call)
