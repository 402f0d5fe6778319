"""What the backward pass needs of the forward pass: values inside regions become outputs of the node that runs them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograph.ops.arithmetic import add_op
from autograph.ops.lists import list_append_op, list_new_op
from autograph.runtime.dtypes import int64
from autograph.runtime.graph_symbols import bare_symbols, mentioned_symbols
from autograph.runtime.ir import Node, Region, Value, free_values, replace_uses
from autograph.runtime.structure_ops import constant_op, undefined_op
from autograph.runtime.types import ListType, TensorType, Type, type_symbols

# Not a Python number: it counts trips, so it cannot overflow.
_COUNT = TensorType(int64)


class SavedValues:
    """Remembers which inner values each node gives out already, so that a second gradient asks for none twice."""

    def __init__(self) -> None:
        self._saved: dict[tuple[Node, Value | None], Value] = {}

    def of_branch(self, node: Node, branch: int, value: Value) -> Value:
        """A value of one branch of a cond as an output; the other branch gives a placeholder."""
        known = self._saved.get((node, value))
        if known is None:
            for index, region in enumerate(node.regions):
                region.results.append(
                    value if index == branch else _append(region, undefined_op, (), {"type": value.type}, value.type)
                )
            known = self._saved[node, value] = node.add_output(value.type)
        return known

    def of_loop(self, node: Node, value: Value) -> Value:
        """A value of a loop's body as an output: the list of what it was in each trip."""
        known = self._saved.get((node, value))
        if known is None:
            type_ = ListType(value.type)
            start = _insert_before(node, list_new_op, {"element": value.type}, type_)
            inside = _add_carry(node, start, type_)
            body = node.regions[1]
            body.results.append(_append(body, list_append_op, (inside, value), {}, type_))
            known = self._saved[node, value] = node.add_output(type_)
        return known

    def trips(self, node: Node) -> Value:
        """How often a loop's body ran, as an output."""
        known = self._saved.get((node, None))
        if known is None:
            start = _insert_before(node, constant_op, {"value": np.asarray(0)}, _COUNT)
            inside = _add_carry(node, start, _COUNT)
            body = node.regions[1]
            one = _append(body, constant_op, (), {"value": np.asarray(1)}, _COUNT)
            body.results.append(_append(body, add_op, (inside, one), {}, _COUNT))
            known = self._saved[node, None] = node.add_output(_COUNT)
        return known


def copy_constants(backward: Region, forward: Region) -> int:
    """Gives the backward region copies of the constants that it uses of the forward region; how many."""
    used = [v for v in free_values(backward) if forward.encloses(v.region) and v.node and v.node.op is constant_op]
    for position, value in enumerate(used):
        assert value.node is not None
        copy = Node(constant_op, (), value.node.attrs, (), (value.type,), value.node.location)
        backward.insert(position, copy)
        replace_uses(backward, value, copy.outputs[0])
    return len(used)


def residuals(backward: Region, forward: Region) -> list[Value]:
    """Values defined inside the forward region that the backward region uses, or whose sizes it uses."""
    used = [value for value in free_values(backward) if forward.encloses(value.region)]
    return used + symbol_carriers(backward, forward, used)


def symbol_carriers(backward: Region, forward: Region, given: Sequence[Value]) -> list[Value]:
    """Values of the forward region that bind the sizes which the backward region mentions and `given` does not bind."""
    known = {name for value in [*given, *backward.params] for name in bare_symbols(value.type)}
    found: list[Value] = []
    # A size such as `k // 2` does not tell what k is; one such as `2 * k` does, where k itself occurs nowhere.
    for symbols in (bare_symbols, type_symbols):
        for name in sorted(mentioned_symbols(backward) - known):
            for value in _values(forward):
                if name in symbols(value.type) and name not in known:
                    found.append(value)
                    known |= symbols(value.type)
        known |= {name for value in [*given, *backward.params] for name in type_symbols(value.type)}
    return found


def _values(region: Region) -> list[Value]:
    return [*region.params, *[output for node in region.nodes for output in node.outputs]]


def _append(region: Region, op: object, inputs: Sequence[Value], attrs: dict[str, object], type_: Type) -> Value:
    node = Node(op, inputs, attrs, (), (type_,), None)  # type: ignore[arg-type]
    return region.append(node).outputs[0]


def _insert_before(node: Node, op: object, attrs: dict[str, object], type_: Type) -> Value:
    made = Node(op, (), attrs, (), (type_,), node.location)  # type: ignore[arg-type]
    assert node.region is not None
    return node.region.insert(node.region.nodes.index(node), made).outputs[0]


def _add_carry(node: Node, start: Value, type_: Type) -> Value:
    """Another carried value of a loop; the body's parameter (its result is still to be given)."""
    node.inputs.append(start)
    node.regions[0].add_param(type_)
    return node.regions[1].add_param(type_)
