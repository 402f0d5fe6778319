"""`GraphList`: the graph form of a list. Its methods give new graph lists; elements promote as numbers do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import optree

from autograph.errors import GraphTensorError
from autograph.ops.list_parts import list_concat, list_count, list_find, list_slice
from autograph.ops.lists import list_append, list_cast, list_from_op, list_get, list_len, list_pop, list_set
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Value
from autograph.runtime.number_range import require_range
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType, Type
from autograph.staging.layouts import Grown, is_mutable, opened, split
from autograph.staging.number_classes import class_of_type, note_item, number_class
from autograph.staging.ragged import Mismatch, element, fitted, rows_of, shared, shown, skeleton
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
        return is_mutable(self.structure) or any(not _is_number(element_type(column)) for column in self.columns)

    @property
    def element(self) -> Any:
        """The skeleton of the items."""
        return element(self.typed())

    def typed(self) -> Grown:
        """The types of the columns."""
        return Grown([ListType(element_type(column)) for column in self.columns], self.structure)

    def length(self) -> Any:
        """The number of items, an integer scalar."""
        return list_len(self.columns[0])

    def get(self, index: Any) -> list[Any]:
        """The leaves of the item at an index."""
        return [list_get(column, index) for column in self.columns]

    def part(self, bounds: slice) -> GraphList:
        """The items of a slice."""
        return self._with([list_slice(column, bounds) for column in self.columns])

    def appended(self, item: Any) -> GraphList:
        """With one more item."""
        taking, leaves = self._taking(item)
        return taking._with([list_append(c, leaf) for c, leaf in zip(taking.columns, leaves, strict=True)])

    def replaced(self, index: Any, item: Any) -> GraphList:
        """With another item at an index."""
        taking, leaves = self._taking(item)
        return taking._with([list_set(c, index, leaf) for c, leaf in zip(taking.columns, leaves, strict=True)])

    def popped(self) -> tuple[GraphList, list[Any]]:
        """Without the last item, and the leaves of that."""
        pairs = [list_pop(column) for column in self.columns]
        return self._with([pair[0] for pair in pairs]), [pair[1] for pair in pairs]

    def joined(self, other: GraphList) -> GraphList:
        """With the items of another list behind."""
        wanted = common([self.element, other.element])
        a, b = self.holding(wanted), other.holding(wanted)
        return a._with([list_concat(x, y) for x, y in zip(a.columns, b.columns, strict=True)])

    def made_of(self, items: Iterable[Any]) -> GraphList:
        """A list of other items, in the structure of this one's."""
        given = list(items)
        return list_of_items(given, common([self.element, *map(skeleton_of, given)]))

    def find(self, item: Any) -> Any:
        """The first position of a number, -1 if it is not there."""
        return list_find(self._numbers(), item)

    def count(self, item: Any) -> Any:
        """How often a number occurs."""
        return list_count(self._numbers(), item)

    def holding(self, wanted: Any, sized: bool = True) -> GraphList:
        """With items as a skeleton says that they fit; `sized` whether its sizes matter too."""
        rows = rows_of(wanted)
        made = self if rows.structure == self.structure else _remade(self, wanted)
        pairs = zip(made.columns, rows.columns, strict=True)
        return made._with([_column_as(column, type_.element, sized) for column, type_ in pairs])

    def _numbers(self) -> Tensor:
        if self.structure != _NUMBER or not _is_number(element_type(self.columns[0])):
            refuse(GraphTensorError, "a search in a list of the graph whose items are not numbers", "write a loop")
        return self.columns[0]

    def _with(self, columns: list[Tensor]) -> GraphList:
        return GraphList(columns, self.structure)

    def _taking(self, item: Any) -> tuple[GraphList, list[Any]]:
        """With elements wide enough for an item, and the item's leaves."""
        taking = self.holding(common([self.element, skeleton_of(item)]))
        return taking, leaves_for(item, taking.typed())


# Set by the module of comprehensions, which needs this one: a list of the graph with its items made anew.
_remade: Callable[[GraphList, Any], GraphList]


def set_remade(remade: Callable[[GraphList, Any], GraphList]) -> None:
    """Announces how to make the items of a list fit another skeleton."""
    global _remade
    _remade = remade


def list_of_items(items: Sequence[Any], wanted: Any) -> GraphList:
    """A list of the graph of items that fit a skeleton."""
    return grown_of(items, rows_of(wanted))


def grown_of(items: Sequence[Any], wanted: Grown) -> GraphList:
    """A list of the graph of items, with columns of given types."""
    rows = [leaves_for(item, wanted) for item in items]
    columns = []
    for place, type_ in enumerate(wanted.columns):
        slots = [row[place]._value for row in rows]
        columns.append(Tensor(_trace().record(list_from_op, slots, {"element": type_.element}, (type_,))[0]))
    return GraphList(columns, wanted.structure)


def leaves_for(item: Any, wanted: Grown) -> list[Tensor]:
    """The leaves of an item that goes into columns of given types."""
    leaves, _ = split(fit(item, element(wanted)))
    return [_as_type(leaf, type_.element) for leaf, type_ in zip(leaves, wanted.columns, strict=True)]


def fit(item: Any, wanted: Any) -> Any:
    """An item, opened, with lists of the graph where a skeleton has them."""

    def grow(items: list[Any], types: Grown) -> Grown:
        made = grown_of(items, types)
        return Grown(made.columns, made.structure)

    return fitted(opened(item), wanted, grow)


def _as_type(leaf: Any, type_: Type) -> Tensor:
    tensor = in_graph(leaf)
    if isinstance(type_, ListType):
        return _column_as(tensor, type_.element, sized=False)
    assert isinstance(type_, TensorType)
    require_range(tensor, type_.dtype)
    note_item(number_class(tensor), type_)
    trace = _trace()
    return Tensor(trace.cast(trace.value(tensor), type_.dtype, type_.weak))


def _column_as(column: Tensor, type_: Type, sized: bool) -> Tensor:
    """A column with elements of a type; the sizes of each may differ anyway."""
    element = element_type(column)
    if isinstance(element, TensorType) and isinstance(type_, TensorType):
        note_item(class_of_type(element), type_)
    return column if element == type_ or (not sized and _same_dtypes(element, type_)) else list_cast(column, type_)


def _same_dtypes(a: Type, b: Type) -> bool:
    if isinstance(a, ListType) and isinstance(b, ListType):
        return _same_dtypes(a.element, b.element)
    assert isinstance(a, TensorType) and isinstance(b, TensorType)
    return (a.dtype, a.weak) == (b.dtype, b.weak)


def element_type(column: Tensor) -> Type:
    """The type of a column's items."""
    assert isinstance(column._value, Value) and isinstance(column._value.type, ListType)
    return column._value.type.element


def in_graph(item: Any) -> Tensor:
    """An element as a tensor of the graph under construction."""
    return Tensor(_trace().value(item))


def _trace() -> Any:
    trace = current_trace()
    assert trace is not None, "lists of the graph exist while tracing only"
    return trace


def skeleton_of(item: Any) -> Any:
    """The structure of an item with the types of its tensors."""
    return skeleton(item, lambda leaf: in_graph(leaf)._value.type)


def _is_number(type_: Type) -> bool:
    return isinstance(type_, TensorType) and not type_.shape


def common(skeletons: Sequence[Any]) -> Any:
    """The skeleton of all items of one list: numbers among them promote."""
    try:
        return shared(skeletons, lambda a, b: wider(a, b, "an element", "this list", set(), of_list=True))
    except Mismatch as error:
        one, other = map(shown, error.args)
        refuse(
            GraphTensorError,
            f"a list that a staged loop grows gets an element of another structure: {other} where others have {one}",
            "append elements of one structure",
        )
