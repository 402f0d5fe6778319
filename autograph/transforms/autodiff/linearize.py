"""The gradient of a whole graph: a forward graph that also gives what the backward graph takes.

An eager tape uses it when a compiled function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from autograph.ops.creation import zeros
from autograph.ops.lists import zeros_like_any
from autograph.runtime.backend import Executable, get_backend
from autograph.runtime.context import Context, current_tapes, use
from autograph.runtime.ir import Graph, Region, Value, clone_graph, free_values
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import RefType
from autograph.runtime.variable import Variable
from autograph.transforms.autodiff import conditional as _conditional
from autograph.transforms.autodiff import loop as _loop
from autograph.transforms.autodiff.reverse import Reverse, is_differentiable, mark_active
from autograph.transforms.autodiff.saving import symbol_carriers
from autograph.transforms.autodiff.variables import hoist_reads
from autograph.transforms.optimize import optimize

RULES = (_conditional.reverse_cond, _loop.reverse_while)
Runner = Callable[[Executable, list[Any]], list[Any]]


@dataclass
class Linearized:
    """A graph's forward and backward graphs.

    Attributes:
        forward: the graph with `saved` further results.
        backward: takes these and the cotangents of the results in `outputs`; gives those of the parameters in `inputs`.
    """

    forward: Graph
    backward: Graph
    outputs: list[int]
    inputs: list[int]
    saved: int


def linearize(graph: Graph) -> Linearized:
    """Differentiates a graph by all its float parameters, variables included."""
    forward = clone_graph(graph)
    trace = Trace(forward.name)
    trace.graph = forward
    trace.region = forward.body
    trace.skip_symbols(graph)
    nodes = hoist_reads(list(forward.body.nodes))
    inputs = [i for i, param in enumerate(forward.params) if is_differentiable(param.type)]
    outputs = [i for i, value in enumerate(forward.results) if is_differentiable(value.type)]
    backward = _backward(trace, nodes, inputs, outputs)
    saved = [value for value in free_values(backward) if not isinstance(value.type, RefType)]
    saved += symbol_carriers(backward, forward.body, saved)
    body = Region([value.type for value in saved])
    body.params += backward.params
    for param in backward.params:
        param.region = body
    graph_of_backward = Graph(f"{graph.name}_backward", body)
    mapping = dict(zip(saved, body.params, strict=False))
    body.nodes, body.results = backward.nodes, backward.results
    for node in body.nodes:
        node.region = body
        for output in node.outputs:
            output.region = body
        for inner in node.regions:
            inner.parent = body
    _replace(body, mapping)
    forward.body.results = [*forward.body.results, *saved]
    return Linearized(forward, clone_graph(graph_of_backward), outputs, inputs, len(saved))


def _backward(trace: Trace, nodes: Sequence[Any], inputs: list[int], outputs: list[int]) -> Region:
    params, results = trace.graph.params, trace.graph.results
    active = {params[i] for i in inputs}
    mark_active(nodes, active)
    reverse = Reverse(Tensor, active)
    backward = Region()
    with use(Context(trace)), trace.inside(backward):
        for i in outputs:
            reverse.accumulate(results[i], Tensor(backward.add_param(results[i].type)))
        reverse.run(nodes)
        backward.results = [trace.value(_final(reverse, trace, params[i])) for i in inputs]
    return backward


def _final(reverse: Reverse, trace: Trace, param: Value) -> Any:
    found = reverse.cotangents.get(param)
    if found is not None:
        return found
    if isinstance(param.type, RefType):
        return zeros(param.type.value.shape, param.type.value.dtype)
    return reverse.cotangent(param)


def _replace(region: Region, mapping: dict[Value, Value]) -> None:
    for node in region.nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        for inner in node.regions:
            _replace(inner, mapping)
    region.results = [mapping.get(value, value) for value in region.results]


class _Compiled:
    """A linearized graph with its executables."""

    def __init__(self, graph: Graph, backend: str) -> None:
        self.linear = linearize(graph)
        self.backend = backend
        self.run_forward = get_backend(backend).compile(optimize(self.linear.forward))


_compiled: WeakKeyDictionary[Graph, dict[str, _Compiled]] = WeakKeyDictionary()


class GraphCall(Op):
    """The op that a tape records for a call of a graph; its rule runs the backward graph.

    It is of one call, so it is not among the declared ops.
    """

    __slots__ = ("_compiled", "_graph", "_run")

    def __init__(self, graph: Graph, compiled: _Compiled, run: Runner) -> None:
        self.name = f"call_{graph.name}"
        self.kind = Kind.CONTROL
        self.effects = Effect.NONE
        self.vjp = self.cotangents
        self._graph = graph
        self._compiled = compiled
        self._run = run

    def cotangents(self, cts: Any, outs: Any, *operands: Any) -> tuple[Any, ...]:
        """The cotangents of the operands."""
        linear = self._compiled.linear
        cts = cts if isinstance(cts, tuple) else (cts,)
        outs = outs if isinstance(outs, tuple) else (outs,)
        count = len(outs) - linear.saved
        if any(ct is not None for ct in cts[count:]):  # a second-order gradient reaches what the forward pass saved
            wider = GraphCall(linear.forward, _compile(linear.forward, self._compiled.backend), self._run)
            extra = wider.outputs_of(operands)
            return wider.cotangents((*cts, *[None] * (len(extra) - len(cts))), tuple(extra), *operands)
        given = [cts[i] if cts[i] is not None else zeros_like_any(outs[i]) for i in linear.outputs]
        results = call_with_gradient(linear.backward, [*outs[count:], *given], self._run, self._compiled.backend)
        found: list[Any] = [None] * len(operands)
        for position, ct in zip(linear.inputs, results, strict=True):
            found[position] = ct
        return tuple(found)

    def outputs_of(self, operands: Sequence[Any]) -> list[Tensor]:
        """The results and saved values of the forward graph."""
        raws = [x if isinstance(x, Variable) else x._value for x in operands]
        return [Tensor(raw) for raw in self._run(self._compiled.run_forward, raws)]


def _compile(graph: Graph, backend: str) -> _Compiled:
    known = _compiled.setdefault(graph, {})
    if backend not in known:
        known[backend] = _Compiled(graph, backend)
    return known[backend]


def call_with_gradient(graph: Graph, operands: Sequence[Any], run: Runner, backend: str) -> list[Tensor]:
    """Runs a graph so that the tapes that watch can differentiate it.

    Args:
        graph: the graph.
        operands: a tensor for each parameter, a variable for each reference.
        run: runs an executable and raises the user's exceptions.
        backend: the backend to run on.

    Returns:
        The results.
    """
    compiled = _compile(graph, backend)
    op = GraphCall(graph, compiled, run)
    outputs = op.outputs_of(operands)
    for tape in current_tapes():
        tape.record(op, list(operands), {}, tuple(outputs))
    return outputs[: len(outputs) - compiled.linear.saved]
