"""The gradient of a whole graph: a forward graph that also gives what the backward graph takes.

An eager tape uses it when a compiled function is called. The tape is told of a pure call: the values that variables
had come in, those that they get go out. So it may be differentiated any number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from autograph.ops.lists import zeros_like_any
from autograph.runtime.apply import unshared
from autograph.runtime.backend import Executable, get_backend
from autograph.runtime.context import Context, current_tapes, use
from autograph.runtime.ir import Graph, Node, Region, Value, clone_graph, free_values, replace_uses
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.structure_ops import assign_op, read_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.transforms.autodiff import attempt as _attempt
from autograph.transforms.autodiff import calls as _calls
from autograph.transforms.autodiff import conditional as _conditional
from autograph.transforms.autodiff import loop as _loop
from autograph.transforms.autodiff.reverse import Reverse, is_differentiable, mark_active
from autograph.transforms.autodiff.saving import symbol_carriers
from autograph.transforms.autodiff.variables import thread_body, without_effects
from autograph.transforms.forward.control import forward_graph
from autograph.transforms.optimize import optimize
from autograph.transforms.passes.thread_variables import assigned

RULES = (_attempt.reverse_try, _calls.reverse_call, _conditional.reverse_cond, _loop.reverse_while)
Runner = Callable[[Executable, list[Any]], list[Any]]


@dataclass
class Linearized:
    """A graph's forward and backward graphs.

    The operands are the graph's tensors, then the values that its variables had. The outputs are its results, the
    values that the variables in `assigned` get, then what is saved for the backward graph.

    Attributes:
        forward: the graph, effects included; gives what the variables had, then the outputs.
        backward: takes what is saved and cotangents of the outputs in `outputs`; gives those of the operands in
            `inputs`.
        assigned: the positions, among the variables, of those that the graph assigns.
        results: how many results the graph itself has.
        saved: how many values are saved.
    """

    forward: Graph
    backward: Graph
    outputs: list[int]
    inputs: list[int]
    assigned: list[int]
    results: int
    saved: int

    @cached_property
    def pure(self) -> Graph:
        """The forward graph as a function of its operands, without effects: it repeats a run that went well."""
        graph = clone_graph(self.forward)
        references = graph.ref_params
        body = graph.body
        for reference, value in zip(references, body.results, strict=False):
            replace_uses(body, value, body.add_param(value.type, reference.name))
        body.params[:] = [param for param in body.params if param not in references]
        body.results = body.results[len(references) :]
        without_effects(body)
        body.nodes = [node for node in body.nodes if node.op is not read_op]
        return graph


def linearize(graph: Graph) -> Linearized:
    """Differentiates a graph by all its float operands, the values of its variables included."""
    forward = clone_graph(graph)
    trace = Trace(forward.name)
    trace.graph = forward
    trace.region = forward.body
    trace.skip_symbols(graph)
    body, references, results = forward.body, forward.ref_params, len(forward.results)
    changed = assigned(body.nodes)
    state = thread_body(body)
    reads = [node.outputs[0] for node in body.nodes[: len(references)]]
    operands = [*[param for param in body.params if param not in references], *reads]
    outs = [*body.results, *[state[reference] for reference in references if reference in changed]]
    inputs = [i for i, value in enumerate(operands) if is_differentiable(value.type)]
    outputs = [i for i, value in enumerate(outs) if is_differentiable(value.type)]
    region = _backward(trace, list(body.nodes), [operands[i] for i in inputs], [outs[i] for i in outputs])
    saved = free_values(region)
    saved += symbol_carriers(region, body, saved)
    body.results = [*reads, *outs, *saved]
    positions = [i for i, reference in enumerate(references) if reference in changed]
    backward = clone_graph(_closed(region, saved, f"{graph.name}_backward"))
    return Linearized(forward, backward, outputs, inputs, positions, results, len(saved))


def _backward(trace: Trace, nodes: Sequence[Node], inputs: list[Value], outputs: list[Value]) -> Region:
    """From the cotangents of the outputs to those of the inputs, with free values of the forward graph."""
    active = set(inputs)
    mark_active(nodes, active)
    reverse = Reverse(Tensor, active)
    backward = Region()
    with use(Context(trace)), trace.inside(backward):
        for value in outputs:
            reverse.accumulate(value, Tensor(backward.add_param(value.type)))
        reverse.run(nodes)
        backward.results = [trace.value(reverse.cotangent(value)) for value in inputs]
    return backward


def _closed(region: Region, free: Sequence[Value], name: str) -> Graph:
    """A region as a graph whose first parameters are its free values."""
    body = Region([value.type for value in free])
    body.params += region.params
    for param in region.params:
        param.region = body
    for node in region.nodes:
        body.append(node)
    body.results = region.results
    for value, param in zip(free, body.params, strict=False):
        replace_uses(body, value, param)
    return Graph(name, body)


class _Compiled:
    """A linearized graph with its executables."""

    def __init__(self, graph: Graph, backend: str) -> None:
        self.linear = linearize(graph)
        self.backend = backend
        executable = get_backend(backend).compile(optimize(self.linear.forward))
        self.takes_devices = hasattr(executable, "to_tensors")
        self.run_forward: Executable = getattr(executable, "to_tensors", executable)


_compiled: WeakKeyDictionary[Graph, dict[str, _Compiled]] = WeakKeyDictionary()


class GraphCall(Op):
    """The op that a tape records for a call of a graph; its rule runs the backward graph.

    It is of one call, so it is not among the declared ops.
    """

    __slots__ = ("_compiled", "_run")

    def __init__(self, compiled: _Compiled, run: Runner) -> None:
        self.name = f"call_{compiled.linear.forward.name}"
        self.kind = Kind.CONTROL
        self.effects = Effect.NONE
        self.vjp = self.cotangents
        self.jvp = self.tangents
        self._compiled = compiled
        self._run = run

    def cotangents(self, cts: Any, outs: Any, *operands: Any) -> tuple[Any, ...]:
        """The cotangents of the operands."""
        linear, backend = self._compiled.linear, self._compiled.backend
        cts = cts if isinstance(cts, tuple) else (cts,)
        outs = outs if isinstance(outs, tuple) else (outs,)
        count = len(outs) - linear.saved
        if any(ct is not None for ct in cts[count:]):  # a higher-order gradient reaches what the forward pass saved
            outs, wider = _call(linear.pure, operands, self._run, backend)
            return wider.cotangents((*cts, *[None] * (len(outs) - len(cts))), outs, *operands)
        given = [cts[i] if cts[i] is not None else zeros_like_any(outs[i]) for i in linear.outputs]
        results = call_with_gradient(linear.backward, [*outs[count:], *given], self._run, backend)
        found: list[Any] = [None] * len(operands)
        for position, ct in zip(linear.inputs, results, strict=True):
            found[position] = ct
        return tuple(found)

    def tangents(self, tangents: Any, outs: Any, *operands: Any) -> Any:
        """The tangents of the outputs, what is saved for the backward graph included."""
        pure = self._compiled.linear.pure
        graph = forward_graph(pure)
        params = [i for i, value in enumerate(pure.params) if is_differentiable(value.type)]
        given = [zeros_like_any(operands[i]) if tangents[i] is None else tangents[i] for i in params]
        results = call_with_gradient(graph, [*operands, *given], self._run, self._compiled.backend)
        found: list[Any] = [None] * len(pure.results)
        wanted = [i for i, value in enumerate(pure.results) if is_differentiable(value.type)]
        for place, tangent in zip(wanted, results[len(pure.results) :], strict=True):
            found[place] = tangent
        return tuple(found) if isinstance(outs, tuple) else found[0]


def _compile(graph: Graph, backend: str) -> _Compiled:
    known = _compiled.setdefault(graph, {})
    if backend not in known:
        known[backend] = _Compiled(graph, backend)
    return known[backend]


def _call(graph: Graph, operands: Sequence[Any], run: Runner, backend: str) -> tuple[tuple[Tensor, ...], GraphCall]:
    """Runs a graph's forward graph and tells the tapes; its outputs, and the op for its gradient."""
    compiled = _compile(graph, backend)
    linear = compiled.linear
    op = GraphCall(compiled, run)
    variables = [x for x in operands if isinstance(x, Variable)]
    tensors = [x for x in operands if not isinstance(x, Variable)]
    known = {id(x.held) for x in tensors} | {id(x._raw) for x in variables}
    if compiled.takes_devices:
        found = run(compiled.run_forward, list(operands))
    else:
        found = [Tensor(raw) for raw in run(compiled.run_forward, [_on_host(x) for x in operands])]
    known.update(id(x._raw) for x in variables)
    made = [type(x)(unshared(x.held, known)) for x in found]
    before, outputs = made[: len(variables)], tuple(made[len(variables) :])
    after = outputs[linear.results : linear.results + len(linear.assigned)]
    for tape in current_tapes():
        for variable, tensor in zip(variables, before, strict=True):
            tape.record(read_op, (variable,), {}, (tensor,))
        tape.record(op, [*tensors, *before], {}, outputs)
        for position, tensor in zip(linear.assigned, after, strict=True):
            tape.record(assign_op, (variables[position], tensor), {}, ())
    return outputs, op


def _on_host(operand: Any) -> Any:
    return operand if isinstance(operand, Variable) else operand._value


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
    outputs, _ = _call(graph, operands, run, backend)
    return list(outputs[: len(graph.results)])
