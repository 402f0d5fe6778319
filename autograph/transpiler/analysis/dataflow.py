"""The one fix-point behind every data-flow analysis: sets of names that flow along the edges of a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Names = frozenset[str]


def solve(
    sources: Sequence[Sequence[int]], transfer: Callable[[int, Names], Names], start: dict[int, Names]
) -> tuple[list[Names], list[Names]]:
    """The least sets that satisfy the flow equations, by a work list.

    Args:
        sources: for each node, the nodes whose outgoing set flows into it.
        transfer: the effect of a node: from its number and incoming set to its outgoing set; monotone.
        start: the sets that flow into some nodes from outside.

    Returns:
        The incoming and the outgoing set of every node.

    Example:
        >>> arrives, leaves = solve([[], [0]], lambda node, names: names | {f"n{node}"}, {0: frozenset({"x"})})
        >>> sorted(arrives[1]), sorted(leaves[1])
        (['n0', 'x'], ['n0', 'n1', 'x'])
    """
    count = len(sources)
    targets: list[list[int]] = [[] for _ in range(count)]
    for node in range(count):
        for source in sources[node]:
            targets[source].append(node)
    arrives: list[Names] = [frozenset()] * count
    leaves: list[Names] = [frozenset()] * count
    waiting = dict.fromkeys(range(count))
    while waiting:
        node = next(iter(waiting))
        del waiting[node]
        arrives[node] = start.get(node, frozenset()).union(*(leaves[source] for source in sources[node]))
        after = transfer(node, arrives[node])
        if after != leaves[node]:
            leaves[node] = after
            waiting.update(dict.fromkeys(targets[node]))
    return arrives, leaves
