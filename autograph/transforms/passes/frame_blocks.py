"""A graph that calls graphs as blocks that jump: what lies between its calls, with the values that each block needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograph.errors import SourceLine
from autograph.runtime.dims import Dim
from autograph.runtime.ir import Graph, Node, Region, Value, free_values, replace_uses, walk
from autograph.runtime.structure_ops import call_op, cond_op, constant_op, while_op
from autograph.transforms.passes.specialised import callee_sizes, specialised


class NotFlat(Exception):
    """A graph's calls cannot become jumps."""


@dataclass
class Jump:
    """Goes on at a block, whose parameters get values."""

    label: int
    given: dict[Value, Value]


@dataclass
class Call:
    """Enters another graph; its results are known at a block that goes on then."""

    callee: Graph
    operands: list[Value]
    outputs: list[Value]
    then: int
    location: SourceLine | None


@dataclass
class Return:
    """Leaves a graph."""

    callee: Graph
    results: list[Value]


@dataclass
class Branch:
    """Goes on in one of two ways."""

    pred: Value
    then: Run
    orelse: Run
    location: SourceLine | None


End = Jump | Call | Return | Branch


@dataclass
class Run:
    """Nodes without calls, and what follows them."""

    nodes: list[Node]
    end: End


@dataclass
class Function:
    """A called graph, in the caller's sizes.

    Attributes:
        body: what it was made of.
        sizes: what its symbols stand for.
        entry: the label of its first block.
    """

    body: Region
    sizes: dict[str, Dim]
    entry: int = 0


@dataclass
class Blocks:
    """All graphs that a call reaches, as blocks.

    Attributes:
        functions: the graphs.
        blocks: by label.
        live: the values that each block takes from before it.
        returns: for each block that follows a call, that call.
    """

    functions: dict[Graph, Function] = field(default_factory=dict)
    blocks: list[Run] = field(default_factory=list)
    live: list[dict[Value, None]] = field(default_factory=list)
    returns: dict[int, Call] = field(default_factory=dict)

    @staticmethod
    def of(call: Node) -> Blocks:
        """The blocks of what a call reaches.

        Raises:
            NotFlat: sizes change from call to call, or depend on data, or a `try` is around a call.
        """
        made = Blocks()
        made._reach(call)
        made._find_live()
        return made

    def saved(self, call: Call) -> list[Value]:
        """What is needed after a call, besides its results."""
        return [value for value in self.live[call.then] if value not in call.outputs]

    def _reach(self, call: Node) -> None:
        callee: Graph = call.attrs["callee"]
        sizes = callee_sizes(call)
        if sizes is None:
            raise NotFlat
        known = self.functions.get(callee)
        if known is not None:
            if known.sizes != sizes:
                raise NotFlat
            return
        function = self.functions[callee] = Function(specialised(callee, sizes), sizes)
        for node in walk(function.body):
            if node.op is call_op:
                self._reach(node)
        function.entry = self._reserve()
        self.blocks[function.entry] = self._run(function.body.nodes, Return(callee, function.body.results))

    def _reserve(self) -> int:
        self.blocks.append(Run([], Jump(-1, {})))
        return len(self.blocks) - 1

    def _block(self, nodes: Sequence[Node], end: End) -> int:
        label = self._reserve()
        self.blocks[label] = self._run(nodes, end)
        return label

    def _run(self, nodes: Sequence[Node], end: End) -> Run:
        for index, node in enumerate(nodes):
            if not has_calls(node):
                continue
            done, rest = list(nodes[:index]), nodes[index + 1 :]
            if node.op is call_op:
                label = self._block(rest, end)
                call = Call(node.attrs["callee"], node.inputs, node.outputs, label, node.location)
                self.returns[label] = call
                return Run(done, call)
            if node.op is cond_op:
                then, orelse = self._branches(node, rest, end)
                return Run(done, Branch(node.inputs[0], then, orelse, node.location))
            if node.op is while_op:
                return Run(done, self._loop(node, rest, end))
            raise NotFlat
        return Run(list(nodes), end)

    def _branches(self, node: Node, rest: Sequence[Node], end: End) -> tuple[Run, Run]:
        """Both ways of a branch; each ends as the whole does where nothing follows."""
        short = not rest and not isinstance(end, Branch)
        label = -1 if short else self._block(rest, end)
        ways = []
        for region in node.regions:
            given = dict(zip(node.outputs, region.results, strict=True))
            ways.append(self._run(region.nodes, _with(end, given) if short else Jump(label, given)))
        return ways[0], ways[1]

    def _loop(self, node: Node, rest: Sequence[Node], end: End) -> Jump:
        test, body = node.regions
        after = self._block(rest, end)
        for inner, outer in zip(body.params, test.params, strict=True):
            replace_uses(body, inner, outer)
        head = self._reserve()
        again = self._run(body.nodes, Jump(head, dict(zip(test.params, body.results, strict=True))))
        leave = Run([], Jump(after, dict(zip(node.outputs, test.params, strict=True))))
        self.blocks[head] = self._run(test.nodes, Branch(test.results[0], again, leave, node.location))
        return Jump(head, dict(zip(test.params, node.inputs, strict=True)))

    def _find_live(self) -> None:
        self.live = [{} for _ in self.blocks]
        changed = True
        while changed:
            changed = False
            for label, run in reversed(list(enumerate(self.blocks))):
                found = self._needed(run)
                changed = changed or found.keys() != self.live[label].keys()
                self.live[label] = found

    def _needed(self, run: Run) -> dict[Value, None]:
        """What a run takes from before it, but constants."""
        needed = dict.fromkeys(self._needed_at(run.end))
        for node in reversed(run.nodes):
            for output in node.outputs:
                needed.pop(output, None)
            needed |= dict.fromkeys([*node.inputs, *free_values(*node.regions)])
        return {value: None for value in needed if not is_constant(value)}

    def _needed_at(self, end: End) -> Iterator[Value]:
        if isinstance(end, Return):
            yield from end.results
        elif isinstance(end, Branch):
            yield end.pred
            yield from self._needed(end.then)
            yield from self._needed(end.orelse)
        elif isinstance(end, Call):
            yield from end.operands
            yield from self.saved(end)
        else:
            yield from [end.given.get(value, value) for value in self.live[end.label]]


def is_constant(value: Value) -> bool:
    """Whether a value is made anew where it is needed."""
    return value.node is not None and value.node.op is constant_op


def has_calls(node: Node) -> bool:
    """Whether a node calls a graph, itself or inside its regions."""
    return node.op is call_op or any(inner.op is call_op for region in node.regions for inner in walk(region))


def _with(end: End, given: Mapping[Value, Value]) -> End:
    """An end that uses some values for others."""
    if isinstance(end, Return):
        return Return(end.callee, [given.get(value, value) for value in end.results])
    assert isinstance(end, Jump)
    return Jump(end.label, {param: given.get(value, value) for param, value in end.given.items()})
