"""Makes what ops demand of their operands checks of their own, so that no op but `check` and `fail` raises.

Backends without exceptions take graphs in this form. Arithmetic on Python numbers becomes arithmetic that wraps and
says when it did.

Before:
    func f(%xs: list[f32[]], %i: ~i64[]) -> f32[], ~i64[]:
      %0: f32[] = list_get %xs, %i {binds=()}
      %1: ~i64[] = negative %i
      return %0, %1

After:
    func f(%xs: list[f32[]], %i: ~i64[]) -> f32[], ~i64[]:
      %0: ~i64[] = list_len %xs
      %1: ~i64[] = negative %0
      %2: ~bool[] = greater_equal %i, %1
      %3: ~bool[] = less %i, %0
      %4: ~bool[] = logical_and %2, %3
      check %4 {site=error<builtins:IndexError>('list index out of range',)}
      %5: f32[] = list_get %xs, %i {binds=()}
      %6: ~i64[], %7: bool[] = wrapping %i {op='negative'}
      %8: bool[] = logical_not %7
      check %8 {site=error<builtins:OverflowError>('an integer result does not fit in 64 bits; use floats',)}
      return %5, %6
"""

from __future__ import annotations

from collections.abc import Sequence

from autograph.errors import UnsupportedOpError, message
from autograph.ops.number_limits import OVERFLOW, WRAPPING, wrapping_op
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import bool_
from autograph.runtime.failure import ErrorSite, Requirement
from autograph.runtime.ir import Graph, Node, Region, walk
from autograph.runtime.op import Effect, get_op
from autograph.runtime.structure_ops import call_op, check_dims_op, check_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType
from autograph.transforms.passes.open_tries import open_tries
from autograph.transforms.passes.rewriting import recording


def make_checks_explicit(graph: Graph, calls: bool = False) -> None:
    """Puts a check before each op that may raise, which then runs on good operands only, and opens `try`s of them.

    Args:
        graph: the graph, which is changed.
        calls: whether it may call other graphs (recursion): the backend has to end it where a call fails.

    Raises:
        UnsupportedOpError: the graph calls another and may not.
    """
    for node in walk(graph.body):
        if node.op is call_op and not calls:
            what = "a call of a graph cannot be given to a backend without exceptions"
            raise UnsupportedOpError(message(what, node.location, "write the recursion as a loop"))
    with recording(graph) as trace:
        _rewrite(trace, graph.body)
    open_tries(graph)


def demands(node: Node) -> bool:
    """Whether a node other than a check may raise, by what it is and by its operands' types."""
    if node.op is check_op or node.op.kind.name == "CONTROL":
        return False
    return bool(node.op.effects & Effect.FAIL) or (node.op.requires is not None and _is_weak(node)) or _overflows(node)


def _rewrite(trace: Trace, region: Region) -> None:
    nodes, region.nodes = region.nodes, []
    for node in nodes:
        for inner in node.regions:
            _rewrite(trace, inner)
        trace.region = region
        start = len(region.nodes)
        replacement = _expand(trace, node)
        for new in region.nodes[start:]:
            new.location = node.location
        if replacement is not None:
            region.append(replacement)
    trace.region = region


def _expand(trace: Trace, node: Node) -> Node | None:
    """Records what a node demands; gives the node itself if it has to follow."""
    if node.op is check_dims_op:
        left, right = trace.size(node.attrs["left"]), trace.size(node.attrs["right"])
        payload = [trace.value(x) for x in (left, right)]
        ok = trace.value(apply(get_op("equal"), *[Tensor(value) for value in payload]))
        trace.record(check_op, (ok, *payload), {"site": node.attrs["site"]}, ())
        return None
    if node.op.requires is not None:
        _check(trace, node, node.op.requires(*[Tensor(value) for value in node.inputs], **node.attrs))
    if _overflows(node):
        _wrap(trace, node)
        return None
    return node


def _check(trace: Trace, node: Node, requirements: Sequence[Requirement]) -> None:
    for requirement in requirements:
        values = [trace.value(x) for x in (requirement.ok, *requirement.payload)]
        site = ErrorSite(requirement.exception, requirement.arguments, node.location)
        trace.record(check_op, values, {"site": site}, ())


def _wrap(trace: Trace, node: Node) -> None:
    """Replaces arithmetic on Python integers by the wrapping kind and a check."""
    (output,) = node.outputs
    made = Node(wrapping_op, node.inputs, {"op": node.op.name}, (), (output.type, TensorType(bool_)), node.location)
    trace.region.append(made)
    made.outputs[0] = output  # keeps its users
    output.node = made
    ok = apply(get_op("logical_not"), Tensor(made.outputs[1]))
    _check(trace, node, [Requirement(ok, OverflowError, (OVERFLOW,))])


def _overflows(node: Node) -> bool:
    if node.op.name not in WRAPPING or not _is_weak(node):
        return False
    type_ = node.outputs[0].type
    return isinstance(type_, TensorType) and type_.dtype.is_integer


def _is_weak(node: Node) -> bool:
    return all(isinstance(value.type, TensorType) and value.type.weak for value in node.inputs)
