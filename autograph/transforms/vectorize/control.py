"""Batching rules of control flow.

A branch under a predicate that differs from lane to lane runs if any lane takes it, for all lanes: those that do not
take it get the values of the first lane that does, so that nothing fails, and nothing becomes NaN, that would not in a
lane of its own. A loop runs until all lanes are done; what a lane has when it is done stays.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from autograph.ops.indexing import getitem
from autograph.ops.logic import logical_not
from autograph.ops.ranges import arange
from autograph.ops.reductions import all as all_of
from autograph.ops.reductions import any as any_of
from autograph.ops.searching import argmax
from autograph.ops.selection import where
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.context import Context, use
from autograph.runtime.dims import Dim
from autograph.runtime.ir import Graph, Node, Region, Value, free_values
from autograph.runtime.structure_ops import call_op, cond_op, while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType, Type
from autograph.transforms.vectorize.batcher import Batcher, register_control_rule
from autograph.transforms.vectorize.lanes import gathered, stacked_type, zeros_of_type

_graphs: WeakKeyDictionary[Graph, dict[tuple[tuple[bool, ...], Dim], Graph]] = WeakKeyDictionary()


def _types(batcher: Batcher, values: list[Value]) -> list[Type]:
    return [stacked_type(v.type, batcher.lanes) if batcher.is_batched(v) else v.type for v in values]


def _chosen(mask: Tensor, a: Value, b: Value) -> Tensor:
    """Lanes of `a` where the mask holds, of `b` elsewhere."""
    assert isinstance(a.type, TensorType)
    wide = reshape(mask, (mask.type.shape[0], *[1] * (a.type.rank - 1))) if a.type.rank > 1 else mask
    found: Tensor = where(wide, Tensor(a), Tensor(b))
    return found


def _takers(batcher: Batcher, mask: Tensor) -> Value:
    """For each lane itself if the mask holds for it, otherwise the first lane for which it does."""
    own = arange(batcher.lanes)
    if batcher.lanes == 0:
        return batcher.trace.value(own)
    return batcher.trace.value(where(mask, own, argmax(mask)))


def _moved(batcher: Batcher, values: list[Value], lanes: Value) -> dict[Value, Value]:
    """Stacked values with other lanes in place of some."""
    return {v: gathered(batcher.trace, batcher.get(v), lanes) for v in values if batcher.is_batched(v)}


def batch_cond(batcher: Batcher, node: Node) -> None:
    """A cond of all lanes, or both branches, each if a lane takes it."""
    if not batcher.is_batched(node.inputs[0]):
        _same_branch(batcher, node)
        return
    mask = Tensor(batcher.get(node.inputs[0]))
    then = _branch(batcher, node, node.regions[0], mask)
    orelse = _branch(batcher, node, node.regions[1], logical_not(mask))
    for output, a, b in zip(node.outputs, then, orelse, strict=True):
        batcher.set(output, batcher.trace.value(_chosen(mask, a, b)))


def _same_branch(batcher: Batcher, node: Node) -> None:
    trace = batcher.trace
    wanted = [batcher.is_batched(output) for output in node.outputs]
    made = []
    for region in node.regions:
        copy = Region()
        with trace.inside(copy):
            copy.results = batcher.inner({}).results(region, wanted)
        made.append(copy)
    outs = trace.record(cond_op, (batcher.get(node.inputs[0]),), {}, _types(batcher, node.outputs), made)
    batcher.known.update(zip(node.outputs, outs, strict=True))


def _branch(batcher: Batcher, node: Node, region: Region, mask: Tensor) -> list[Value]:
    """A branch's results of all lanes; only those of lanes that take it mean something."""
    trace = batcher.trace
    if not region.nodes:
        return [batcher.stacked(value) for value in region.results]
    types = _types(batcher, node.outputs)
    taken, skipped = Region(), Region()
    with trace.inside(taken):
        lanes = _takers(batcher, mask)
        inner = batcher.inner(_moved(batcher, free_values(region), lanes))
        taken.results = inner.results(region, [True] * len(types))
    with trace.inside(skipped):
        skipped.results = [zeros_of_type(trace, type_) for type_ in types]
    return trace.record(cond_op, (trace.value(any_of(mask)),), {}, types, (taken, skipped))


def batch_while(batcher: Batcher, node: Node) -> None:
    """A loop of all lanes, which runs until all are done."""
    trace = batcher.trace
    test, body = node.regions
    wanted = [batcher.is_batched(param) for param in body.params]
    mixed = batcher.is_batched(test.results[0])
    starts = [
        batcher.stacked(value) if stack else batcher.get(value)
        for value, stack in zip(node.inputs, wanted, strict=True)
    ]
    types = _types(batcher, body.params)
    new_test, new_body = Region(types), Region(types)
    with trace.inside(new_test):
        going = _test(batcher, test, new_test.params)
        new_test.results = [trace.value(any_of(Tensor(going))) if mixed else going]
    with trace.inside(new_body):
        params = dict(zip(body.params, new_body.params, strict=True))
        if not mixed:
            new_body.results = batcher.inner(params).results(body, wanted)
        else:
            new_body.results = _frozen_trip(batcher, node, new_body, params)
    outs = trace.record(while_op, starts, node.attrs, _types(batcher, node.outputs), (new_test, new_body))
    batcher.known.update(zip(node.outputs, outs, strict=True))


def _test(batcher: Batcher, test: Region, params: list[Value]) -> Value:
    inner = batcher.inner(dict(zip(test.params, params, strict=True)))
    return inner.results(test, [batcher.is_batched(test.results[0])])[0]


def _frozen_trip(batcher: Batcher, node: Node, region: Region, params: dict[Value, Value]) -> list[Value]:
    """A trip for the lanes that are not done."""
    trace = batcher.trace
    test, body = node.regions
    mask = Tensor(_test(batcher, test, region.params))
    lanes = _takers(batcher, mask)
    moved = {old: gathered(trace, new, lanes) for old, new in params.items()}
    inner = batcher.inner({**_moved(batcher, free_values(body), lanes), **moved})
    found = inner.results(body, [True] * len(params))
    return [trace.value(_chosen(mask, a, b)) for a, b in zip(found, region.params, strict=True)]


def batch_call(batcher: Batcher, node: Node) -> None:
    """A call of the vectorised graph."""
    flags = tuple([batcher.is_batched(value) for value in node.inputs])
    graph = batched_graph(batcher, node.attrs["callee"], flags)
    inputs = [batcher.get(value) for value in node.inputs]
    types = _types(batcher, node.outputs)
    outs = batcher.trace.record(call_op, inputs, {**node.attrs, "callee": graph}, types)
    batcher.known.update(zip(node.outputs, outs, strict=True))


def batched_graph(batcher: Batcher, graph: Graph, flags: tuple[bool, ...]) -> Graph:
    """A graph for all lanes, some of whose parameters differ from lane to lane; all its results do."""
    known = _graphs.setdefault(graph, {})
    if (flags, batcher.lanes) in known:
        return known[flags, batcher.lanes]
    trace = Trace(f"{graph.name}_lanes")
    made = known[flags, batcher.lanes] = trace.graph  # found by the calls of the graph in itself
    trace.skip_symbols(graph)
    varying = [param for param, flag in zip(graph.params, flags, strict=True) if flag]
    with use(Context(trace)):
        inner = Batcher.of_region(trace, batcher.lanes, graph.body, varying)
        for param, flag in zip(graph.params, flags, strict=True):
            type_ = stacked_type(param.type, batcher.lanes) if flag else param.type
            inner.known[param] = made.body.add_param(type_, param.name)
        made.body.results = inner.results(graph.body, [True] * len(graph.results))
    return made


def batch_check(batcher: Batcher, node: Node) -> None:
    """A check of all lanes: the first that fails says why."""
    ok, *payload = node.inputs
    good = Tensor(batcher.stacked(ok))
    first = argmax(logical_not(good)) if batcher.lanes != 0 else None
    shown = []
    for value in payload:
        found = Tensor(batcher.get(value))
        shown.append(getitem(found, first) if batcher.is_batched(value) else found)
    apply(node.op, all_of(good), *shown, **node.attrs)


def batch_fail(batcher: Batcher, node: Node) -> None:
    """A failure of all lanes that are here; the first of them, or a copy of it, is the first lane."""
    shown = [getitem(t, 0) if batcher.is_batched(v) else t for v, t in _pairs(batcher, node.inputs)]
    apply(node.op, *shown, **node.attrs)


def _pairs(batcher: Batcher, values: list[Value]) -> list[tuple[Value, Tensor]]:
    return [(value, Tensor(batcher.get(value))) for value in values]


def batch_custom_gradient(batcher: Batcher, node: Node) -> None:
    """The mark of a custom gradient, with the gradient of all lanes."""
    results, callee = node.attrs["results"], node.attrs["callee"]
    uses = node.inputs[results : len(callee.params)]
    flags = (*[True] * results, *[batcher.is_batched(value) for value in uses])
    made = [
        Tensor(batcher.get(value) if results <= place < len(callee.params) else batcher.stacked(value))
        for place, value in enumerate(node.inputs)
    ]
    attrs = {**node.attrs, "callee": batched_graph(batcher, callee, flags)}
    outs = apply(node.op, *made, **attrs)
    for output, out in zip(node.outputs, outs if isinstance(outs, tuple) else (outs,), strict=True):
        batcher.set(output, batcher.trace.value(out))


register_control_rule("cond", batch_cond)
register_control_rule("while", batch_while)
register_control_rule("call", batch_call)
register_control_rule("check", batch_check)
register_control_rule("fail", batch_fail)
register_control_rule("custom_gradient", batch_custom_gradient)
