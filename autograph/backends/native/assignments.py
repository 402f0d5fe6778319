"""Which variables a part of a graph may assign."""

from __future__ import annotations

from collections.abc import Sequence

from autograph.runtime.ir import Node, Region, Value
from autograph.runtime.types import RefType


def assigned_in(regions: Sequence[Region]) -> list[Value]:
    """The variables that regions may assign."""
    found: dict[Value, None] = {}
    for region in regions:
        for node in region.nodes:
            found.update(dict.fromkeys(assigned_in_node(node)))
    return list(found)


def assigned_in_node(node: Node) -> list[Value]:
    """The variables that a node, or what is inside it, may assign."""
    if node.op.name == "assign":
        return [node.inputs[0]]
    if node.op.name == "call":
        return [value for value in node.inputs if isinstance(value.type, RefType)]
    return assigned_in(node.regions)
