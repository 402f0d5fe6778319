"""The gradient of `try`: a cond on what was caught; nothing flows back through what has failed."""

from __future__ import annotations

from typing import Any

from autograph.ops.comparison import equal
from autograph.runtime.ir import Node, Region, replace_uses
from autograph.runtime.structure_ops import cond_op
from autograph.runtime.tensor import Tensor
from autograph.transforms.autodiff.conditional import active_free_values, active_trace, saved_values
from autograph.transforms.autodiff.reverse import Reverse, register_control_rule
from autograph.transforms.autodiff.saving import residuals


def reverse_try(reverse: Reverse, node: Node, cts: list[Any]) -> None:
    """Records the backward cond and adds the cotangents of what the body used."""
    trace = active_trace()
    (body,) = node.regions
    wanted = active_free_values(reverse, body)
    if not wanted:
        return
    then, orelse = Region(), Region()
    inner = reverse.inner()
    results = body.results[: len(cts) - 1]
    with trace.inside(then), trace.reaching(body):
        for result, ct in zip(results, cts[1:], strict=True):
            inner.accumulate(result, ct)
        inner.run(list(body.nodes))
        then.results = [trace.value(inner.cotangent(value)) for value in wanted]
    with trace.inside(orelse):
        orelse.results = [trace.value(reverse.inner().cotangent(value)) for value in wanted]
    saved = saved_values(trace)
    for value in residuals(then, body):
        replace_uses(then, value, saved.of_branch(node, 0, value))
    fine = trace.value(equal(Tensor(node.outputs[0]), 0))
    outs = trace.record(cond_op, (fine,), {}, [value.type for value in wanted], [then, orelse])
    for value, out in zip(wanted, outs, strict=True):
        reverse.accumulate(value, Tensor(out))


register_control_rule("try", reverse_try)
