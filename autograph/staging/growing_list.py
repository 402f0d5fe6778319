"""The list that converted code makes: a Python list, until a staged loop grows it; then a list of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import optree

from autograph.errors import GraphTensorError
from autograph.ops.lists import list_append, list_cast, list_get, list_len, list_pop, list_set
from autograph.runtime.context import current_trace
from autograph.runtime.ir import Value
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import ListType, TensorType
from autograph.staging.widening import wider


class GraphList:
    """The graph form of a list: one graph list for each leaf of its elements, which share a structure.

    Attributes:
        columns: handles of graph lists, one a leaf.
        structure: how the leaves make an element.
    """

    __slots__ = ("columns", "structure")

    def __init__(self, columns: list[Tensor], structure: optree.PyTreeSpec) -> None:
        self.columns = columns
        self.structure = structure

    @property
    def elements(self) -> list[Any]:
        """The types of an element's leaves."""
        return [_list_type(column).element for column in self.columns]


def _list_type(column: Tensor) -> ListType:
    assert isinstance(column._value, Value)
    type_ = column._value.type
    assert isinstance(type_, ListType)
    return type_


def in_graph(item: Any) -> Tensor:
    """An element as a tensor of the graph under construction."""
    trace = current_trace()
    assert trace is not None, "lists of the graph exist while tracing only"
    return Tensor(trace.value(item))


def widened(column: Tensor, type_: TensorType) -> Tensor:
    """A graph list whose elements can be of a type too: numbers among them promote."""
    element = _list_type(column).element
    if not isinstance(element, TensorType):
        return column
    wide = wider(element, type_, "an element", "this list", set())
    return column if wide == element else list_cast(column, wide)


class List(list):  # type: ignore[type-arg]
    """A list whose changes staging sees, and which may live in the graph (`graph` is then its graph form)."""

    __slots__ = ("__weakref__", "graph")
    __hash__ = None

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.graph: GraphList | None = None
        trace = current_trace()
        if trace is not None and trace.journal is not None:
            trace.journal.note_created(self)

    def _touch(self) -> None:
        trace = current_trace()
        if trace is not None:
            trace.touch(self)

    def append(self, item: Any) -> None:
        """Adds an item at the end."""
        self._touch()
        if self.graph is None:
            super().append(item)
            return
        graph, leaves = self._taking(item)
        columns = [list_append(c, leaf) for c, leaf in zip(graph.columns, leaves, strict=True)]
        self.graph = GraphList(columns, graph.structure)

    def _taking(self, item: Any) -> tuple[GraphList, list[Any]]:
        """The graph form with elements wide enough for an item, and the item's leaves."""
        assert self.graph is not None
        leaves, structure = optree.tree_flatten(item)
        if structure != self.graph.structure:
            refuse(
                GraphTensorError,
                f"a list that a staged loop grows gets an element of another structure: {structure}, "
                f"where its elements have {self.graph.structure}",
                "append elements of one structure",
            )
        tensors = [in_graph(leaf) for leaf in leaves]
        columns = [widened(c, x.type) for c, x in zip(self.graph.columns, tensors, strict=True)]
        return GraphList(columns, structure), tensors

    def extend(self, items: Iterable[Any]) -> None:
        """Adds the items of an iterable at the end."""
        for item in items:
            self.append(item)

    def pop(self, index: Any = -1) -> Any:
        """Removes an item (the last one) and gives it."""
        self._touch()
        if self.graph is None:
            return super().pop(index)
        if not (isinstance(index, int) and index == -1):
            refuse(GraphTensorError, "pop(index) of a list that a staged loop grows", "pop the last item: pop()")
        pairs = [list_pop(column) for column in self.graph.columns]
        self.graph = GraphList([pair[0] for pair in pairs], self.graph.structure)
        return self.graph.structure.unflatten([pair[1] for pair in pairs])

    def __getitem__(self, index: Any) -> Any:
        if self.graph is None:
            return super().__getitem__(index)
        if isinstance(index, slice):
            refuse(GraphTensorError, "a slice of a list that a staged loop grows", "index it, or stack it first")
        return self.graph.structure.unflatten([list_get(column, index) for column in self.graph.columns])

    def __setitem__(self, index: Any, item: Any) -> None:
        self._touch()
        if self.graph is None:
            super().__setitem__(index, item)
            return
        graph, leaves = self._taking(item)
        columns = [list_set(c, index, leaf) for c, leaf in zip(graph.columns, leaves, strict=True)]
        self.graph = GraphList(columns, graph.structure)

    def _mutate(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if self.graph is not None:
            refuse(
                GraphTensorError,
                f"list.{name} on a list that a staged loop grows",
                "append, extend, pop(), indexing and len() work there; for the rest, stack it into a tensor",
            )
        self._touch()
        return getattr(super(), name)(*args, **kwargs)

    def insert(self, *args: Any) -> None:
        """As list.insert; not on a list of the graph."""
        self._mutate("insert", *args)

    def remove(self, *args: Any) -> None:
        """As list.remove; not on a list of the graph."""
        self._mutate("remove", *args)

    def clear(self) -> None:
        """As list.clear; not on a list of the graph."""
        self._mutate("clear")

    def sort(self, **kwargs: Any) -> None:
        """As list.sort; not on a list of the graph."""
        self._mutate("sort", **kwargs)

    def reverse(self) -> None:
        """As list.reverse; not on a list of the graph."""
        self._mutate("reverse")

    def __delitem__(self, key: Any) -> None:
        self._mutate("__delitem__", key)

    def __iadd__(self, items: Iterable[Any]) -> List:  # type: ignore[misc]
        self.extend(items)
        return self

    def length(self) -> Any:
        """The length: an int, or a scalar tensor for a list of the graph."""
        return super().__len__() if self.graph is None else list_len(self.graph.columns[0])

    def __len__(self) -> int:
        if self.graph is not None:
            refuse(
                GraphTensorError,
                "len() of a list that a staged loop grows, called by code that is not converted",
                "call len() in converted code, where it gives a tensor",
            )
        return super().__len__()

    def __iter__(self) -> Iterator[Any]:
        if self.graph is not None:
            refuse(
                GraphTensorError,
                "code that is not converted iterates over a list that a staged loop grows",
                "iterate with a for statement in converted code, or stack the list",
            )
        return super().__iter__()

    def __autograph_list__(self) -> Tensor | None:
        """The graph list of its elements if it is one of plain tensors, for ops such as stack."""
        if self.graph is None or len(self.graph.columns) != 1:
            return None
        return self.graph.columns[0]

    def __reduce__(self) -> Any:
        return list, (list(self),)


def list_(items: Iterable[Any] = ()) -> List:
    """The list that a list display makes."""
    return List(items)


optree.register_pytree_node(
    List,
    lambda items: (list(items), None, None),
    lambda _, items: List(items),
    path_entry_type=optree.SequenceEntry,
    namespace=optree.registry.__GLOBAL_NAMESPACE,
)
