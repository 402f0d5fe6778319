"""The gradient of `while`, of any length: a loop that takes the trips in reverse.

The forward loop keeps, in lists, what each trip computed and the backward loop needs; the backward loop pops it.
Source: Griewank and Walther, Evaluating Derivatives, 2nd edition, chapter 4 (stacks of a reverse sweep).
"""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import subtract
from autograph.ops.comparison import greater
from autograph.ops.lists import list_unappend_op
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64
from autograph.runtime.ir import Node, Region, Value, replace_uses
from autograph.runtime.structure_ops import while_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import TensorType, Type
from autograph.transforms.autodiff.conditional import active_free_values, active_trace, saved_values
from autograph.transforms.autodiff.reverse import Reverse, register_control_rule
from autograph.transforms.autodiff.rows import Rows
from autograph.transforms.autodiff.saving import copy_constants, residuals

_COUNT = TensorType(int64)


def reverse_while(reverse: Reverse, node: Node, cts: list[Any]) -> None:
    """Records the backward loop and adds the cotangents of the start values and of what the body used."""
    trace = active_trace()
    body = node.regions[1]
    carried = [i for i, param in enumerate(body.params) if param in reverse.active]
    used = active_free_values(reverse, body)
    outputs = list(node.outputs)
    starts = [
        trace.value(cts[i] if i < len(cts) and cts[i] is not None else reverse.cotangent(outputs[i])) for i in carried
    ]
    backward, summed, rows = _backward_body(reverse, trace, node, carried, used)
    zeros = [trace.value(reverse.inner().cotangent(value)) for value in summed]
    saved = saved_values(trace)
    trips = saved.trips(node)
    parts = rows.starts(trace)
    lists = _pop_residuals(trace, node, backward)
    test = _test(trace, backward)
    inputs = [trips, *starts, *zeros, *parts, *lists]
    ends = [
        _ct_type(trace, node.inputs[i].type, param.type) for i, param in zip(carried, backward.params[1:], strict=False)
    ]
    types = [_COUNT, *ends, *[v.type for v in (*zeros, *parts, *lists)]]
    outs = trace.record(while_op, inputs, {}, types, [test, backward])
    for position, i in enumerate(carried):
        reverse.accumulate(node.inputs[i], Tensor(outs[1 + position]))
    first = 1 + len(carried)
    for position, value in enumerate(summed):
        reverse.accumulate(value, Tensor(outs[first + position]))
    first += len(summed)
    for value, total in rows.totals(trace, trips, outs[first : first + len(parts)]):
        reverse.accumulate(value, total)


def _backward_body(
    reverse: Reverse, trace: Trace, node: Node, carried: list[int], used: list[Value]
) -> tuple[Region, list[Value], Rows]:
    """One trip backwards: from the count, the carry's cotangents and the sums for outer values to their next values.

    Returns:
        The region, the outer values with sums, and what is collected for outer values.
    """
    body = node.regions[1]
    backward = Region([_COUNT])
    results = list(body.results)
    params = list(body.params)
    incoming = [backward.add_param(_ct_type(trace, params[i].type, node.outputs[i].type)) for i in carried]
    inner = reverse.inner()
    rows = Rows(backward, used)
    inner.elsewhere = rows.take
    with trace.inside(backward), trace.reaching(body):
        for i, ct in zip(carried, incoming, strict=True):
            inner.accumulate(results[i], Tensor(ct))
        inner.run(list(body.nodes))
        inner.elsewhere = None
        rest = trace.value(subtract(Tensor(backward.params[0]), 1))
        new = [trace.value(inner.cotangent(params[i])) for i in carried]
        summed = [value for value in used if value in inner.cotangents]
        for value in summed:
            inner.accumulate(value, Tensor(backward.add_param(value.type)))
        sums = [trace.value(inner.cotangents[value]) for value in summed]
        backward.results = [rest, *new, *sums, *rows.carry(trace)]
    return backward, summed, rows


def _ct_type(trace: Trace, inside: Type, outside: Type) -> Type:
    """The type of a carried cotangent, or of one at the end; sizes that change on the way get a symbol of its own."""
    if not isinstance(inside, TensorType) or not isinstance(outside, TensorType):
        return inside
    dims: list[Dim] = [a if a == b else trace.fresh_symbol() for a, b in zip(inside.shape, outside.shape, strict=True)]
    return inside.with_shape(tuple(dims))


def _pop_residuals(trace: Trace, node: Node, backward: Region) -> list[Value]:
    """Makes the backward body pop what it needs of the forward trip; the lists to start with."""
    lists = []
    saved = saved_values(trace)
    position = copy_constants(backward, node.regions[1])
    for value in residuals(backward, node.regions[1]):
        kept = saved.of_loop(node, value)
        lists.append(kept)
        param = backward.add_param(kept.type)
        pop = Node(list_unappend_op, (param,), {}, (), (kept.type, value.type), node.location)
        backward.insert(position, pop)
        position += 1
        replace_uses(backward, value, pop.outputs[1])
        backward.results.append(pop.outputs[0])
    return lists


def _test(trace: Trace, backward: Region) -> Region:
    test = Region([param.type for param in backward.params])
    with trace.inside(test):
        test.results = [trace.value(greater(Tensor(test.params[0]), 0))]
    return test


register_control_rule("while", reverse_while)
