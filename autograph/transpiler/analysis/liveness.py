"""Liveness: the names whose value at a place may still be read.

>>> import gast
>>> graph = build(gast.parse('''
... def f(x, y):
...     if x:
...         y = 2
...     return y
... ''').body[0])
>>> branch = graph.function.body[0]
>>> live = Liveness(graph)
>>> sorted(live.at(branch, Place.BODY)), sorted(live.at(branch, Place.ORELSE))
([], ['y'])
"""

from __future__ import annotations

import gast

from autograph.transpiler.analysis.cfg import Graph, Place, build
from autograph.transpiler.analysis.dataflow import Names, solve

__all__ = ["Liveness", "Place", "build"]


class Liveness:
    """Answers which names are live at a place of a function."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        nodes = graph.nodes

        def backward(index: int, live: Names) -> Names:
            found = nodes[index].found
            return (live - found.bound) | found.reads

        _, self._live = solve([node.successors for node in nodes], backward, {})

    def at(self, statement: gast.AST, place: Place) -> Names:
        """The names that are live at a place of a compound statement."""
        return frozenset().union(*(self._live[node] for node in self._graph.at(statement, place)))

    @property
    def at_entry(self) -> Names:
        """The names that are live where the function begins."""
        return self._live[0]
