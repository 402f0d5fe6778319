"""Computes what depends on constants only, once, when the graph is optimised.

Before:
    func f(%x: f32[]) -> f32[]:
      %0: f32[] = constant {value=array<f32>0.0}
      %1: f32[] = exp %0
      %2: f32[] = add %x, %1
      return %2

After:
    func f(%x: f32[]) -> f32[]:
      %0: f32[] = constant {value=array<f32>1.0}
      %1: f32[] = add %x, %0
      return %1
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.runtime.apply import run_kernel
from autograph.runtime.ir import Graph, Node, Region
from autograph.runtime.op import Kind
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.types import TensorType

_FOLDED = {Kind.ELEMENTWISE, Kind.REDUCTION, Kind.SHAPE, Kind.CONTRACTION}
_LARGEST = 1024  # elements; larger constants cost more memory than they save time


def fold_constants(graph: Graph) -> None:
    """Replaces nodes with constant operands by constants."""
    _fold(graph.body)


def _fold(region: Region) -> None:
    for index, node in enumerate(region.nodes):
        for inner in node.regions:
            _fold(inner)
        folded = _folded(node)
        if folded is not None:
            new = Node(constant_op, (), {"value": folded}, (), [node.outputs[0].type], node.location)
            new.outputs = node.outputs
            new.outputs[0].node = new
            new.region = region
            region.nodes[index] = new


def _folded(node: Node) -> Any:
    if node.op.kind not in _FOLDED or not node.inputs or len(node.outputs) != 1:
        return None
    operands = [value.node for value in node.inputs]
    if not all(operand is not None and operand.op is constant_op for operand in operands):
        return None
    type_ = node.outputs[0].type
    if not isinstance(type_, TensorType) or not all(isinstance(dim, int) for dim in type_.shape):
        return None
    if int(np.prod(type_.shape, dtype=np.int64)) > _LARGEST:  # type: ignore[arg-type]
        return None
    try:
        with np.errstate(all="ignore"):
            out = run_kernel(node.op, [operand.attrs["value"] for operand in operands if operand], dict(node.attrs))
    except Exception:
        return None  # it fails at run time, at the user's line
    return out if type_.weak else np.asarray(out)
