"""The reverse transform: walks nodes backwards and adds up cotangents.

Rules are written with ops on tensors. Under a trace they record the backward graph; on the nodes of an eager tape
they compute at once; and either way an outer tape sees them, so gradients of gradients are the same transform again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograph.errors import GradientError, message
from autograph.ops.arithmetic import add
from autograph.ops.broadcasting import sum_to
from autograph.ops.casts import astype
from autograph.ops.list_sums import list_add
from autograph.ops.lists import zeros_like_any
from autograph.ops.reductions import stop_op
from autograph.ops.shape import reshape
from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind
from autograph.runtime.structure_ops import assign_op, cond_op, read_op, try_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType, Type, is_inexact

ControlRule = Callable[["Reverse", Node, list[Any]], None]
_control_rules: dict[str, ControlRule] = {}


def register_control_rule(name: str, rule: ControlRule) -> None:
    """Sets the gradient rule of an op with regions (its module announces it here)."""
    _control_rules[name] = rule


def is_differentiable(type_: Type) -> bool:
    """Whether values of a type have cotangents: floats, and lists and references of them."""
    return is_inexact(type_)


class Reverse:
    """Cotangents of values, while nodes are walked backwards.

    Args:
        tensor_of: the tensor that stands for a value (its handle in a graph, its number on an eager tape).
        active: the values that depend on a source; others get no cotangent.

    Attributes:
        elsewhere: takes a part of a value's cotangent, if it adds it up elsewhere (loops set it).
    """

    def __init__(self, tensor_of: Callable[[Value], Any], active: set[Value]) -> None:
        self.tensor_of = tensor_of
        self.active = active
        self.cotangents: dict[Value, Any] = {}
        self.elsewhere: Callable[[Value, Any], bool] | None = None

    def inner(self) -> Reverse:
        """The same for the nodes of a region, with no cotangents yet."""
        return Reverse(self.tensor_of, self.active)

    def accumulate(self, value: Value, ct: Any) -> None:
        """Adds to a value's cotangent."""
        if ct is None or value not in self.active:
            return
        ct = sized(ct, value.type)
        if self.elsewhere is not None and self.elsewhere(value, ct):
            return
        known = self.cotangents.get(value)
        if known is None:
            self.cotangents[value] = ct
        else:
            self.cotangents[value] = list_add(known, ct) if isinstance(value.type, ListType) else add(known, ct)

    def cotangent(self, value: Value) -> Any:
        """A value's cotangent, zeros where there is none."""
        found = self.cotangents.get(value)
        return zeros_like_any(self.tensor_of(value)) if found is None else found

    def run(self, nodes: Sequence[Node]) -> None:
        """Walks nodes backwards."""
        for node in reversed(nodes):
            if node.op is assign_op:
                ref, value = node.inputs
                self.accumulate(value, self.cotangents.pop(ref, None))
                continue
            cts = [self.cotangents.get(output) for output in node.outputs]
            if all(ct is None for ct in cts):
                continue
            if node.op is read_op:
                self.accumulate(node.inputs[0], cts[0])
            elif node.op.kind is Kind.CONTROL and node.op.name in _control_rules:
                _control_rules[node.op.name](self, node, cts)
            else:
                self._op(node, cts)

    def _op(self, node: Node, cts: list[Any]) -> None:
        if not any(value in self.active for value in node.inputs):
            return
        rule = node.op.vjp
        if rule is NOT_DIFFERENTIABLE or rule is None or not callable(rule):
            raise GradientError(
                message(f"{node.op.name} has no gradient", node.location, "use ag.stop_gradient on its operand")
            )
        single = len(node.outputs) == 1
        outs = [self.tensor_of(output) for output in node.outputs]
        inputs = [self.tensor_of(value) for value in node.inputs]
        given = cts[0] if single else tuple(cts)
        results = rule(given, outs[0] if single else tuple(outs), *inputs, **node.attrs)
        for value, ct in zip(node.inputs, results, strict=True):
            if ct is not None and value in self.active:
                self.accumulate(value, fitted(ct, value.type) if node.op.kind is Kind.ELEMENTWISE else ct)


def sized(ct: Any, type_: Type) -> Any:
    """A cotangent whose sizes are known at run time only, where the value's are known before: with these."""
    if not isinstance(type_, TensorType) or not isinstance(ct, Tensor) or ct.type.shape == type_.shape:
        return ct
    return reshape(ct, type_.shape) if all(isinstance(dim, int) for dim in type_.shape) else ct


def fitted(ct: Any, type_: Type) -> Any:
    """A cotangent summed down and cast to the type of the operand that it is of."""
    if not isinstance(type_, TensorType) or not isinstance(ct, Tensor):
        return ct
    summed = sum_to(ct, type_.shape)
    return summed if summed.dtype is type_.dtype else astype(summed, type_.dtype)


def mark_active(nodes: Iterable[Node], active: set[Value]) -> None:
    """Adds to `active` what depends on values in it, through regions and variables too."""
    for node in nodes:
        if node.op is cond_op:
            _mark_cond(node, active)
        elif node.op is while_op:
            _mark_while(node, active)
        elif node.op is try_op:
            mark_active(node.regions[0].nodes, active)
            _mark_results(node.regions[0], node.outputs[1:], active)
        elif node.op is assign_op:
            if node.inputs[1] in active:
                active.add(node.inputs[0])
        elif node.op is not stop_op and any(value in active for value in node.inputs):
            active.update(output for output in node.outputs if is_differentiable(output.type))


def _mark_results(region: Region, targets: Sequence[Value], active: set[Value]) -> None:
    for result, target in zip(region.results, targets, strict=True):
        if result in active and is_differentiable(target.type):
            active.add(target)


def _mark_cond(node: Node, active: set[Value]) -> None:
    for region in node.regions:
        mark_active(region.nodes, active)
        _mark_results(region, node.outputs, active)


def _mark_while(node: Node, active: set[Value]) -> None:
    body = node.regions[1]
    for start, param in zip(node.inputs, body.params, strict=True):
        if start in active and is_differentiable(param.type):
            active.add(param)
    while True:
        before = len(active)
        mark_active(body.nodes, active)
        _mark_results(body, body.params, active)
        if len(active) == before:
            break
    for param, output in zip(body.params, node.outputs, strict=True):
        if param in active:
            active.add(output)
