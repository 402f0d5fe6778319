"""Makes failures data: a check sets an error code that regions carry out, and what follows it runs on code 0 only.

For backends that have no exceptions. Code 0 is no failure, code n the n-th of the table's sites; the values that its
message shows come out beside it. Writes before a failure stay, those after it do not happen; loops leave on it.
Run `log_prints` (where prints have to be data) and `make_checks_explicit` first, `thread_variables` afterwards.

Before:
    func f(%x: ~i64[], %v: ref ~i64[]) -> ~i64[]:
      %0: ~i64[] = constant {value=0}
      %1: ~bool[] = less %0, %x
      check %1, %x {site=error<builtins:ValueError>(template(('bad ', '',), ('',),),)}
      assign %v, %x
      return %x

After:
    func f(%x: ~i64[], %v: ref ~i64[]) -> ~i64[], i64[], ~i64[]:
      %0: ~i64[] = constant {value=0}
      %1: ~bool[] = less %0, %x
      %2: i64[] = constant {value=array<i64>0}
      %3: i64[] = constant {value=array<i64>1}
      %4: i64[] = where %1, %2, %3
      %5: i64[] = constant {value=array<i64>0}
      %6: bool[] = equal %4, %5
      cond %6
        then:
          assign %v, %x
          yield
        else:
          yield
      return %x, %4, %x
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograph.runtime.dims import Dim, symbol, symbols_of
from autograph.runtime.dtypes import int64
from autograph.runtime.failure import ErrorSite, Failure
from autograph.runtime.ir import Graph, Node, Region, Value, free_values, walk
from autograph.runtime.op import Effect, Kind, get_op
from autograph.runtime.structure_ops import (
    check_op,
    cond_op,
    constant_op,
    fail_op,
    read_op,
    undefined_op,
    while_op,
)  # fmt: skip
from autograph.runtime.types import TensorType, Type, type_symbols
from autograph.transforms.passes.explicit_checks import demands
from autograph.transforms.passes.loop_tests import emit, flag_constant, move, test_in_body
from autograph.transforms.passes.open_tries import replace_later

_CODE = TensorType(int64)
Payload = dict[int, Value]


@dataclass(frozen=True)
class FailureTable:
    """What the codes of a threaded graph mean.

    Attributes:
        sites: the places that raise; code n is `sites[n - 1]`.
        payloads: for each site, where among the slots the values of its message are.
        results: how many results the graph itself has; the code follows them, then the slots.
    """

    sites: tuple[ErrorSite, ...]
    payloads: tuple[tuple[int, ...], ...]
    results: int

    def failure(self, outputs: Sequence[object]) -> Failure | None:
        """The failure that the outputs of a run tell of, if any."""
        code = int(outputs[self.results])  # type: ignore[call-overload]
        if code == 0:
            return None
        slots = outputs[self.results + 1 :]
        return Failure(self.sites[code - 1], [slots[slot] for slot in self.payloads[code - 1]])


def thread_failures(graph: Graph, speculate: bool = False, exact: bool = False) -> FailureTable:
    """Replaces checks and failures by an error code and its payload, which become further results.

    Args:
        graph: rewritten in place; `make_checks_explicit` has been run on it.
        speculate: whether what only computes runs on after a failure, outside conditions. Right where bad operands
            cannot trap and conditions copy what they give (XLA); its values are never used.
        exact: whether values of messages keep their sizes where the parameters tell them, rather than share slots.

    Returns:
        What the codes mean.
    """
    threader = _Threader(graph, speculate, exact)
    nodes, graph.body.nodes = graph.body.nodes, []
    count = len(graph.results)
    end = threader.block(graph.body, nodes, list(graph.results))
    slots = [threader.slot_or_nothing(graph.body, end, slot) for slot in range(len(threader.slots))]
    graph.body.results = [*end.results, end.code or threader.code(graph.body, 0), *slots]
    return FailureTable(tuple(threader.sites), tuple(threader.payloads), count)


@dataclass
class _End:
    """A region's end: its results, its code (None: it cannot fail), and the payload's slots that are set."""

    results: list[Value]
    code: Value | None
    payload: Payload


class _Threader:
    def __init__(self, graph: Graph, speculate: bool, exact: bool) -> None:
        self._speculate = speculate
        self._exact = exact
        self._known = {name for param in graph.params for name in type_symbols(param.type)}
        self._opened = 0
        self.sites: list[ErrorSite] = []
        self.payloads: list[tuple[int, ...]] = []
        self.slots: list[Type] = []

    def block(self, region: Region, nodes: Sequence[Node], results: Sequence[Value]) -> _End:
        """Appends nodes to a region, those that must not run after a failure under a condition."""
        end = _End(list(results), None, {})
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if end.code is not None and not self._runs_on(node) and not self._joins(node, end.payload):
                stop = self._end_of_guard(nodes, index)
                end = self._guarded(region, nodes[index:stop], nodes[stop:], end)
                index = stop
                continue
            index += 1
            if node.op is check_op:
                end.code = self._check(region, node, end.code, end.payload)
            elif node.op is fail_op:
                end.code = self.code(region, self._site(node, node.inputs, end.payload))
                end.results = [self._undefined(region, value.type) for value in results]
                break
            elif may_fail(node):
                end.code = self._control(region, node, end.payload)
            else:
                region.append(node)
        return end

    def _runs_on(self, node: Node) -> bool:
        """Whether a node may run although a check before it has failed."""
        return runs_on(node) or (self._speculate and only_computes(node))

    def _end_of_guard(self, nodes: Sequence[Node], start: int) -> int:
        """Up to where nodes run under one condition: to the end, unless what follows may run on."""
        if not self._speculate:
            return len(nodes)
        for index in range(start, len(nodes)):
            if self._runs_on(nodes[index]):
                return index
            if not all(type_symbols(output.type) <= self._known for output in nodes[index].outputs):
                break  # what follows may mention sizes that are bound under the condition
        return len(nodes)

    def code(self, region: Region, number: int) -> Value:
        """A code as a constant."""
        return emit(region, constant_op, value=np.asarray(number))

    def slot_or_nothing(self, region: Region, end: _End, slot: int) -> Value:
        """What a slot holds at a region's end."""
        found = end.payload.get(slot)
        return found if found is not None else self._undefined(region, self.slots[slot])

    def _undefined(self, region: Region, type_: Type) -> Value:
        return emit(region, undefined_op, type=self._open(type_))

    def _open(self, type_: Type) -> Type:
        """A type whose sizes are open where a placeholder's may differ: those made of sizes that data decides."""
        if not isinstance(type_, TensorType) or type_symbols(type_) <= self._known:
            return type_
        self._opened += 1
        dims: list[Dim] = list(type_.shape)
        for axis, dim in enumerate(dims):
            if not isinstance(dim, int) and not set(symbols_of(dim)) <= self._known:
                dims[axis] = symbol(f"open{self._opened}_{axis}", 0)
        return type_.with_shape(tuple(dims))

    # -- checks -----------------------------------------------------------------------------------------

    def _joins(self, node: Node, payload: Payload) -> bool:
        """Whether a check can be added to the code as it is: its payload takes no slot that is in use."""
        return node.op is check_op and (len(node.inputs) == 1 or not payload)

    def _check(self, region: Region, node: Node, code: Value | None, payload: Payload) -> Value:
        ok, *shown = node.inputs
        none = self.code(region, 0)
        mine = emit(region, get_op("where"), ok, none, self.code(region, self._site(node, shown, payload)))
        if code is None:
            return mine
        return emit(region, get_op("where"), emit(region, get_op("equal"), code, none), mine, code)

    def _site(self, node: Node, shown: Sequence[Value], payload: Payload) -> int:
        """The code of a new site; its values go into slots."""
        self.sites.append(node.attrs["site"])
        taken: list[int] = []
        for value in shown:
            slot = self._slot(value.type, taken)
            taken.append(slot)
            payload[slot] = value
        self.payloads.append(tuple(taken))
        return len(self.sites)

    def _slot(self, type_: Type, taken: Sequence[int]) -> int:
        """A slot for a value of a type; sites share slots, whose sizes are open."""
        exact = self._exact and type_symbols(type_) <= self._known
        for slot, known in enumerate(self.slots):
            if slot in taken or (self._exact and not exact and type_symbols(known) <= self._known):
                continue
            if type_ == known if exact else _same_but_sizes(type_, known):
                return slot
        if exact:
            self.slots.append(type_)
            return len(self.slots) - 1
        name = f"payload{len(self.slots)}_"
        if isinstance(type_, TensorType):
            type_ = type_.with_shape(tuple([symbol(f"{name}{axis}", 0) for axis in range(type_.rank)]))
        self.slots.append(type_)
        return len(self.slots) - 1

    # -- regions ----------------------------------------------------------------------------------------

    def _guarded(self, region: Region, nodes: Sequence[Node], rest: Sequence[Node], before: _End) -> _End:
        """Runs nodes where the code is 0; elsewhere their values are never used."""
        assert before.code is not None
        made = {output for node in nodes for output in node.outputs}
        used = [*_used(rest), *before.results]
        kept = list(dict.fromkeys(value for value in used if value in made))
        then, orelse = Region(), Region()
        after = self.block(then, nodes, kept)
        then.results = list(after.results)
        orelse.results = [self._undefined(orelse, value.type) for value in kept]
        types = [self._open(value.type) for value in kept]
        slots = sorted({*before.payload, *after.payload})
        if after.code is not None:
            then.results += [after.code, *[self.slot_or_nothing(then, after, slot) for slot in slots]]
            orelse.results += [before.code, *[self.slot_or_nothing(orelse, before, slot) for slot in slots]]
            types += [_CODE, *[self.slots[slot] for slot in slots]]
        pred = emit(region, get_op("equal"), before.code, self.code(region, 0))
        outs = region.append(Node(cond_op, (pred,), {}, (then, orelse), types, nodes[0].location)).outputs
        given = dict(zip(kept, outs, strict=False))
        replace_later(rest, given)
        results = [given.get(value, value) for value in before.results]
        if after.code is None:
            return _End(results, before.code, before.payload)
        return _End(results, outs[len(kept)], dict(zip(slots, outs[len(kept) + 1 :], strict=True)))

    def _control(self, region: Region, node: Node, payload: Payload) -> Value:
        """Threads the regions of a node; the code after it."""
        if node.op is while_op:
            if any(may_fail(inner) for inner in node.regions[0].nodes):
                test_in_body(region, node)
            ends = [self._region(node.regions[1])]
        else:
            ends = [self._region(inner) for inner in node.regions]
        slots = sorted({slot for end in ends for slot in end.payload})
        if node.op is while_op:
            self._carry(region, node, slots)
        for inner, end in zip(node.regions[-len(ends) :], ends, strict=True):
            code = end.code or self.code(inner, 0)
            inner.results = [*end.results, code, *[self.slot_or_nothing(inner, end, slot) for slot in slots]]
        region.append(node)
        code = node.add_output(_CODE)
        payload.clear()
        payload.update({slot: node.add_output(self.slots[slot]) for slot in slots})
        return code

    def _region(self, region: Region) -> _End:
        nodes, region.nodes = region.nodes, []
        return self.block(region, nodes, region.results)

    def _carry(self, region: Region, node: Node, slots: Sequence[int]) -> None:
        """Makes a loop carry the code and the payload, and leave when the code is set."""
        test, body = node.regions
        node.inputs += [self.code(region, 0), *[self._undefined(region, self.slots[slot]) for slot in slots]]
        code = test.add_param(_CODE)
        body.add_param(_CODE)
        for slot in slots:
            test.add_param(self.slots[slot])
            body.add_param(self.slots[slot])
        nodes, test.nodes = test.nodes, []
        pred = emit(test, get_op("equal"), code, self.code(test, 0))
        goes_on, stops = Region(), Region()
        move(nodes, goes_on)
        goes_on.results = test.results
        type_ = test.results[0].type
        stops.results = [flag_constant(stops, type_, False)]
        test.results = list(test.append(Node(cond_op, (pred,), {}, (goes_on, stops), (type_,), node.location)).outputs)


def may_fail(node: Node) -> bool:
    """Whether a node or one inside it checks or fails."""
    inner = [n for region in node.regions for n in walk(region)]
    return any(n.op in (check_op, fail_op) for n in (node, *inner))


def runs_on(node: Node) -> bool:
    """Whether a node can do no harm after a failure: it reads, or computes one number from others."""
    if node.op in (constant_op, read_op):
        return True
    if node.op.effects is not Effect.NONE or node.op.kind not in (Kind.ELEMENTWISE, Kind.CREATION) or demands(node):
        return False
    return all(isinstance(v.type, TensorType) and v.type.is_scalar for v in (*node.inputs, *node.outputs))


def only_computes(node: Node) -> bool:
    """Whether a node does nothing but compute, and ends."""
    if node.op.kind is not Kind.CONTROL:
        return node.op not in (check_op, fail_op) and not node.op.effects & ~(Effect.FAIL | Effect.READ)
    return node.op is cond_op and all(only_computes(inner) for region in node.regions for inner in region.nodes)


def _used(nodes: Sequence[Node]) -> list[Value]:
    return [value for node in nodes for value in (*node.inputs, *free_values(*node.regions))]


def _same_but_sizes(a: Type, b: Type) -> bool:
    if isinstance(a, TensorType) and isinstance(b, TensorType):
        return (a.dtype, a.weak, a.rank) == (b.dtype, b.weak, b.rank)
    return a == b
