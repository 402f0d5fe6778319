"""Tangents through control flow: loops and branches carry them beside the values that they are of."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from autograph.runtime.context import Context, use
from autograph.runtime.ir import Graph, Node, Region, Value, clone_region
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.transforms.autodiff.conditional import active_trace
from autograph.transforms.autodiff.reverse import is_differentiable, mark_active
from autograph.transforms.forward.pusher import Forward, fitted, register_control_rule

_forward: WeakKeyDictionary[Graph, Graph] = WeakKeyDictionary()


def _add_results(forward: Forward, trace: Trace, region: Region, wanted: list[Value]) -> None:
    """Differentiates a region in place; the tangents of these of its results become results too."""
    with trace.inside(region):
        forward.run_region(trace, region)
        region.results += [trace.value(fitted(forward.tangent(value), value.type)) for value in wanted]


def forward_cond(forward: Forward, node: Node) -> None:
    """Gives a cond the tangents of its outputs as outputs."""
    trace = active_trace()
    places = [i for i, output in enumerate(node.outputs) if output in forward.active]
    for region in node.regions:
        _add_results(forward, trace, region, [region.results[i] for i in places])
    for i in places:
        forward.tangents[node.outputs[i]] = Tensor(node.add_output(node.outputs[i].type))


def forward_try(forward: Forward, node: Node) -> None:
    """Gives a try the tangents of its outputs as outputs."""
    trace = active_trace()
    (body,) = node.regions
    outputs = node.outputs[1:]
    places = [i for i, output in enumerate(outputs) if output in forward.active]
    _add_results(forward, trace, body, [body.results[i] for i in places])
    for i in places:
        forward.tangents[outputs[i]] = Tensor(node.add_output(outputs[i].type))


def forward_while(forward: Forward, node: Node) -> None:
    """Makes a loop carry the tangents of what it carries."""
    trace = active_trace()
    test, body = node.regions
    places = [i for i, param in enumerate(body.params) if param in forward.active]
    results = [body.results[i] for i in places]
    starts = [trace.value(fitted(forward.tangent(node.inputs[i]), node.inputs[i].type)) for i in places]
    _move_last(node)
    node.inputs += starts
    for i in places:
        test.add_param(body.params[i].type)
        forward.tangents[body.params[i]] = Tensor(body.add_param(body.params[i].type))
    _add_results(forward, trace, body, results)
    for i in places:
        forward.tangents[node.outputs[i]] = Tensor(node.add_output(node.outputs[i].type))


def forward_call(forward: Forward, node: Node) -> None:
    """Makes a call one of the callee's forward graph."""
    trace = active_trace()
    if not any(forward.tangents.get(value) is not None for value in node.inputs):
        return
    callee: Graph = node.attrs["callee"]
    node.attrs = {**node.attrs, "callee": forward_graph(callee)}
    given = [value for value in node.inputs if is_differentiable(value.type)]
    tangents = [trace.value(fitted(forward.tangent(value), value.type)) for value in given]
    _move_last(node)
    node.inputs += tangents
    for output in [output for output in node.outputs if is_differentiable(output.type)]:
        forward.tangents[output] = Tensor(node.add_output(output.type))


def _move_last(node: Node) -> None:
    """Puts a node behind those just recorded, which give what it takes."""
    assert node.region is not None
    nodes = node.region.nodes
    place = next(i for i in reversed(range(len(nodes))) if nodes[i] is node)
    nodes.append(nodes.pop(place))


def forward_graph(graph: Graph) -> Graph:
    """From a graph's operands and the tangents of the float ones to its results and the tangents of the float ones."""
    known = _forward.get(graph)
    if known is not None:
        return known
    body = clone_region(graph.body, {})
    trace = Trace(f"{graph.name}_forward")
    made = trace.graph
    _forward[graph] = made  # found by the calls of the graph in itself
    made.body = trace.region = body
    trace.skip_symbols(graph)
    inputs = [value for value in body.params if is_differentiable(value.type)]
    outputs = [value for value in body.results if is_differentiable(value.type)]
    active = set(inputs)
    mark_active(body.nodes, active)
    forward = Forward(Tensor, active)
    for value in inputs:
        forward.tangents[value] = Tensor(body.add_param(value.type))
    with use(Context(trace)):
        forward.run_region(trace, body)
        body.results += [trace.value(fitted(forward.tangent(value), value.type)) for value in outputs]
    return made


register_control_rule("cond", forward_cond)
register_control_rule("try", forward_try)
register_control_rule("while", forward_while)
register_control_rule("call", forward_call)
