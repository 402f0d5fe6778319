"""Removes nodes whose outputs nobody uses and that have no effect, and loop carries that only feed themselves.

Before:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = exp %x
      %1: f32[3] = sin %x
      return %1

After:
    func f(%x: f32[3]) -> f32[3]:
      %0: f32[3] = sin %x
      return %0
"""

from __future__ import annotations

from autograph.runtime.ir import Graph, Node, Region, Value
from autograph.runtime.op import Effect
from autograph.runtime.structure_ops import call_op, cond_op, while_op
from autograph.runtime.types import type_symbols

# An op that may fail is kept: plain Python would raise there too.
_KEPT = Effect.FAIL | Effect.PRINT | Effect.WRITE | Effect.HOST


def remove_dead_code(graph: Graph) -> None:
    """Removes what neither a result nor an effect needs."""
    while True:
        used: set[Value] = set()
        _collect(graph.body, used)
        if not _sweep(graph.body, used):
            return


def has_effects(node: Node) -> bool:
    """Whether a node, or one inside its regions, does more than compute."""
    if node.op.effects & _KEPT or node.attrs.get("binds"):  # sizes bound here may be used by attributes
        return True
    if any(has_effects(inner) for region in node.regions for inner in region.nodes):
        return True
    return node.op in (while_op, call_op)  # they may not end


def _collect(region: Region, used: set[Value]) -> None:
    for node in region.nodes:
        used.update(node.inputs)
        for inner in node.regions:
            _collect(inner, used)
    used.update(region.results)


def _sweep(region: Region, used: set[Value]) -> bool:
    changed = False
    kept = []
    for node in region.nodes:
        if not has_effects(node) and not any(output in used for output in node.outputs):
            changed = True
            continue
        kept.append(node)
        for inner in node.regions:
            changed = _sweep(inner, used) or changed
        changed = _drop_outputs(node, used) or changed
    region.nodes = kept
    return changed


def _drop_outputs(node: Node, used: set[Value]) -> bool:
    if node.op is cond_op:
        dead = [i for i, output in enumerate(node.outputs) if not _is_used(output, used)]
    elif node.op is while_op:
        dead = _dead_carries(node, used)
    else:
        return False
    for i in reversed(dead):
        del node.outputs[i]
        if node.op is while_op:
            del node.inputs[i]
            del node.regions[0].params[i]
            del node.regions[1].params[i]
            del node.regions[1].results[i]
        else:
            for region in node.regions:
                del region.results[i]
    return bool(dead)


def _is_used(output: Value, used: set[Value]) -> bool:
    """Whether an output is used, or binds a size that an attribute may use."""
    return output in used or bool(type_symbols(output.type))


def _dead_carries(node: Node, used: set[Value]) -> list[int]:
    """Carries that are neither results nor used by the loop, but to compute themselves."""
    test, body = node.regions
    live: set[int] = {i for i, output in enumerate(node.outputs) if _is_used(output, used)}
    needed = _needed_by(test.results, test) | {
        value for inner in body.nodes if has_effects(inner) for value in _uses(inner)
    }
    for inner in test.nodes:
        if has_effects(inner):
            needed |= _uses(inner)
    while True:
        wanted = needed | _needed_by([body.results[i] for i in live], body)
        wanted |= _needed_by(list(wanted), body) | _needed_by(list(wanted), test)
        now = {i for i, p in enumerate(body.params) if p in wanted} | {
            i for i, p in enumerate(test.params) if p in wanted
        }
        if now <= live:
            return [i for i in range(len(node.outputs)) if i not in live]
        live |= now


def _uses(node: Node) -> set[Value]:
    found = set(node.inputs)
    for region in node.regions:
        found.update(region.results)
        for inner in region.nodes:
            found |= _uses(inner)
    return found


def _needed_by(values: list[Value], region: Region) -> set[Value]:
    """All values of a region that some values are computed from, themselves included."""
    wanted = set(values)
    for node in reversed(region.nodes):
        if any(output in wanted for output in node.outputs):
            wanted |= _uses(node)
    return wanted
