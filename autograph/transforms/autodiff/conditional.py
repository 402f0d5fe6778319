"""The gradient of `cond`: another cond, whose branches are the branches' reverse."""

from __future__ import annotations

from typing import Any

from autograph.runtime.context import current_trace
from autograph.runtime.ir import Node, Region, Value, free_values, replace_uses
from autograph.runtime.structure_ops import cond_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.trace import Trace
from autograph.runtime.types import RefType
from autograph.transforms.autodiff.reverse import Reverse, register_control_rule
from autograph.transforms.autodiff.saving import SavedValues, copy_constants, residuals


def saved_values(trace: Trace) -> SavedValues:
    """What the gradients asked for in a trace have saved so far."""
    if trace.saved is None:
        trace.saved = SavedValues()
    found: SavedValues = trace.saved
    return found


def active_trace() -> Trace:
    """The trace that the backward pass is recorded into."""
    trace = current_trace()
    assert trace is not None, "regions occur in graphs only"
    return trace


def active_free_values(reverse: Reverse, *regions: Region) -> list[Value]:
    """The outer values of regions that get cotangents (variables are threaded as values before)."""
    return [v for v in free_values(*regions) if v in reverse.active and not isinstance(v.type, RefType)]


def reverse_cond(reverse: Reverse, node: Node, cts: list[Any]) -> None:
    """Records the backward cond and adds the cotangents of what the branches used."""
    trace = active_trace()
    wanted = active_free_values(reverse, *node.regions)
    if not wanted:
        return
    outputs = list(node.outputs)
    branches = [_branch(reverse, trace, region, outputs, cts, wanted) for region in node.regions]
    saved = saved_values(trace)
    for index, (backward, region) in enumerate(zip(branches, node.regions, strict=True)):
        copy_constants(backward, region)
        for value in residuals(backward, region):
            replace_uses(backward, value, saved.of_branch(node, index, value))
    types = [value.type for value in wanted]
    outs = trace.record(cond_op, (node.inputs[0],), {}, types, branches)
    for value, out in zip(wanted, outs, strict=True):
        reverse.accumulate(value, Tensor(out))


def _branch(
    reverse: Reverse, trace: Trace, region: Region, outputs: list[Value], cts: list[Any], wanted: list[Value]
) -> Region:
    backward = Region()
    inner = reverse.inner()
    results = region.results[: len(outputs)]
    with trace.inside(backward), trace.reaching(region):
        for result, ct in zip(results, cts, strict=True):
            inner.accumulate(result, ct)
        inner.run(list(region.nodes))
        backward.results = [trace.value(inner.cotangent(value)) for value in wanted]
    return backward


register_control_rule("cond", reverse_cond)
