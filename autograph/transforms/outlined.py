"""Traces a function into a graph of its own, closed over what it takes from outside: the callee of a `call`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograph.runtime.context import Context, use
from autograph.runtime.graph_symbols import bare_symbols, carrier_of, mentioned_symbols
from autograph.runtime.ir import Graph, Region, Value
from autograph.runtime.structure_ops import assign_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import Type, type_symbols
from autograph.runtime.variable import Variable
from autograph.transforms.passes.thread_variables import assigned, thread_variables


class Outlined:
    """A graph traced from a function, and what a call of it has to pass.

    Args:
        outer: the trace in which the graph will be called.
        name: the graph's name.
        run: gives the results from the parameters' tensors.
        types: the parameters' types.

    Attributes:
        graph: its parameters are those of `types`, then what it takes from outside; variables come in as values, and
            what it assigns goes out, behind the results.
        value: what `run` gave.
        extra: the outer values of the parameters that follow.
        variables: the variables whose values follow these.
        written: the variables that the graph assigns, in the order of the results that follow its own.
    """

    def __init__(
        self, outer: Trace, name: str, run: Callable[[list[Tensor]], tuple[Any, list[Any]]], types: Sequence[Type]
    ) -> None:
        trace = Trace(name, outer)
        trace.entered, trace.journal = outer.entered, outer.journal
        trace.symbols_after(outer)
        self.graph: Graph = trace.graph
        with use(Context(trace)):
            inputs = [trace.add_input(type_) for type_ in types]
            self.value, results = run(inputs)
            trace.graph.body.results = [trace.value(result) for result in results]
        outer.symbols_after(trace)
        outer.reads_elements = outer.reads_elements or trace.reads_elements
        self._order_params(trace, len(types))
        self.extra = [
            outer.value(trace.arrays.get(key, tensor)) for key, (tensor, _) in trace.captures.items()
        ]  # an array by itself, so that it is seen to change
        self.variables: list[Variable] = [variable for variable, _ in trace.variables.values()]
        self._thread(trace, len(results))
        close_symbols(outer, self.graph, self.extra, len(types) + len(self.extra))

    def _order_params(self, trace: Trace, count: int) -> None:
        body = trace.graph.body
        captured = [param for _, param in trace.captures.values()]
        body.params = [*body.params[:count], *captured, *[reference for _, reference in trace.variables.values()]]

    def _thread(self, trace: Trace, count: int) -> None:
        references = [reference for _, reference in trace.variables.values()]
        changed = set(assigned(trace.graph.body.nodes))
        thread_variables(self.graph)
        results = self.graph.body.results
        self.written = [v for v, ref in zip(self.variables, references, strict=True) if ref in changed]
        results[count:] = [value for value, ref in zip(results[count:], references, strict=True) if ref in changed]

    def operands(self, trace: Trace) -> list[Value]:
        """What a call passes behind its own operands."""
        return [*self.extra, *[trace.value(variable.value()) for variable in self.variables]]

    def write_back(self, trace: Trace, outs: Sequence[Value]) -> None:
        """Assigns what a call gave for the variables that the graph assigns."""
        for variable, out in zip(self.written, outs, strict=True):
            trace.record(assign_op, (trace.variable(variable), out), {}, ())


def close_symbols(outer: Trace, graph: Graph, extra: list[Value], place: int) -> None:
    """Adds parameters that bind the sizes which a graph mentions and its own parameters do not bind.

    Args:
        outer: the trace in whose current region the graph is called.
        graph: gets parameters, at `place`.
        extra: gets the outer values to pass for them.
        place: where, among its parameters, they go.
    """
    body = graph.body
    used = mentioned_symbols(body) | {name for value in body.results for name in type_symbols(value.type)}
    inner = {name for value in _values_inside(body) for name in type_symbols(value.type)}
    known = {name for param in body.params for name in bare_symbols(param.type)}
    for name in sorted(used - known):
        carrier = carrier_of(name, outer.region)
        if carrier is None or (name in inner and name not in mentioned_symbols(body)):
            continue
        extra.append(carrier)
        body.params.insert(place, Value(carrier.type, None, body))
        place += 1


def _values_inside(region: Region) -> list[Value]:
    return [output for node in region.nodes for output in node.outputs]
