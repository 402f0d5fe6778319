"""Definedness: the names that may be unbound at a place.

>>> import gast
>>> graph = build(gast.parse('''
... def f(x):
...     if x:
...         y = 2
...     return y
... ''').body[0])
>>> branch = graph.function.body[0]
>>> unbound = Definedness(graph)
>>> sorted(unbound.at(branch, Place.BODY_END)), sorted(unbound.at(branch, Place.AFTER))
([], ['y'])
"""

from __future__ import annotations

import gast

from autograph.transpiler.analysis.activity import local_names, parameters
from autograph.transpiler.analysis.cfg import Graph, Node, Place, build
from autograph.transpiler.analysis.dataflow import Names, solve

__all__ = ["Definedness", "Place", "build"]


class Definedness:
    """Answers which local names may be unbound at a place of a function."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        nodes = graph.nodes
        sources: list[list[int]] = [[] for _ in nodes]
        for index, node in enumerate(nodes):
            for successor in node.successors:
                sources[successor].append(index)

        def forward(index: int, unbound: Names) -> Names:
            found = nodes[index].found
            return (unbound - found.writes) | (found.deletes & own)

        own = frozenset(local_names(graph.function))
        self._unbound, _ = solve(sources, forward, {0: own - set(parameters(graph.function))})

    def at(self, statement: gast.AST, place: Place) -> Names:
        """The names that may be unbound at a place of a compound statement."""
        return frozenset().union(*(self._unbound[node] for node in self._graph.at(statement, place)))

    def before_steps(self) -> list[tuple[Node, Names]]:
        """The steps of the function, each with the names that may be unbound before it."""
        return list(zip(self._graph.nodes, self._unbound, strict=True))
