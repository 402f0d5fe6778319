"""Which nodes each loop over elements computes, with the user's lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from autograph.runtime.ir import Node


class Listing:
    """The loops of a unit, in the order in which they are written."""

    def __init__(self) -> None:
        self.loops: list[list[Node]] = []
        self._nodes: dict[Node, None] = {}
        self._open = False

    @contextmanager
    def writing(self, node: Node | None) -> Iterator[None]:
        """Notes a loop that is written inside a `with` block, for the node and those it takes elements of."""
        outer = self._nodes, self._open
        self._nodes, self._open = {} if node is None else {node: None}, False
        try:
            yield
        finally:
            if self._open:
                self.loops.append(list(reversed(self._nodes)))
            self._nodes, self._open = outer

    def loop(self) -> None:
        """A loop is written."""
        self._open = True

    def uses(self, node: Node | None) -> None:
        """The present loop computes an element of a node's output."""
        if node is not None:
            self._nodes.setdefault(node)

    def __str__(self) -> str:
        lines = []
        for number, nodes in enumerate(self.loops, 1):
            lines.append(f"loop {number}: {', '.join(node.op.name for node in nodes)}")
            lines += _places(nodes)
        return "\n".join(lines)


def _places(nodes: Sequence[Node]) -> list[str]:
    """The user's lines, each with its text."""
    found: dict[tuple[str, int], str] = {}
    for node in nodes:
        at = node.location
        if at is not None:
            found.setdefault((at.file, at.line), at.text.strip() if at.text else "")
    return [f"    {file}:{line}  {text}".rstrip() for (file, line), text in sorted(found.items())]
