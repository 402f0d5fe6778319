"""Which values differ from lane to lane, and which nodes have to run lane by lane.

A value that differs is stacked: the lanes along a new first axis, also of each item of a list. Where the lanes' lists
may differ in length, the value is a list with each lane's own; nodes that take or give such values run lane by lane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from autograph.runtime.ir import Node, Region, Value, free_values, walk
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, cond_op, try_op, while_op
from autograph.runtime.types import ListType, TensorType

# What each lane does for itself: a loop over the lanes does it as often, and in order.
_EACH = Effect.PRINT | Effect.HOST

HasRule = Callable[[Node, "Flow"], bool]


class Flow:
    """What is known of a region's values.

    Args:
        has_rule: whether a node without regions has a batching rule for these operands.

    Attributes:
        batched: the values that differ from lane to lane.
        ragged: those of them that are held as a list with each lane's own.
        looped: the nodes that run lane by lane.
    """

    def __init__(self, has_rule: HasRule) -> None:
        self.batched: set[Value] = set()
        self.ragged: set[Value] = set()
        self.looped: set[Node] = set()
        self._has_rule = has_rule

    def mark(self, nodes: Iterable[Node]) -> None:
        """Follows nodes in program order."""
        for node in nodes:
            if node.op is cond_op:
                self._cond(node)
            elif node.op is while_op:
                self._while(node)
            elif node.op in (call_op, try_op):
                self._whole(node)
            else:
                self._plain(node)

    def takes(self, node: Node) -> list[Value]:
        """The operands of a node and the outer values of its regions."""
        return [*node.inputs, *free_values(*node.regions)]

    def _plain(self, node: Node) -> None:
        given = [value for value in node.inputs if value in self.batched]
        if node.op.effects & _EACH:
            self._loop(node)
        elif not given:
            return
        elif any(value in self.ragged for value in given) or not self._has_rule(node, self):
            self._loop(node)
        elif node.op.name != "list_len":
            self.batched.update(node.outputs)

    def _loop(self, node: Node) -> None:
        self.looped.add(node)
        self.batched.update(node.outputs)
        self.ragged.update(output for output in node.outputs if isinstance(output.type, ListType))

    def _whole(self, node: Node) -> None:
        """Calls, whose graph is vectorised as a whole, and `try`, which catches what each lane raises."""
        taken = self.takes(node)
        if not any(value in self.batched for value in taken):
            return
        lists = any(isinstance(v.type, ListType) for v in [*node.inputs, *node.outputs])
        if node.op is try_op or lists or any(value in self.ragged for value in taken):
            self._loop(node)
        else:
            self.batched.update(node.outputs)

    def _cond(self, node: Node) -> None:
        chosen = node.inputs[0] in self.batched
        for region in node.regions:
            self.mark(region.nodes)
        if self._must_loop(node, chosen):
            self._loop(node)
            return
        for position, output in enumerate(node.outputs):
            if chosen or any(region.results[position] in self.batched for region in node.regions):
                self.batched.add(output)

    def _while(self, node: Node) -> None:
        test, body = node.regions
        params = list(zip(node.inputs, test.params, body.params, body.results, strict=True))
        while True:
            before = len(self.batched) + len(self.ragged)
            chosen = test.results[0] in self.batched
            for start, tested, param, result in params:
                if chosen or any(value in self.batched for value in (start, tested, param, result)):
                    self.batched.update((tested, param))
                if any(value in self.ragged for value in (start, result)):
                    self.ragged.update((tested, param))
            self.mark(test.nodes)
            self.mark(body.nodes)
            if len(self.batched) + len(self.ragged) == before:
                break
        if self._must_loop(node, test.results[0] in self.batched):
            self._loop(node)
            return
        self.batched.update(o for o, param in zip(node.outputs, body.params, strict=True) if param in self.batched)

    def _must_loop(self, node: Node, chosen: bool) -> bool:
        """Whether a branch or loop cannot run for all lanes at once: its lists' lengths would differ."""
        inside = [value for region in node.regions for value in _defined(region)]
        if any(value in self.ragged for value in [*self.takes(node), *inside]):
            return True
        if any(n.op.effects & _EACH for region in node.regions for n in walk(region)):
            return True
        if not chosen:
            return False
        starts = [] if node.op is cond_op else [node.inputs]
        ends = [region.results for region in node.regions] if node.op is cond_op else [node.regions[1].results]
        resized = any(
            isinstance(a.type, TensorType) and isinstance(b.type, TensorType) and a.type.shape != b.type.shape
            for values in [*starts, *ends]
            for a, b in zip(values, node.outputs, strict=True)
        )
        return resized or any(isinstance(output.type, ListType) for output in node.outputs)


def _defined(region: Region) -> list[Value]:
    return [*region.params, *[output for node in walk(region) for output in [*node.outputs, *_params(node)]]]


def _params(node: Node) -> list[Value]:
    return [param for region in node.regions for param in region.params]
