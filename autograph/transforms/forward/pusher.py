"""The forward transform: walks nodes in program order and gives each value's tangent.

Rules are written with ops on tensors. Under a trace they record nodes behind those that they are of, and loops and
branches carry tangents beside their values; on the nodes of an eager log they compute at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograph.errors import GradientError, message
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.complex_parts import real
from autograph.ops.lists import zeros_like_any
from autograph.ops.reductions import stop_op
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind
from autograph.runtime.structure_ops import assign_op, cast_op, read_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType, Type
from autograph.transforms.autodiff.reverse import is_differentiable
from autograph.transforms.forward.rules import RULES
from autograph.transforms.forward.transposed import elementwise_tangent, transposed_tangents

ControlRule = Callable[["Forward", Node], None]
_control_rules: dict[str, ControlRule] = {}


def register_control_rule(name: str, rule: ControlRule) -> None:
    """Sets the tangent rule of an op with regions (its module announces it here)."""
    _control_rules[name] = rule


class Forward:
    """Tangents of values, while nodes are walked in program order.

    Args:
        tensor_of: the tensor that stands for a value (its handle in a graph, its number in an eager log).
        active: the values that depend on a source; others have no tangent.
    """

    def __init__(self, tensor_of: Callable[[Value], Any], active: set[Value]) -> None:
        self.tensor_of = tensor_of
        self.active = active
        self.tangents: dict[Value, Any] = {}

    def tangent(self, value: Value) -> Any:
        """A value's tangent in the value's type, zeros where there is none."""
        found = self.tangents.get(value)
        return zeros_like_any(self.tensor_of(value)) if found is None else found

    def run(self, nodes: Sequence[Node]) -> None:
        """Computes the tangents of nodes' outputs."""
        for node in nodes:
            self.visit(node)

    def run_region(self, trace: Trace, region: Region, start: int = 0) -> None:
        """Records tangents among the nodes of a region, each behind the node that it is of.

        Args:
            trace: the trace of the region.
            region: rewritten in place.
            start: the place of the first node to differentiate.
        """
        nodes = region.nodes[start:]
        del region.nodes[start:]
        for node in nodes:
            region.append(node)
            self.visit(node)

    def visit(self, node: Node) -> None:
        """Computes the tangents of a node's outputs."""
        if node.op is assign_op:
            ref, value = node.inputs
            self.tangents[ref] = self.tangents.get(value)
        elif node.op is read_op:
            self._note(node.outputs[0], self.tangents.get(node.inputs[0]))
        elif node.op.kind is Kind.CONTROL and node.op.name in _control_rules:
            _control_rules[node.op.name](self, node)
        elif node.op is not stop_op and any(self.tangents.get(value) is not None for value in node.inputs):
            self._op(node)

    def _note(self, value: Value, tangent: Any) -> None:
        if tangent is not None and is_differentiable(value.type):
            self.tangents[value] = fitted(tangent, value.type)

    def _op(self, node: Node) -> None:
        if not any(is_differentiable(output.type) for output in node.outputs):
            return
        if node.op.vjp is NOT_DIFFERENTIABLE and node.op.jvp is None:
            raise GradientError(
                message(f"{node.op.name} has no gradient", node.location, "use ag.stop_gradient on its operand")
            )
        inputs = [self.tensor_of(value) for value in node.inputs]
        outs = [self.tensor_of(output) for output in node.outputs]
        given = [self.tangents.get(value) for value in node.inputs]
        for output, tangent in zip(node.outputs, _tangents(node, given, outs, inputs), strict=True):
            self._note(output, tangent)


def _tangents(node: Node, given: list[Any], outs: list[Any], inputs: list[Any]) -> Sequence[Any]:
    """The tangents of a node's outputs: by the op's own rule, by that of its name, or derived from its gradient."""
    op = node.op
    rule = op.jvp or RULES.get(op.name)
    if rule is not None:
        single = len(outs) == 1
        found = rule(given, outs[0] if single else tuple(outs), *inputs, **node.attrs)
        return [found] if single else list(found)
    if op.kind is Kind.ELEMENTWISE and not _has_complex(node):
        return [elementwise_tangent(op, given, outs[0], inputs, node.attrs)]
    return transposed_tangents(op, given, outs, inputs, node.attrs)


def _has_complex(node: Node) -> bool:
    types = [value.type for value in (*node.inputs, *node.outputs)]
    return any(isinstance(type_, TensorType) and type_.dtype.is_complex for type_ in types)


def fitted(tangent: Any, type_: Type) -> Any:
    """A tangent in the shape and dtype of the value that it is of."""
    if not isinstance(type_, TensorType) or not isinstance(tangent, Tensor):
        return tangent
    have = tangent.type
    if have.shape != type_.shape:
        widened = len(have.shape) < len(type_.shape) or 1 in have.shape
        tangent = broadcast_to(tangent, type_.shape) if widened else reshape(tangent, type_.shape)
    if have.dtype is not type_.dtype:
        if have.dtype.is_complex and not type_.dtype.is_complex:
            tangent = real(tangent)
        tangent = astype(tangent, type_.dtype)
    if current_trace() is not None and tangent.type.weak != type_.weak:
        tangent = apply(cast_op, tangent, dtype=type_.dtype, weak=type_.weak)
    return tangent
