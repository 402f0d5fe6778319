"""Computes equal things once: a pure node with the op, inputs and attributes of an earlier one becomes that one.

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = exp %x
      %2: f32[3] = add %0, %1
      return %2

After:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = add %0, %0
      return %1
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import Kind

_PURE = {
    Kind.ELEMENTWISE,
    Kind.REDUCTION,
    Kind.CONTRACTION,
    Kind.SHAPE,
    Kind.INDEXING,
    Kind.CREATION,
    Kind.RANDOM,
    Kind.LIST,
}


def share_common_subexpressions(graph: Graph) -> None:
    """Replaces repeated computations by their first occurrence."""
    _share(graph.body, {}, {})


def _share(region: Region, known: dict[Any, Node], mapping: dict[Value, Value]) -> None:
    known = dict(known)
    kept = []
    for node in region.nodes:
        node.inputs = [mapping.get(value, value) for value in node.inputs]
        for inner in node.regions:
            _share(inner, known, mapping)
        key = _key(node)
        first = known.get(key) if key is not None else None
        if first is not None:
            mapping.update(zip(node.outputs, first.outputs, strict=True))
            continue
        if key is not None:
            known[key] = node
        kept.append(node)
    region.nodes = kept
    region.results = [mapping.get(value, value) for value in region.results]


def _key(node: Node) -> Any:
    if node.op.kind not in _PURE or node.regions or node.attrs.get("binds"):
        return None
    try:
        attrs = tuple(sorted((key, _hashable(value)) for key, value in node.attrs.items()))
        key = (node.op, tuple(node.inputs), attrs, tuple(output.type for output in node.outputs))
        hash(key)
    except TypeError:
        return None
    return key


def _hashable(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, float):
        return ("float", value.hex())
    return (type(value).__name__, value)
