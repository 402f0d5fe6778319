"""The log of eager ops: what a tape and a forward pass differentiate outside graphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.ops.creation import ones_like
from autograph.runtime.dtypes import float64
from autograph.runtime.ir import Node, Value
from autograph.runtime.op import Op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.runtime.types import ListType, RefType, TensorType, Type
from autograph.runtime.variable import Variable
from autograph.runtime.vector import Vector
from autograph.transforms.autodiff.reverse import Reverse, mark_active


class EagerLog:
    """Ops that ran, as nodes of the graph language. A value is known by the object that holds its number."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._values: dict[int, Value] = {}
        self.numbers: dict[Value, Any] = {}
        self._keep: list[Any] = []  # so that no `id` in use is given to another object
        self.active: set[Value] = set()
        self.watched: dict[int, Value] = {}

    def watch(self, leaf: Any) -> None:
        self._keep.append(leaf)
        self.watched[id(leaf)] = self.value(leaf)
        self.active.add(self.watched[id(leaf)])

    def value(self, operand: Any) -> Value:
        type_: Type
        holder: Any
        number: Any
        if isinstance(operand, Variable):
            holder, type_, number = operand, RefType(operand.type), operand
        else:
            raw = operand.held
            # Python numbers may be one object for many values: those are told apart by their handles.
            holder = operand if type(raw) in PYTHON_NUMBERS else raw
            type_, number = _type_of(operand, raw), operand.__copy__()
        value = self._values.get(id(holder))
        if value is None:
            value = self._values[id(holder)] = Value(type_)
            self.numbers[value] = number
            self._keep.append(holder)
        return value

    def known(self, leaf: Any) -> Value | None:
        """The value of a tensor or variable that the log has met."""
        if not isinstance(leaf, Tensor | Variable):
            return None
        holder = leaf if isinstance(leaf, Variable) or type(leaf.held) in PYTHON_NUMBERS else leaf.held
        return self._values.get(id(holder))

    def record(self, op: Op, operands: Sequence[Any], attrs: Any, outputs: Sequence[Any]) -> None:
        inputs = [self.value(operand) for operand in operands]
        node = Node(op, inputs, attrs, (), (), None)
        for output in outputs:
            self._values.pop(id(output if type(output.held) in PYTHON_NUMBERS else output.held), None)
            node.outputs.append(self.value(output))
        if op.name in ("assign", "read") or any(value in self.active for value in inputs):
            mark_active([node], self.active)
            self.nodes.append(node)

    def gradient(self, targets: list[Any], seeds: list[Any], sources: list[Any], variables: bool) -> list[Any]:
        reverse = Reverse(self.numbers.__getitem__, self.active)
        for target, seed in zip(targets, seeds, strict=True):
            tensor = target.value() if isinstance(target, Variable) else target
            reverse.accumulate(self.value(target), ones_like(tensor) if seed is None else seed)
        reverse.run(list(self.nodes))
        values = [self.watched.get(id(source)) or self.value(source) for source in sources]
        return [reverse.cotangents.get(value) for value in values]


def _type_of(tensor: Tensor, raw: Any) -> Type:
    """The type of a tensor or of a list behind one (an empty list counts as one of floats)."""
    if isinstance(raw, Vector):
        return ListType(_type_of(Tensor(raw[0]), raw[0]) if len(raw) else TensorType(float64))
    return tensor.type
