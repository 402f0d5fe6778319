"""Takes the larger or smaller of two values where a condition chooses it in the same way.

For backends whose compilers make less of a condition: XLA computes the maximum inside a matrix product that reads it.

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: ~f64[] = constant {value=0.0}
      %1: bool[3] = less_equal %x, %0
      %2: f32[3] = where %1, %0, %x
      return %2

After:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[] = constant {value=array<f32>0.0}
      %1: f32[3] = maximum %0, %x
      return %1
"""

from __future__ import annotations

import math

import numpy as np

from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import get_op
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.types import TensorType
from autograph.transforms.passes.rewriting import rewrite_nodes

# Of comparisons with a constant: what it is to take the constant where they hold.
_TAKEN = {"less_equal": "maximum", "greater_equal": "minimum"}


def choose_extrema(graph: Graph) -> None:
    """Replaces choices between a value and the constant that it is compared with.

    Args:
        graph: rewritten in place.
    """
    rewrite_nodes(graph.body, _choose)


def _choose(region: Region, node: Node) -> None:
    name = _extremum(node)
    if name is None:
        return
    type_ = TensorType(node.outputs[0].type.dtype)  # type: ignore[union-attr]
    limit = np.asarray(_number(node.inputs[1]), type_.dtype.numpy)
    constant = region.append(Node(constant_op, (), {"value": limit}, (), (type_,), node.location))
    node.inputs[:] = [constant.outputs[0], node.inputs[2]]
    node.op = get_op(name)


def _extremum(node: Node) -> str | None:
    """What a choice comes to; NaN, for which no comparison holds, must be the one that is left."""
    if node.op.name != "where":
        return None
    chosen, taken, left = node.inputs
    test, out = chosen.node, node.outputs[0].type
    if test is None or test.op.name not in _TAKEN or test.inputs[0] is not left:
        return None
    if not isinstance(left.type, TensorType) or not isinstance(out, TensorType):
        return None
    if (left.type.dtype, left.type.shape) != (out.dtype, out.shape):
        return None
    name, limit = _TAKEN[test.op.name], _number(taken)
    if limit is None or limit != _number(test.inputs[1]):
        return None
    # Of zeros, a maximum takes 0.0 and a minimum -0.0, whichever of them is the constant.
    return None if limit == 0 and (name == "minimum" or math.copysign(1, limit) < 0) else name


def _number(value: Value) -> int | float | None:
    """The number that a constant is: integers as they are, for floats do not hold all."""
    node = value.node
    if node is None or node.op is not constant_op or not isinstance(value.type, TensorType) or value.type.shape:
        return None
    number = np.asarray(node.attrs["value"]).item()
    return number if isinstance(number, int | float) else None
