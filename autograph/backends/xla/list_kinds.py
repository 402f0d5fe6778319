"""Which list values share a capacity: those that an op or a control structure brings together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograph.runtime.ir import Node, Value
from autograph.runtime.structure_ops import cond_op, while_op
from autograph.runtime.types import ListType


def list_kinds(nodes: Sequence[Node], more: Iterable[Value]) -> tuple[dict[Value, int], int]:
    """For each list value of some nodes, and of others, the number of its kind; and how many kinds there are."""
    parents: dict[Value, Value] = {}

    def root(value: Value) -> Value:
        while parents.setdefault(value, value) is not value:
            value = parents[value]
        return value

    def join(values: Sequence[Value]) -> None:
        lists = [value for value in values if isinstance(value.type, ListType)]
        for value in lists:
            parents[root(value)] = root(lists[0])

    def visit(node: Node) -> None:
        rows: list[tuple[Value, ...]]
        for region in node.regions:
            for inner in region.nodes:
                visit(inner)
        if node.op is while_op:
            test, body = node.regions
            rows = list(zip(node.inputs, test.params, body.params, body.results, node.outputs, strict=True))
        elif node.op is cond_op:
            rows = list(zip(node.outputs, *[region.results for region in node.regions], strict=True))
        else:
            rows = [(*node.inputs, *node.outputs)]
        for row in rows:
            join(row)

    for node in nodes:
        visit(node)
    for value in more:
        join([value])
    numbers: dict[Value, int] = {}
    kinds = {value: numbers.setdefault(root(value), len(numbers)) for value in list(parents)}
    return kinds, len(numbers)
