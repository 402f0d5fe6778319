"""Rewrites the nodes of a graph one by one."""

from __future__ import annotations

from collections.abc import Callable

from autograph.runtime.ir import Node, Region


def rewrite_nodes(region: Region, rewrite: Callable[[Region, Node], None]) -> None:
    """Rewrites all nodes of a region, those of a node's own regions before it.

    Args:
        region: changed in place.
        rewrite: changes a node; what it appends to the region comes before that node.
    """
    nodes, region.nodes = region.nodes, []
    for node in nodes:
        for inner in node.regions:
            rewrite_nodes(inner, rewrite)
        rewrite(region, node)
        region.append(node)
