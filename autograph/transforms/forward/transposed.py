"""Tangents that follow from an op's reverse rule.

The rule maps a cotangent `u` to `J^T u`, linearly. Its own reverse, started with a tangent `t`, maps that to `J t`.
Where each element of the result depends on the same element of the operands alone, `J` is diagonal, so the rule itself
gives `J t`.

Source: Radul, Paszke, Frostig, Johnson, Maclaurin, You Only Linearize Once: Tangents Transpose to Gradients, 2023
(transposition); Townsend, A new trick for calculating Jacobian vector products, 2017 (two reverse passes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograph.ops.arithmetic import add
from autograph.ops.broadcasting import broadcast_to
from autograph.runtime.apply import apply
from autograph.runtime.context import Context, current_tapes, current_trace, use
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import Op
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType
from autograph.runtime.vector import Vector
from autograph.transforms.autodiff.reverse import Reverse, fitted, is_differentiable, mark_active
from autograph.transforms.eager_log import EagerLog


def elementwise_tangent(
    op: Op, tangents: Sequence[Any], out: Any, inputs: Sequence[Any], attrs: Mapping[str, Any]
) -> Any:
    """The tangent of a real elementwise op: the sum of what its reverse rule gives for each operand's tangent."""
    total = None
    assert callable(op.vjp)
    for place, tangent in enumerate(tangents):
        if tangent is None:
            continue
        wide = tangent if tangent.type.shape == out.type.shape else broadcast_to(tangent, out.type.shape)
        part = op.vjp(wide, out, *inputs, **attrs)[place]
        if part is not None:
            total = part if total is None else add(total, part)
    return total


def transposed_tangents(
    op: Op, tangents: Sequence[Any], outs: Sequence[Any], inputs: Sequence[Any], attrs: Mapping[str, Any]
) -> list[Any]:
    """The tangents of any op's outputs, by two reverse passes."""
    trace = current_trace()
    if trace is not None:
        region, start = trace.region, len(trace.region.nodes)
        dummies = [_dummy(out) for out in outs]
        values = [None if dummy is None else trace.value(dummy) for dummy in dummies]
        cts = _reverse_rule(op, dummies, outs, inputs, attrs)
        nodes = region.nodes[start:]
        return _second_pass(Tensor, trace.value, nodes, values, cts, tangents)
    log = EagerLog()
    with use(Context(None, (*current_tapes(), log))):
        dummies = [_dummy(out) for out in outs]
        for dummy in dummies:
            if dummy is not None:
                log.watch(dummy)
        cts = _reverse_rule(op, dummies, outs, inputs, attrs)
    values = [None if dummy is None else log.value(dummy) for dummy in dummies]
    return _second_pass(log.numbers.__getitem__, log.value, log.nodes, values, cts, tangents)


def _dummy(out: Any) -> Any:
    """A value of an output's type that depends on nothing else: what the rule is linear in, so any one will do."""
    is_list = isinstance(out._value, Vector) or isinstance(getattr(out._value, "type", None), ListType)
    if is_list or not out.dtype.is_inexact:
        return None
    return apply(cast_op, out, dtype=out.dtype, weak=out.type.weak)


def _reverse_rule(
    op: Op, dummies: Sequence[Any], outs: Sequence[Any], inputs: Sequence[Any], attrs: Mapping[str, Any]
) -> list[Any]:
    assert callable(op.vjp)
    single = len(outs) == 1
    given = dummies[0] if single else tuple(dummies)
    cts = op.vjp(given, outs[0] if single else tuple(outs), *inputs, **attrs)
    return [None if ct is None else fitted(ct, x.type) for ct, x in zip(cts, inputs, strict=True)]


def _second_pass(
    tensor_of: Any,
    value_of: Any,
    nodes: Sequence[Node],
    dummies: Sequence[Value | None],
    cts: Sequence[Any],
    tangents: Sequence[Any],
) -> list[Any]:
    active = {value for value in dummies if value is not None and is_differentiable(value.type)}
    mark_active(nodes, active)
    reverse = Reverse(tensor_of, active)
    for ct, tangent in zip(cts, tangents, strict=True):
        if ct is not None and tangent is not None:
            reverse.accumulate(value_of(ct), tangent)
    reverse.run(nodes)
    return [None if value is None else reverse.cotangents.get(value) for value in dummies]
