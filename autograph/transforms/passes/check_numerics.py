"""Puts a check behind each op whose floats may be NaN: it fails if they are while no operand was.

Before:
    func f(%x: f32[], %y: f32[]) -> f32[]:
      %0: f32[] = divide %x, %y
      return %0

After:
    func f(%x: f32[], %y: f32[]) -> f32[]:
      %0: f32[] = divide %x, %y
      %1: bool[] = isnan %x
      %2: bool[] = logical_not %1
      %3: bool[] = isnan %y
      %4: bool[] = logical_not %3
      %5: bool[] = logical_and %2, %4
      %6: bool[] = isnan %0
      %7: bool[] = logical_not %6
      %8: bool[] = logical_not %5
      %9: bool[] = logical_or %7, %8
      check %9 {site=error<autograph.errors:NumericsError>('divide makes NaN of operands that have none\\nlook at its operands, and see ag.config.check_numerics',)}
      return %0
"""  # noqa: E501 - the text form has one node a line

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import NumericsError
from autograph.runtime.apply import apply
from autograph.runtime.failure import ErrorSite
from autograph.runtime.ir import Graph, Node, Region, Value, clone_graph
from autograph.runtime.numerics import text_of
from autograph.runtime.op import Kind, get_op
from autograph.runtime.structure_ops import call_op, check_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType
from autograph.transforms.passes.rewriting import recording

# What has no operands to blame, or only hands on what it was given.
_QUIET = {Kind.CONTROL, Kind.CREATION, Kind.EFFECT, Kind.LIST, Kind.SHAPE, Kind.INDEXING}


def check_numerics(graph: Graph) -> None:
    """Puts the checks into a graph, and into those that it calls."""
    _check_graph(graph, {})


def _check_graph(graph: Graph, known: dict[int, Graph]) -> None:
    with recording(graph) as trace:
        _rewrite(trace, graph.body, known)


def _rewrite(trace: Trace, region: Region, known: dict[int, Graph]) -> None:
    nodes, region.nodes = region.nodes, []
    for node in nodes:
        for inner in node.regions:
            _rewrite(trace, inner, known)
        if node.op is call_op:
            node.attrs = {**node.attrs, "callee": _checked(node.attrs["callee"], known)}
        trace.region = region
        region.append(node)
        start = len(region.nodes)
        if node.op.kind not in _QUIET:
            _watch(trace, node)
        for new in region.nodes[start:]:
            new.location = node.location


def _checked(graph: Graph, known: dict[int, Graph]) -> Graph:
    """A copy of a called graph with checks; graphs may call themselves."""
    if id(graph) not in known:
        copy = known[id(graph)] = clone_graph(graph)
        known[id(copy)] = copy
        _check_graph(copy, known)
    return known[id(graph)]


def _watch(trace: Trace, node: Node) -> None:
    """Records what a node's floats have to be."""
    outputs = [value for value in node.outputs if _is_float(value)]
    if not outputs:
        return
    sound_before = _sound([value for value in node.inputs if _is_float(value)])
    ok = _sound(outputs)
    if sound_before is not None:
        ok = _call("logical_or", ok, _call("logical_not", sound_before))
    site = ErrorSite(NumericsError, (text_of(node.op.name, node.location),), node.location)
    trace.record(check_op, (trace.value(ok),), {"site": site}, ())


def _sound(values: Sequence[Value]) -> Any:
    """Whether no value holds NaN."""
    ok = None
    for value in values:
        flag = _call("logical_not", _any(_call("isnan", Tensor(value))))
        ok = flag if ok is None else _call("logical_and", ok, flag)
    return ok


def _any(flags: Any) -> Any:
    rank = len(flags.type.shape)
    return apply(get_op("any"), flags, axis=tuple(range(rank)), keepdims=False) if rank else flags


def _is_float(value: Value) -> bool:
    return isinstance(value.type, TensorType) and value.type.dtype.is_inexact


def _call(name: str, *operands: Any) -> Any:
    return apply(get_op(name), *operands)
