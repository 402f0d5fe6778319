"""Makes the failures of a region data: a status says what was raised, and what follows a failure does not happen.

Before, in the body of a `try` that catches ValueError:
      check %ok {site=ValueError('negative')}
      %0: f64[] = sqrt %x
      yield %0

After:
      %s: ~i64[], %1: f64[] = cond %ok
        then:
          %0: f64[] = sqrt %x
          yield 0, %0
        else:
          yield 1, undefined
      yield %s, %1

Ops whose kernels raise stand in a `try` op of their own, which gives their status. Local references, which the body
assigns before each op that may fail, keep the state at the failure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograph.ops.comparison import equal
from autograph.runtime.dims import Dim, substitute
from autograph.runtime.dtypes import int64
from autograph.runtime.failure import ErrorSite
from autograph.runtime.ir import Node, Region, Value, clone_region, replace_uses, walk
from autograph.runtime.op import Effect, Op
from autograph.runtime.structure_ops import (
    assign_op,
    check_op,
    cond_op,
    constant_op,
    fail_op,
    read_op,
    try_op,
    undefined_op,
    while_op,
)
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import RefType, TensorType, Type, type_symbols
from autograph.transforms.passes.thread_variables import State, thread_node

STATUS = TensorType(int64, (), True)


@dataclass
class Raised:
    """One way to fail, which a status stands for.

    Attributes:
        status: the number, from 1.
        exception: its class; of a kernel's exception, the class that catches it.
        site: what the user's code raises; None for a kernel's exception.
        node: the node that fails.
        payload: local references that get what the failure's message (or the op, to run again) needs.
    """

    status: int
    exception: type[BaseException]
    site: ErrorSite | None
    node: Node
    payload: list[Value] = field(default_factory=list)


Catches = Callable[[Node], Sequence[type[BaseException]]]


class Catcher:
    """Rewrites regions so that failures are data.

    Args:
        trace: the trace that the region was recorded into, which records the new nodes.
        body: the region.
        catches: the classes of exceptions of a node that are caught; none for most nodes.
    """

    def __init__(self, trace: Trace, body: Region, catches: Catches) -> None:
        self.trace = trace
        self.known = _symbols_around(trace.region)
        self.catches = catches
        self.raised: list[Raised] = []
        self.by_node: dict[Node, list[Raised]] = {}
        for node in walk(body):
            self._note(node)

    def _note(self, node: Node) -> None:
        site = node.attrs["site"] if node.op in (check_op, fail_op) else None
        for kind in self.catches(node):
            raised = Raised(len(self.raised) + 1, kind, site, node)
            given = [self._fresh(value.type) for value in _payload(node)]
            if all(isinstance(type_, TensorType) for type_ in given):
                raised.payload = [Value(RefType(type_)) for type_ in given if isinstance(type_, TensorType)]
            self.raised.append(raised)
            self.by_node.setdefault(node, []).append(raised)

    def run(self, body: Region, state: State) -> tuple[Value, list[Value]]:
        """Records the body's nodes into the current region.

        Args:
            body: the region; used up.
            state: the local references with what they hold at the start; gets what they hold in the end.

        Returns:
            The status (0: nothing was raised) and the body's results.
        """
        for raised in self.raised:
            for ref in raised.payload:
                state[ref] = self._undefined(_held(ref))
        results = list(body.results)
        status, *values = self._block(body.nodes, results, state, {})
        return status, values

    # -- blocks -------------------------------------------------------------------------------------------

    def _block(self, nodes: Sequence[Node], results: Sequence[Value], state: State, mapping: State) -> list[Value]:
        """Records nodes; gives the status and the results (placeholders after a failure). `state` is updated."""
        for place, node in enumerate(nodes):
            node.inputs = [mapping.get(value, value) for value in node.inputs]
            if node.op is assign_op and node.inputs[0] in state:
                state[node.inputs[0]] = node.inputs[1]
                continue
            if node.op is read_op and node.inputs[0] in state:
                mapping[node.outputs[0]] = state[node.inputs[0]]
                continue
            if not self._fails(node):
                thread_node(node, state, mapping, keep_writes=False)
                self.trace.region.append(node)
                continue
            rest = nodes[place + 1 :]
            if node.op is fail_op:
                return self._failed(node, results, state)
            if node.op is check_op:
                then = self._region(rest, results, state, mapping)
                orelse = self._failing(node, results, state)
                return self._join(node, node.inputs[0], [then, orelse], results, state)
            status = self._guarded(node, state, mapping)
            if not rest:
                return [status, *[mapping.get(value, value) for value in results]]
            fine = self._equals(status, 0)
            then = self._region(rest, results, state, mapping)
            stopped = Region()
            with self.trace.inside(stopped):
                stopped.results = [status, *[self._undefined(value.type) for value in results]]
            return self._join(node, fine, [(then[0], then[1]), (stopped, dict(state))], results, state)
        return [self._constant(0), *[mapping.get(value, value) for value in results]]

    def _region(
        self, nodes: Sequence[Node], results: Sequence[Value], state: State, mapping: State
    ) -> tuple[Region, State]:
        region, inside = Region(), dict(state)
        with self.trace.inside(region):
            region.results = self._block(nodes, results, inside, mapping)
        return region, inside

    def _failing(self, node: Node, results: Sequence[Value], state: State) -> tuple[Region, State]:
        region, inside = Region(), dict(state)
        with self.trace.inside(region):
            region.results = self._failed(node, results, inside)
        return region, inside

    def _failed(self, node: Node, results: Sequence[Value], state: State) -> list[Value]:
        """What a block gives when a node raises for certain."""
        (raised,) = self.by_node[node]
        state.update(zip(raised.payload, _payload(node), strict=False))
        return [self._constant(raised.status), *[self._undefined(value.type) for value in results]]

    def _join(
        self, node: Node, flag: Value, paths: list[tuple[Region, State]], results: Sequence[Value], state: State
    ) -> list[Value]:
        """A cond of two paths, which gives status, results, and the references that either path changed."""
        changed = [ref for ref in state if any(inside[ref] is not state[ref] for _, inside in paths)]
        for region, inside in paths:
            region.results += [inside[ref] for ref in changed]
        types = [STATUS, *[value.type for value in results], *[self._fresh(_held(ref)) for ref in changed]]
        made = self._record(cond_op, (flag,), types, [region for region, _ in paths], node)
        count = 1 + len(results)
        state.update(zip(changed, made.outputs[count:], strict=True))
        return made.outputs[:count]

    # -- one node that may fail ------------------------------------------------------------------------------

    def _guarded(self, node: Node, state: State, mapping: State) -> Value:
        """Records a node that may fail; its status. Its outputs are placeholders when it failed."""
        if node.op is cond_op:
            paths = [self._region(region.nodes, region.results, state, mapping) for region in node.regions]
            status, *outs = self._join(node, node.inputs[0], paths, node.outputs, state)
            mapping.update(zip(node.outputs, outs, strict=True))
            return status
        if node.op is while_op:
            return self._guarded_loop(node, state, mapping)
        return self._tried(node, state, mapping)

    def _tried(self, node: Node, state: State, mapping: State) -> Value:
        body = Region()
        with self.trace.inside(body):
            thread_node(node, dict(state), mapping, keep_writes=True)
            self.trace.region.append(node)
        body.results = list(node.outputs)
        kinds = self.by_node.get(node) or [one for inner in walk(body) for one in self.by_node.get(inner, [])]
        types = [STATUS, *[value.type for value in node.outputs]]
        made = self._record(try_op, (), types, [body], node, catches=tuple([raised.exception for raised in kinds]))
        place, *outs = made.outputs
        mapping.update(zip(node.outputs, outs, strict=True))
        for raised in kinds:
            state.update(zip(raised.payload, node.inputs, strict=False))
        return self._chosen(place, [raised.status for raised in kinds], node)

    def _chosen(self, place: Value, statuses: list[int], node: Node) -> Value:
        """The status for the place of a class in a list."""
        if statuses == list(range(1, len(statuses) + 1)):
            return place
        found = place
        for index, status in reversed(list(enumerate(statuses))):
            fits = self._equals(place, index + 1)
            then, orelse = Region(), Region()
            with self.trace.inside(then):
                then.results = [self._constant(status)]
            orelse.results = [found]
            found = self._record(cond_op, (fits,), [STATUS], [then, orelse], node).outputs[0]
        return found

    def _guarded_loop(self, node: Node, state: State, mapping: State) -> Value:
        """A loop that ends when its status is not 0. A test that may fail itself is run at the end of each trip."""
        test, body = node.regions
        refs = [ref for ref in self._assigned(node) if ref in state]
        early = any(self._fails(inner) for inner in test.nodes)
        inputs = [*node.inputs, self._constant(0)]
        if early:
            first = self._copy(test)
            mapping.update(zip(first.params, node.inputs, strict=True))
            status, flag = self._block(first.nodes, first.results, state, mapping)
            inputs = [*node.inputs, status, flag]
        count = len(node.inputs)
        flag_type = test.results[0].type
        flags = [flag_type] if early else []
        held = [self._fresh(_held(ref)) for ref in refs]
        types = [*[param.type for param in body.params], STATUS, *flags, *held]
        inputs += [state[ref] for ref in refs]
        new_test, new_body = Region(types), Region(types)
        with self.trace.inside(new_test):
            new_test.results = [self._test(node, new_test, mapping, dict(state), early)]
        inside = {**state, **dict(zip(refs, new_body.params[count + 1 + len(flags) :], strict=True))}
        with self.trace.inside(new_body):
            params = zip(body.params, new_body.params, strict=False)
            mapping.update(params)
            nodes, results = list(body.nodes), list(body.results)
            if early:
                again = self._copy(test)
                for param, value in zip(again.params, body.results, strict=True):
                    replace_uses(again, param, value)
                nodes += again.nodes
                results += again.results
            status, *values = self._block(nodes, results, inside, mapping)
            new_body.results = [*values[:count], status, *values[count:], *[inside[ref] for ref in refs]]
        outs = [*[value.type for value in node.outputs], STATUS, *flags, *[self._fresh(_held(ref)) for ref in refs]]
        made = self._record(while_op, inputs, outs, [new_test, new_body], node)
        mapping.update(zip(node.outputs, made.outputs[:count], strict=True))
        state.update(zip(refs, made.outputs[count + 1 + len(flags) :], strict=True))
        return made.outputs[count]

    def _test(self, node: Node, region: Region, mapping: State, state: State, early: bool) -> Value:
        """Whether a loop goes on: it has not failed, and its own test says so."""
        count = len(node.inputs)
        if early:
            return region.params[count + 1]
        test = node.regions[0]
        fine = self._equals(region.params[count], 0)
        then, orelse = Region(), Region()
        mapping.update(zip(test.params, region.params, strict=False))
        with self.trace.inside(then):
            for inner in test.nodes:
                inner.inputs = [mapping.get(value, value) for value in inner.inputs]
                thread_node(inner, state, mapping, keep_writes=False)
                self.trace.region.append(inner)
            then.results = [mapping.get(value, value) for value in test.results]
        with self.trace.inside(orelse):
            orelse.results = [self._undefined(test.results[0].type)]
        return self._record(cond_op, (fine,), [test.results[0].type], [then, orelse], node).outputs[0]

    def _copy(self, region: Region) -> Region:
        made = clone_region(region, {})
        for old, new in zip(walk(region), walk(made), strict=True):
            if old in self.by_node:
                self.by_node[new] = self.by_node[old]
        return made

    # -- small things ----------------------------------------------------------------------------------------

    def _fails(self, node: Node) -> bool:
        return node in self.by_node or any(self._fails(inner) for region in node.regions for inner in region.nodes)

    def _assigned(self, node: Node) -> list[Value]:
        """The local references that a node's regions change."""
        inner = [one for region in node.regions for one in walk(region)]
        refs = [one.inputs[0] for one in inner if one.op is assign_op]
        refs += [ref for one in inner for raised in self.by_node.get(one, []) for ref in raised.payload]
        return list(dict.fromkeys(refs))

    def _fresh(self, type_: Type) -> Type:
        """A type whose symbolic sizes, those apart that are known before the region, are this value's own."""
        own = sorted(type_symbols(type_) - self.known)
        if not own or not isinstance(type_, TensorType):
            return type_
        mapping: dict[str, Dim] = {name: self.trace.fresh_symbol() for name in own}
        return type_.with_shape(tuple([substitute(dim, mapping) for dim in type_.shape]))

    def _record(
        self,
        op: Op,
        inputs: Sequence[Value],
        types: Sequence[Type],
        regions: Sequence[Region],
        at: Node,
        **attrs: object,
    ) -> Node:
        return self.trace.region.append(Node(op, inputs, attrs, regions, types, at.location))

    def _constant(self, number: int) -> Value:
        return self.trace.region.append(Node(constant_op, (), {"value": number}, (), (STATUS,), None)).outputs[0]

    def _undefined(self, type_: Type) -> Value:
        made = Node(undefined_op, (), {"type": type_}, (), (type_,), None)
        return self.trace.region.append(made).outputs[0]

    def _equals(self, value: Value, number: int) -> Value:
        return self.trace.value(equal(Tensor(value), number))


def may_raise(node: Node) -> bool:
    """Whether an op's kernel may raise an exception of its own."""
    return bool(node.op.effects & (Effect.FAIL | Effect.HOST)) and node.op not in (check_op, fail_op)


def _payload(node: Node) -> list[Value]:
    return node.inputs[1:] if node.op is check_op else node.inputs


def _symbols_around(region: Region | None) -> set[str]:
    """The sizes that are bound in a region and in those around it."""
    known: set[str] = set()
    while region is not None:
        values = [*region.params, *[output for node in region.nodes for output in node.outputs]]
        known |= {name for value in values for name in type_symbols(value.type)}
        region = region.parent
    return known


def _held(ref: Value) -> Type:
    assert isinstance(ref.type, RefType)
    return ref.type.value
