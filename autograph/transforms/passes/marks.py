"""Removes what only differentiation needs, once it is over: marks of custom gradients, and casts that change nothing.

Such a mark gives what it takes; such a cast stands for one use of a tensor among others.

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = custom_gradient %0, %x {callee=…}
      return %1

After:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      return %0
"""

from __future__ import annotations

from autograph.runtime.ir import Graph, Region, Value
from autograph.runtime.structure_ops import cast_op


def remove_marks(graph: Graph) -> None:
    """Replaces what marks give by what they take."""
    _remove(graph.body, {})


def _remove(region: Region, mapping: dict[Value, Value]) -> None:
    kept = []
    for node in region.nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        for inner in node.regions:
            _remove(inner, mapping)
        if node.op.name == "custom_gradient":  # declared beside its gradient, which needs passes
            mapping.update(zip(node.outputs, node.inputs, strict=False))
        elif node.op is cast_op and node.inputs[0].type == node.outputs[0].type:
            mapping[node.outputs[0]] = node.inputs[0]
        else:
            kept.append(node)
    region.nodes = kept
    region.results = [mapping.get(value, value) for value in region.results]
