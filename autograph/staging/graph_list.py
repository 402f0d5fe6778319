"""`GraphList`: the graph form of a list. Its methods give new graph lists; elements promote as numbers do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import optree

from autograph.errors import GraphTensorError
from autograph.ops.list_parts import list_concat, list_count, list_find, list_slice
from autograph.ops.lists import list_append, list_cast, list_get, list_len, list_new_op, list_pop, list_set
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Value
from autograph.runtime.number_range import require_range
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType
from autograph.staging.layouts import is_mutable, made, split
from autograph.staging.widening import wider

_NUMBER = optree.tree_structure(0)  # type: ignore[arg-type]


class GraphList:
    """One graph list for each leaf of a list's elements, which share a structure.

    Attributes:
        columns: handles of graph lists, one a leaf.
        structure: how the leaves make an element.
    """

    __slots__ = ("columns", "structure")

    def __init__(self, columns: list[Tensor], structure: optree.PyTreeSpec) -> None:
        self.columns = columns
        self.structure = structure

    @property
    def is_mutable(self) -> bool:
        """Whether the items can be changed in place."""
        return is_mutable(self.structure) or any(element_type(column).shape for column in self.columns)

    def length(self) -> Any:
        """The number of items, an integer scalar."""
        return list_len(self.columns[0])

    def get(self, index: Any) -> Any:
        """The item at an index."""
        return made(self.structure, [list_get(column, index) for column in self.columns])

    def part(self, bounds: slice) -> GraphList:
        """The items of a slice."""
        return GraphList([list_slice(column, bounds) for column in self.columns], self.structure)

    def appended(self, item: Any) -> GraphList:
        """With one more item."""
        taking, leaves = self._taking(item)
        return taking._with([list_append(c, leaf) for c, leaf in zip(taking.columns, leaves, strict=True)])

    def replaced(self, index: Any, item: Any) -> GraphList:
        """With another item at an index."""
        taking, leaves = self._taking(item)
        return taking._with([list_set(c, index, leaf) for c, leaf in zip(taking.columns, leaves, strict=True)])

    def popped(self) -> tuple[GraphList, Any]:
        """Without the last item, and that item."""
        pairs = [list_pop(column) for column in self.columns]
        return self._with([pair[0] for pair in pairs]), made(self.structure, [pair[1] for pair in pairs])

    def joined(self, other: GraphList) -> GraphList:
        """With the items of another list behind."""
        self._require(other.structure)
        columns = []
        for a, b in zip(self.columns, other.columns, strict=True):
            wide = widened(a, element_type(b))
            columns.append(list_concat(wide, widened(b, element_type(wide))))
        return self._with(columns)

    def made_of(self, items: Iterable[Any]) -> GraphList:
        """A list of other items, in the structure of this one's."""
        new: GraphList | None = None
        for item in items:
            if new is None:
                leaves, structure = split(item)
                self._require(structure)
                new = self._with([apply(list_new_op, element=in_graph(leaf).type) for leaf in leaves])
            new = new.appended(item)
        return self.part(slice(0, 0)) if new is None else new

    def find(self, item: Any) -> Any:
        """The first position of a number, -1 if it is not there."""
        return list_find(self._numbers(), item)

    def count(self, item: Any) -> Any:
        """How often a number occurs."""
        return list_count(self._numbers(), item)

    def _numbers(self) -> Tensor:
        if self.structure != _NUMBER or element_type(self.columns[0]).shape:
            refuse(GraphTensorError, "a search in a list of the graph whose items are not numbers", "write a loop")
        return self.columns[0]

    def _with(self, columns: list[Tensor]) -> GraphList:
        return GraphList(columns, self.structure)

    def _taking(self, item: Any) -> tuple[GraphList, list[Any]]:
        """With elements wide enough for an item, and the item's leaves."""
        leaves, structure = split(item)
        self._require(structure)
        tensors = [in_graph(leaf) for leaf in leaves]
        taking = self._with([widened(c, x.type) for c, x in zip(self.columns, tensors, strict=True)])
        for column, tensor in zip(taking.columns, tensors, strict=True):
            require_range(tensor, element_type(column).dtype)
        return taking, tensors

    def _require(self, structure: optree.PyTreeSpec) -> None:
        if structure != self.structure:
            refuse(
                GraphTensorError,
                f"a list that a staged loop grows gets an element of another structure: {structure}, "
                f"where its elements have {self.structure}",
                "append elements of one structure",
            )


def element_type(column: Tensor) -> TensorType:
    """The type of a column's items."""
    assert isinstance(column._value, Value) and isinstance(column._value.type, ListType)
    element = column._value.type.element
    assert isinstance(element, TensorType)
    return element


def in_graph(item: Any) -> Tensor:
    """An element as a tensor of the graph under construction."""
    trace = current_trace()
    assert trace is not None, "lists of the graph exist while tracing only"
    return Tensor(trace.value(item))


def widened(column: Tensor, type_: TensorType) -> Tensor:
    """A graph list whose elements can be of a type too: numbers among them promote."""
    element = element_type(column)
    wide = wider(element, type_, "an element", "this list", set(), of_list=True)
    return column if wide == element else list_cast(column, wide)
