"""Reads of variables inside regions, moved in front of the node that runs them, where a gradient can see them."""

from __future__ import annotations

from collections.abc import Sequence

from autograph.errors import GradientError, message
from autograph.runtime.ir import Node, Region, Value, replace_uses, walk
from autograph.runtime.structure_ops import assign_op, read_op


def hoist_reads(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with the reads of float variables in front of the nodes whose regions contained them.

    Raises:
        GradientError: a region also assigns such a variable.
    """
    out: list[Node] = []
    for node in nodes:
        for ref in _read_inside(node):
            out.append(_hoist(node, ref))
        out.append(node)
    return out


def _read_inside(node: Node) -> list[Value]:
    inner = [n for region in node.regions for n in walk(region)]
    found = dict.fromkeys(n.inputs[0] for n in inner if n.op is read_op and n.outputs[0].type.dtype.is_inexact)  # type: ignore[union-attr]
    for n in inner:
        if n.op is assign_op and n.inputs[0] in found:
            raise GradientError(
                message(
                    "a gradient goes through a loop or branch that both reads and assigns a variable",
                    n.location,
                    "carry the value in a local name and assign it after the loop",
                )
            )
    return list(found)


def _hoist(node: Node, ref: Value) -> Node:
    first = next(n for region in node.regions for n in walk(region) if n.op is read_op and n.inputs[0] is ref)
    read = Node(read_op, (ref,), {}, (), (first.outputs[0].type,), first.location)
    assert node.region is not None
    node.region.insert(node.region.nodes.index(node), read)
    for region in node.regions:
        _replace_reads(region, ref, read.outputs[0])
    return read


def _replace_reads(region: Region, ref: Value, value: Value) -> None:
    reads = [n for n in region.nodes if n.op is read_op and n.inputs[0] is ref]
    region.nodes = [n for n in region.nodes if n not in reads]
    for read in reads:
        replace_uses(region, read.outputs[0], value)
    for node in region.nodes:
        for inner in node.regions:
            _replace_reads(inner, ref, value)
