"""Removes the marks of custom gradients, once differentiation is over: a mark gives what it takes.

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


def remove_custom_gradients(graph: Graph) -> None:
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
        else:
            kept.append(node)
    region.nodes = kept
    region.results = [mapping.get(value, value) for value in region.results]
