"""Divides integers by powers of two by shifting, which rounds down as Python does, and takes remainders by masking.

For backends whose own division rounds towards zero, so that rounding down takes several operations more.

Before:
    func f(%n: i32[]) -> i32[], i32[]:
      %0: i32[] = constant {value=array<i32>8}
      %1: i32[] = floor_divide %n, %0
      %2: i32[] = remainder %n, %0
      return %1, %2

After:
    func f(%n: i32[]) -> i32[], i32[]:
      %0: i32[] = constant {value=array<i32>3}
      %1: i32[] = bitwise_right_shift %n, %0
      %2: i32[] = constant {value=array<i32>7}
      %3: i32[] = bitwise_and %n, %2
      return %1, %3
"""

from __future__ import annotations

import numpy as np

from autograph.runtime.ir import Graph, Node, Region
from autograph.runtime.op import get_op
from autograph.runtime.structure_ops import constant_op
from autograph.runtime.types import TensorType
from autograph.transforms.passes.rewriting import rewrite_nodes


def divide_by_shifting(graph: Graph) -> None:
    """Replaces divisions of integers by powers of two.

    Args:
        graph: rewritten in place; `make_checks_explicit` has been run on it.
    """
    rewrite_nodes(graph.body, _shift)


def _shift(region: Region, node: Node) -> None:
    power = _power(node)
    if power is None:
        return
    shifts = node.op.name == "floor_divide"
    divisor, old = node.inputs[1], node.inputs[1].node
    assert old is not None
    number = power if shifts else 2**power - 1
    value = number if isinstance(old.attrs["value"], int) else np.full_like(old.attrs["value"], number)
    constant = region.append(Node(constant_op, (), {"value": value}, (), (divisor.type,), node.location))
    node.inputs[1] = constant.outputs[0]
    node.op = get_op("bitwise_right_shift" if shifts else "bitwise_and")


def _power(node: Node) -> int | None:
    """Of which power of two a node divides integers by a constant."""
    if node.op.name not in ("floor_divide", "remainder"):
        return None
    x, divisor = node.inputs
    types = [value.type for value in (x, divisor, *node.outputs)]
    if not all(isinstance(type_, TensorType) and type_.dtype.is_integer for type_ in types):
        return None
    if len({type_.dtype for type_ in types if isinstance(type_, TensorType)}) > 1:
        return None
    if divisor.node is None or divisor.node.op is not constant_op or np.ndim(divisor.node.attrs["value"]):
        return None
    number = int(divisor.node.attrs["value"])
    return number.bit_length() - 1 if number > 0 and not number & (number - 1) else None
