"""Removes ops that give their operand: casts to the same dtype, reshapes to the same shape, `x * 1`, `-(-x)`.

Rewrites keep every bit of the result, so `x + 0.0` stays (it makes 0.0 of -0.0).

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = cast %x {dtype=dtype:float32, weak=False}
      %1: f32[3] = negative %0
      %2: f32[3] = negative %1
      %3: f32[3] = reshape %2 {shape=(3,)}
      return %3

After:
    func f(%x: f32[3]) -> f32[3]:
      return %x
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.types import TensorType


def simplify(graph: Graph) -> None:
    """Replaces the outputs of ops that change nothing by their operands."""
    _simplify(graph.body, {})


def _simplify(region: Region, mapping: dict[Value, Value]) -> None:
    nodes, region.nodes = region.nodes, []
    for node in nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        for inner in node.regions:
            _simplify(inner, mapping)
        rule = _RULES.get(node.op.name)
        same = None if rule is None else rule(node)
        if same is not None and same.type == node.outputs[0].type:
            mapping[node.outputs[0]] = same
        else:
            region.append(_constant(node) or node)
    region.results = [mapping.get(value, value) for value in region.results]


def _operand(node: Node) -> Value | None:
    return node.inputs[0]


def _unpermuted(node: Node) -> Value | None:
    axes = node.attrs["axes"]
    return node.inputs[0] if list(axes) == sorted(axes) else None


def _inner(node: Node) -> Value | None:
    """The operand of an op that its own operand undoes."""
    before = node.inputs[0].node
    return before.inputs[0] if before is not None and before.op is node.op else None


def _without_one(node: Node) -> Value | None:
    """The other factor, where one is the constant 1; a quotient's dividend."""
    x, y = node.inputs
    if _is_one(y):
        return x
    return y if node.op.name == "multiply" and _is_one(x) else None


def _is_one(value: Value) -> bool:
    node = value.node
    if node is None or node.op is not constant_op or np.ndim(node.attrs["value"]) != 0:
        return False
    return bool(np.asarray(node.attrs["value"]) == 1)


def _chosen(node: Node) -> Value | None:
    """The alternative of a `where` whose alternatives are one value."""
    _, x, y = node.inputs
    return x if x is y else None


# Ops that have to give their operand when the types agree, or the value that a rule finds.
_RULES: dict[str, Callable[[Node], Value | None]] = {
    "cast": _operand,
    "positive": _operand,
    "reshape": _operand,
    "broadcast_to": _operand,
    "stop_gradient": _operand,
    "permute_dims": _unpermuted,
    "negative": _inner,
    "logical_not": _inner,
    "conj": _inner,
    "multiply": _without_one,
    "divide": _without_one,
    "where": _chosen,
}


def _constant(node: Node) -> Node | None:
    """A constant in the place of a `full` without dimensions, so that folding goes on through it."""
    if node.op.name != "full" or node.attrs["shape"] != ():
        return None
    type_ = node.outputs[0].type
    assert isinstance(type_, TensorType)
    value = np.full((), node.attrs["value"], type_.dtype.numpy)
    made = Node(constant_op, (), {"value": value}, (), (type_,), node.location)
    made.outputs = node.outputs
    made.outputs[0].node = made
    return made
