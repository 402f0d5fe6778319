"""Makes prints data: each appends to logs, lists that the graph refers to as it does to variables.

For backends that cannot print in order, or run a graph again before its effects count. Failures and variables are
threaded afterwards, so a log ends where a failure ends the function.

Before:
    func f(%x: f32[]) -> f32[]:
      print %x {template=template(('at ', '',), ('',),)}
      return %x

After:
    func f(%x: f32[], %prints: ref list[~i64[]], %printed: ref list[f32[]]) -> f32[]:
      %0: list[f32[]] = read %printed
      %1: list[f32[]] = list_append %0, %x
      assign %printed, %1
      %2: ~i64[] = constant {value=0}
      %3: list[~i64[]] = read %prints
      %4: list[~i64[]] = list_append %3, %2
      assign %prints, %4
      return %x
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograph.ops.lists import list_append_op
from autograph.runtime.dims import symbol
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.structure_ops import assign_op, constant_op, print_op, read_op
from autograph.runtime.types import ListType, RefType, TensorType, Type, type_symbols

_SITE = TensorType(int64, (), True)


@dataclass(frozen=True)
class PrintLog:
    """How the logs of a graph are read.

    Attributes:
        sites: for each print, its attributes; the first log has their positions in the order of printing.
        payloads: for each print, which of the other logs its values are in.
        count: how many logs there are; their references are the graph's last parameters.
    """

    sites: tuple[Mapping[str, Any], ...]
    payloads: tuple[tuple[int, ...], ...]
    count: int

    def write(self, logs: Sequence[Iterable[Any]]) -> None:
        """Prints what a run has logged.

        Args:
            logs: the values of the logs after the run; they began empty.
        """
        if not logs:
            return
        order, *rest = [iter(log) for log in logs]
        assert print_op.kernel is not None
        for site in order:
            values = [next(rest[log]) for log in self.payloads[int(site)]]
            print_op.kernel(None, *values, **self.sites[int(site)])


def log_prints(graph: Graph, exact: bool = False) -> PrintLog:
    """Replaces prints by appends to logs, which become further reference parameters.

    Args:
        graph: rewritten in place.
        exact: whether values of other sizes go to logs of their own, as far as the parameters tell the sizes.

    Returns:
        How the logs are read.
    """
    writer = _Writer(graph, {name for param in graph.params for name in type_symbols(param.type)} if exact else None)
    writer.rewrite(graph.body)
    return PrintLog(tuple(writer.sites), tuple(writer.payloads), len(writer.logs))


class _Writer:
    def __init__(self, graph: Graph, exact: set[str] | None) -> None:
        self.graph = graph
        self.exact = exact
        self.sites: list[Mapping[str, Any]] = []
        self.payloads: list[tuple[int, ...]] = []
        self.logs: list[Value] = []

    def rewrite(self, region: Region) -> None:
        """Replaces the prints of a region and of those inside it."""
        nodes, region.nodes = region.nodes, []
        for node in nodes:
            for inner in node.regions:
                self.rewrite(inner)
            if node.op is print_op:
                self._log(region, node)
            else:
                region.append(node)

    def _log(self, region: Region, node: Node) -> None:
        if not self.logs:
            self.logs.append(self.graph.body.add_param(RefType(ListType(_SITE)), "prints"))
        places = [self._place(value.type) for value in node.inputs]
        for place, value in zip(places, node.inputs, strict=True):
            _append(region, self.logs[place + 1], value, node)
        site = region.append(Node(constant_op, (), {"value": len(self.sites)}, (), (_SITE,), node.location))
        _append(region, self.logs[0], site.outputs[0], node)
        self.sites.append(dict(node.attrs))
        self.payloads.append(tuple(places))

    def _place(self, type_: Type) -> int:
        """The log for values of a type; its items may differ in size."""
        if isinstance(type_, TensorType) and (self.exact is None or not type_symbols(type_) <= self.exact):
            type_ = type_.with_shape(tuple([symbol(f"printed{axis}", 0) for axis in range(type_.rank)]))
        wanted = RefType(ListType(type_))
        for place, log in enumerate(self.logs[1:]):
            if log.type == wanted:
                return place
        self.logs.append(self.graph.body.add_param(wanted, "printed"))
        return len(self.logs) - 2


def _append(region: Region, log: Value, item: Value, node: Node) -> None:
    assert isinstance(log.type, RefType)
    held = log.type.value
    read = region.append(Node(read_op, (log,), {}, (), (held,), node.location)).outputs[0]
    longer = region.append(Node(list_append_op, (read, item), {}, (), (held,), node.location)).outputs[0]
    region.append(Node(assign_op, (log, longer), {}, (), (), node.location))
