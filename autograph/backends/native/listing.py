"""Which nodes each loop over elements computes, with the user's lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from autograph.runtime.ir import Node


@dataclass(slots=True)
class Written:
    """What is written for a node.

    Attributes:
        found: the node, and those that its loop takes elements of.
        loops: whether there is a loop over elements.
    """

    found: dict[Node, None] = field(default_factory=dict)
    loops: bool = False

    @property
    def nodes(self) -> list[Node]:
        """The nodes, in the order in which they compute."""
        return list(reversed(self.found))


class Listing:
    """The loops of a unit, in the order in which they are written."""

    def __init__(self) -> None:
        self.loops: list[list[Node]] = []
        self._now = Written()

    @contextmanager
    def writing(self, node: Node | None) -> Iterator[Written]:
        """Notes a loop that is written inside a `with` block, for the node and those it takes elements of."""
        outer, now = self._now, Written({} if node is None else {node: None})
        self._now = now
        try:
            yield now
        finally:
            if now.loops:
                self.loops.append(now.nodes)
            self._now = outer

    def loop(self) -> None:
        """A loop is written."""
        self._now.loops = True

    def uses(self, node: Node | None) -> None:
        """The present loop computes an element of a node's output."""
        if node is not None:
            self._now.found.setdefault(node)

    def __str__(self) -> str:
        lines = []
        for number, nodes in enumerate(self.loops, 1):
            lines.append(f"loop {number}: {', '.join(node.op.name for node in nodes)}")
            lines += [f"    {place}" for place in places(nodes)]
        return "\n".join(lines)


def places(nodes: Sequence[Node]) -> list[str]:
    """The user's lines that nodes come from, each with its text."""
    found: dict[tuple[str, int], str] = {}
    for node in nodes:
        at = node.location
        if at is not None:
            found.setdefault((at.file, at.line), at.text.strip() if at.text else "")
    return [f"{file}:{line}  {text}".rstrip() for (file, line), text in sorted(found.items())]
