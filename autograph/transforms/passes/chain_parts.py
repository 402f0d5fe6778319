"""Sums of parts that are added to zeros become additions to one tensor, one part after another.

Gradients of slices are zeros with a part added; where a tensor was sliced more than once, these are added up. For
backends that add to a tensor in place.

Before:
    func f(%a: f32[2, 3], %b: f32[2, 3]) -> f32[4, 3]:
      %0: f32[4, 3] = full {shape=(4, 3,), value=0, dtype=dtype:float32}
      %1: f32[4, 3] = index_add %0, %a {key=(Slice(0, 3, 2,),)}
      %2: f32[4, 3] = index_add %0, %b {key=(Slice(1, 4, 2,),)}
      %3: f32[4, 3] = add %1, %2
      return %3

After:
    func f(%a: f32[2, 3], %b: f32[2, 3]) -> f32[4, 3]:
      %0: f32[4, 3] = full {shape=(4, 3,), value=0, dtype=dtype:float32}
      %1: f32[4, 3] = index_add %0, %a {key=(Slice(0, 3, 2,),)}
      %2: f32[4, 3] = index_add %1, %b {key=(Slice(1, 4, 2,),)}
      return %2
"""

from __future__ import annotations

from autograph.ops.indexing import index_add_op
from autograph.runtime.ir import Graph, Node, Region, Value, users_in


def chain_parts(graph: Graph) -> None:
    """Replaces sums of zeros with parts; the results are the same to the last bit, as no sum with 0 is -0."""
    uses = {value: len(users) for value, users in users_in(graph.body).items()}
    _chain(graph.body, uses)


def _chain(region: Region, uses: dict[Value, int]) -> None:
    parts: dict[Value, bool] = {}  # zeros with parts added, and whether it is one part
    gone: set[Node] = set()
    for node in region.nodes:
        for inner in node.regions:
            _chain(inner, uses)
        if node.op is index_add_op and not node.inputs[2:] and is_zeros(node.inputs[0]):
            parts[node.outputs[0]] = True
        elif node.op.name == "add" and all(value in parts and uses[value] == 1 for value in node.inputs):
            single = next((value for value in reversed(node.inputs) if parts[value]), None)
            if single is not None and all(value.type == node.outputs[0].type for value in node.inputs):
                gone.add(_append(node, single))
                parts[node.outputs[0]] = False
    region.nodes = [node for node in region.nodes if node not in gone]


def _append(total: Node, single: Value) -> Node:
    """Makes a sum the addition of a single part to the other operand."""
    part = single.node
    assert part is not None
    (rest,) = [value for value in total.inputs if value is not single]
    total.op, total.inputs, total.attrs = index_add_op, [rest, *part.inputs[1:]], dict(part.attrs)
    return part


def is_zeros(value: Value) -> bool:
    """Whether a tensor holds nothing but 0."""
    node = value.node
    return node is not None and node.op.name == "full" and str(node.attrs["value"]) in ("0", "0.0")
