"""Variables that a function creates on its first call: made while it is traced, and there from then on.

The trace computes their initial values at once, from the arguments of the call. What it stores in objects that outlive
the call (`self.w = ag.Variable(…)`, `self.built = True`) stays. The function is then traced again, as later calls find
it; if that gives another graph, the first one answers the first call only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import StagingError, message
from autograph.ops.creation import asarray
from autograph.runtime.backend import get_backend
from autograph.runtime.context import use
from autograph.runtime.ir import Graph, Node, Region, Value, free_values, walk
from autograph.runtime.op import Effect
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.variable import Variable
from autograph.staging.journal import Location

_HINT = "create variables before, outside the function or in a Module's __init__"


class Creation:
    """The variables that one trace creates.

    Args:
        leaves: the call's argument leaves.

    Attributes:
        variables: those created so far.
    """

    def __init__(self, leaves: Sequence[Any]) -> None:
        self.variables: list[Variable] = []
        self._leaves = leaves
        self._undo: list[tuple[Location, Any]] = []
        self._inputs: dict[Value, int] = {}

    def begin(self, inputs: Sequence[Tensor | None]) -> None:
        """Tells which parameters of the graph stand for which leaves."""
        self._inputs = {tensor._value: i for i, tensor in enumerate(inputs) if tensor is not None}

    def initial_value(self, trace: Trace, variable: Variable, value: Any, dtype: Any) -> np.ndarray[Any, Any]:
        """The array that a variable starts with."""
        if trace.region is not trace.graph.body:
            refuse(StagingError, "a Variable is created in a branch or loop that a tensor decides", _HINT)
        self.variables.append(variable)
        wanted = trace.value(asarray(value, dtype))
        region = Region()
        nodes, written = self._slice(trace, wanted)
        region.nodes, region.params, region.results = nodes, trace.graph.params, [wanted]
        with use(None):
            found = get_backend("numpy").compile(Graph(trace.graph.name, region))(self._raws(trace, written))
        return np.array(found[0])

    def _slice(self, trace: Trace, wanted: Value) -> tuple[list[Node], set[Value]]:
        """The nodes that compute a value, and the variables that they assign. They run now and again in the graph."""
        needed: set[Value] = {wanted}
        nodes: list[Node] = []
        written: set[Value] = set()
        for node in reversed(trace.graph.body.nodes):
            assigned = {inner.inputs[0] for inner in [node, *_inner(node)] if inner.op.effects & Effect.WRITE}
            if needed.isdisjoint([*node.outputs, *assigned]):
                continue
            if any(inner.op.effects & (Effect.HOST | Effect.PRINT) for inner in [node, *_inner(node)]):
                refuse(
                    StagingError, f"a Variable's initial value depends on {node.op.name}, which would run twice", _HINT
                )
            needed |= {*node.inputs, *free_values(*node.regions)}
            written |= assigned
            nodes.append(node)
        return nodes[::-1], written

    def _raws(self, trace: Trace, written: set[Value]) -> list[Any]:
        """Arguments of the nodes; variables that they assign are copies."""
        known: dict[Value, Any] = {value: tensor._value for tensor, value in trace.captures.values()}
        for variable, value in trace.variables.values():
            known[value] = Variable(variable.numpy()) if value in written else variable
        for value, index in self._inputs.items():
            leaf = self._leaves[index]
            known[value] = leaf._value if isinstance(leaf, Tensor) else leaf
        return [known[param] for param in trace.graph.params]

    def keep(self, trace: Trace, changed: Sequence[tuple[Location, Any]]) -> None:
        """Makes the changes of objects last that the trace has made beside its variables.

        Raises:
            StagingError: an object would keep a tensor of the graph.
        """
        for location, value in changed:
            if _holds_graph_values(value, set()):
                raise StagingError(
                    message(
                        f"{location.name!r} keeps a tensor of the graph beyond the call that creates variables",
                        location.line,
                        "return it from the function, or keep it in an ag.Variable",
                    )
                )
        for location, value in changed:
            self._undo.append((location, location.get()))
            location.set(value)

    def undo(self) -> None:
        """Puts back what was kept."""
        for location, value in reversed(self._undo):
            location.set(value)


def _inner(node: Node) -> list[Node]:
    return [inner for region in node.regions for inner in walk(region)]


def _holds_graph_values(value: Any, seen: set[int]) -> bool:
    if isinstance(value, Tensor):
        return isinstance(value._value, Value)
    if isinstance(value, Variable) or id(value) in seen:
        return False
    seen.add(id(value))
    if isinstance(value, dict):
        return any(_holds_graph_values(part, seen) for part in value.values())
    if isinstance(value, list | tuple | set):
        return any(_holds_graph_values(part, seen) for part in value)
    parts = vars(value).values() if hasattr(value, "__dict__") and not isinstance(value, type) else ()
    return any(_holds_graph_values(part, seen) for part in parts)
