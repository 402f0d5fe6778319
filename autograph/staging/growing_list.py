"""The list that converted code makes: a Python list, until a staged loop grows it; then a list of the graph."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

import optree

from autograph.errors import GraphTensorError, StagingError
from autograph.ops.arithmetic import add
from autograph.ops.comparison import greater_equal, less, not_equal
from autograph.ops.logic import logical_and, logical_not
from autograph.ops.selection import where
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor
from autograph.runtime.text import is_shown
from autograph.runtime.types import TensorType
from autograph.staging.graph_list import GraphList, common, list_of_items, skeleton_of
from autograph.staging.instructions import adds_in_place
from autograph.staging.layouts import Grown, made
from autograph.staging.python_ints import python_int
from autograph.staging.stale import Stale
from autograph.staging.unbound import check


def _changes(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that changes its list, with what has to be told before and after."""

    @functools.wraps(method)
    def change(self: List, *args: Any, **options: Any) -> Any:
        self._touch()
        result = method(self, *args, **options)
        self._settle()
        return result

    return change


class List(list):  # type: ignore[type-arg]
    """A list whose changes staging sees, and which may live in the graph (`graph` is then its graph form)."""

    __slots__ = ("__weakref__", "_graph")
    __hash__ = None

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self._graph: Any = None
        trace = current_trace()
        if trace is not None and trace.journal is not None:
            trace.journal.note_created(self)

    @classmethod
    def of_graph(cls, graph: GraphList) -> List:
        """A new list that lives in the graph."""
        new = cls()
        new.graph = graph
        return new

    @classmethod
    def of_rows(cls, rows: Grown) -> List:
        """A new list of the graph that was within an item."""
        return cls.of_graph(GraphList(rows.columns, rows.structure))

    @property
    def graph(self) -> Any:
        """The graph form, a GraphList; None of a list of Python, `Stale` of one that must not be used."""
        return self._graph

    @graph.setter
    def graph(self, graph: Any) -> None:
        self._graph = graph
        if isinstance(graph, GraphList) and graph.is_mutable:
            trace = current_trace()
            if trace is not None and trace.journal is not None:
                trace.journal.items.holders[id(self)] = self

    def _touch(self) -> None:
        trace = current_trace()
        if trace is not None:
            trace.touch(self)

    def _settle(self) -> None:
        trace = current_trace()
        if trace is not None:
            trace.settle(self)

    # -- changes ------------------------------------------------------------------------------------------

    @_changes
    def append(self, item: Any) -> None:
        """Adds an item at the end."""
        if self.graph is None:
            super().append(item)
            return
        before, place = self.graph, self._end(item)
        self.graph = before.appended(item)
        _items().note_grown(self, before)
        self._note_put_at(item, place)

    def _end(self, item: Any) -> Any:
        """The place after the last item, if `item` can be changed there."""
        return self.graph.length() if any(True for _ in _changeable(item)) else None

    def _note_put_at(self, item: Any, place: Any) -> None:
        journal = _journal()
        journal.items.note_put_at(item, self, place, all(map(journal.is_new, _changeable(item))))

    @_changes
    def extend(self, items: Iterable[Any]) -> None:
        """Adds the items of an iterable at the end."""
        items = items if isinstance(items, list) or current_trace() is None else _collected(items)
        if _graph(items) is None and (self.graph is None or any(True for _ in _changeable(items))):
            for item in items:
                self.append(item)
            return
        self._become((self + items).graph)

    def _become(self, graph: GraphList | None) -> None:
        super().clear()
        self.graph = graph
        _items().distinct.pop(id(self), None)

    @_changes
    def pop(self, index: Any = -1) -> Any:
        """Removes an item (the last one) and gives it."""
        if self.graph is None and not _is_traced(index):
            return super().pop(index)
        if self.graph is None:
            self._become(self._moved())
        if _is_last(index):
            self.graph, leaves = self.graph.popped()
            item = made(self.graph.structure, leaves, List.of_rows)
            _items().note_removed(item, self)
            return item
        check(not_equal(self.length(), 0), IndexError, "pop from empty list")
        return self._removed(index, "pop index out of range")

    def _removed(self, index: Any, complaint: str) -> Any:
        """Removes an item of a list of the graph, and gives it."""
        assert self.graph is not None
        place, length = python_int(index), self.length()
        place = where(greater_equal(place, 0), place, add(place, length))
        check(logical_and(greater_equal(place, 0), less(place, length)), IndexError, complaint)
        item = made(self.graph.structure, self.graph.get(place), List.of_rows)
        _items().note_removed(item, self)
        self.graph = self.graph.part(slice(0, place)).joined(self.graph.part(slice(place + 1, None)))
        return item

    @_changes
    def insert(self, index: Any, item: Any) -> None:
        """Puts an item before a position."""
        if self.graph is None and not _is_traced(index):
            super().insert(index, item)
            return
        if self.graph is None:
            self._become(self._moved())
        middle = self.graph.made_of([item])
        self.graph = self.graph.part(slice(0, index)).joined(middle).joined(self.graph.part(slice(index, None)))
        self._note_put_at(item, None)

    @_changes
    def remove(self, item: Any) -> None:
        """Removes the first item equal to a value."""
        if self.graph is None and not self._staged_with(item):
            super().remove(item)
            return
        if self.graph is None:
            self._become(self._moved())
        place = self.graph.find(item)
        check(greater_equal(place, 0), ValueError, "list.remove(x): x not in list")
        self.graph = self.graph.part(slice(0, place)).joined(self.graph.part(slice(place + 1, None)))

    @_changes
    def clear(self) -> None:
        """Removes all items."""
        if self.graph is None:
            super().clear()
        else:
            self.graph = self.graph.part(slice(0, 0))

    @_changes
    def reverse(self) -> None:
        """Turns the order round."""
        if self.graph is None:
            super().reverse()
        else:
            self.graph = self.graph.part(slice(None, None, -1))

    @_changes
    def sort(self, **options: Any) -> None:
        """As list.sort; tensors are sorted by number."""
        if self.graph is not None:
            self._become(_sorted(self, **options).graph)
            return
        if not self._staged_with(0):
            super().sort(**options)
            return
        self[:] = list(_sorted(self, **options))

    @_changes
    def __setitem__(self, index: Any, item: Any) -> None:
        if self.graph is None:
            super().__setitem__(index, item)
            return
        if isinstance(index, slice):
            before = self[: self._first(index)]
            self._become((before + List(item) + (List() if index.stop is None else self[index.stop :])).graph)
            return
        self.graph = self.graph.replaced(index, item)
        self._note_put_at(item, index)

    @_changes
    def __delitem__(self, key: Any) -> None:
        if self.graph is None:
            super().__delitem__(key)
        elif isinstance(key, slice):
            self[key] = []
        elif _is_last(key):
            check(not_equal(self.length(), 0), IndexError, _OUTSIDE)
            self.pop()
        else:
            self._removed(key, _OUTSIDE)

    def _first(self, part: slice) -> Any:
        """Where a slice that is replaced begins, which has to be clear when the function is traced."""
        plain = all(type(bound) is int and bound >= 0 for bound in (part.start, part.stop) if bound is not None)
        if not plain or part.step not in (None, 1) or (part.stop is not None and part.stop < (part.start or 0)):
            self._python("assignment to, or del of, a slice with bounds that are no Python numbers from 0 on")
        return part.start or 0

    @_changes
    def __iadd__(self, items: Iterable[Any]) -> List:
        self.extend(items)
        return self

    @_changes
    def __imul__(self, count: Any) -> List:
        if self.graph is None and not _is_traced(count):
            return super().__imul__(count)
        self._become((self * count).graph)
        return self

    # -- new lists ----------------------------------------------------------------------------------------

    def __getitem__(self, index: Any) -> Any:
        if self.graph is None:
            found = super().__getitem__(index)
            return List(found) if isinstance(index, slice) else found
        return List.of_graph(self.graph.part(index)) if isinstance(index, slice) else self._taken(index)

    def _taken(self, index: Any) -> Any:
        item = made(self.graph.structure, self.graph.get(index), List.of_rows)
        _items().note_taken_from(item, self, index)
        return item

    def __add__(self, other: Any) -> Any:
        graph, behind = self.graph, _graph(other)
        if graph is None and behind is None:
            joined = super().__add__(other)
            return List(joined) if isinstance(joined, list) else joined
        if graph is None:
            assert behind is not None
            graph = behind.made_of(self)
            _items().note_put(tuple(self))
        if behind is None:
            added = list(other)
            _items().note_put(tuple(added))
            behind = graph.made_of(added)
        return List.of_graph(graph.joined(behind))

    def __radd__(self, other: Any) -> Any:
        if not isinstance(other, list):
            return NotImplemented
        if not adds_in_place():
            return List(other) + self
        if trace := current_trace():
            trace.touch(other)
        list.extend(other, list(self))
        return other

    def __mul__(self, count: Any) -> Any:
        staged = isinstance(count, Tensor) and count.is_graph
        return _repeated(self, count) if self.graph is not None or staged else List(super().__mul__(count))

    __rmul__ = __mul__

    def copy(self) -> List:
        """A list of the same items."""
        return List(self) if self.graph is None else List.of_graph(self.graph)

    # -- questions ----------------------------------------------------------------------------------------

    def length(self) -> Any:
        """The length: an int, or a scalar tensor for a list of the graph."""
        return super().__len__() if self.graph is None else self.graph.length()

    def index(self, item: Any, *bounds: Any) -> Any:
        """The position of the first item equal to a value."""
        if self.graph is None and not self._staged_with(item):
            return super().index(item, *bounds)
        if bounds:
            _refuse_form("index with bounds")
        place = self._moved().find(item)
        check(greater_equal(place, 0), ValueError, f"{_shown(item)} is not in list")
        return place

    def count(self, item: Any) -> Any:
        """How often a value occurs."""
        return self._moved().count(item) if self.graph is not None or self._staged_with(item) else super().count(item)

    def _staged_with(self, item: Any) -> bool:
        """Whether tensors of the graph decide which items are equal to one."""
        parts: list[Any] = optree.tree_leaves((list(self), item), is_leaf=_is_grown)  # type: ignore[arg-type]
        return any(_is_grown(part) or (isinstance(part, Tensor) and part.is_graph) for part in parts)

    def _moved(self) -> GraphList:
        """The items as a list of the graph."""
        if self.graph is not None:
            return self.graph  # type: ignore[no-any-return]
        items = list(self)
        if not items:
            return list_of_items([], TensorType(int64, (), True))
        _items().note_put(tuple(items))
        return list_of_items(items, common([skeleton_of(item) for item in items]))

    def __len__(self) -> int:
        self._outside("calls len() on")
        return super().__len__()

    def __iter__(self) -> Iterator[Any]:
        self._outside("iterates over")
        return self._items()

    def _items(self) -> Iterator[Any]:
        place = 0
        while place < super().__len__():
            yield super().__getitem__(place)
            place += 1
            if self._graph is not None:
                refuse(
                    StagingError,
                    "a tensor decides how a list changes while code of Python goes over it",
                    "loop over the list itself (for y in ys), or over a copy of it: list(ys)",
                )

    def __reversed__(self) -> Iterator[Any]:
        self._outside("iterates over")
        return super().__reversed__()

    def __contains__(self, item: Any) -> bool:
        self._outside("looks into")
        return super().__contains__(item)

    def __eq__(self, other: Any) -> Any:
        if isinstance(self._graph, Stale):
            self._graph.refuse_use()
        if isinstance(other, list) and (self.graph is not None or self._staged_with(other)):
            return _equal(self, other)
        return super().__eq__(other)

    def __ne__(self, other: Any) -> Any:
        same = self == other
        return logical_not(same) if isinstance(same, Tensor) else not same

    def __repr__(self) -> str:
        if self.graph is not None and is_shown():
            self._python("text")
        return super().__repr__()

    def _outside(self, does: str) -> None:
        if isinstance(self.graph, Stale):
            self.graph.refuse_use()
        if self.graph is not None:
            refuse(
                GraphTensorError,
                f"code that is not converted {does} a list that a staged loop grows",
                "do it in converted code, or stack the list into a tensor",
            )

    def _python(self, what: str) -> None:
        if isinstance(self.graph, Stale):
            self.graph.refuse_use()
        if self.graph is not None:
            _refuse_form(what)

    def __autograph_list__(self) -> Tensor | None:
        """The graph list of its elements if it is one of plain tensors, for ops such as stack."""
        if self.graph is None or not self.graph.structure.is_leaf():
            return None
        column: Tensor = self.graph.columns[0]
        return column

    def __reduce__(self) -> Any:
        return list, (list(self),)


_OUTSIDE = "list assignment index out of range"


def _is_traced(number: Any) -> bool:
    """Whether a number is a tensor while a function is traced; elsewhere Python takes it as the int that it is."""
    return isinstance(number, Tensor) and current_trace() is not None


def _is_last(index: Any) -> bool:
    return type(index) is int and index == -1


# Set by the module of `sorted`, which needs this one, as loops do.
_sorted: Callable[..., List]
_repeated: Callable[[List, Any], List]
_collected: Callable[[Any], List]
_equal: Callable[[Any, Any], Any]
_changeable: Callable[[Any], Iterator[Any]]


def set_changeable(changeable: Callable[[Any], Iterator[Any]]) -> None:
    """Announces how to find what can be changed in place within an item."""
    global _changeable
    _changeable = changeable


def set_loops(sort: Callable[..., List], repeat: Callable[[List, Any], List], collect: Callable[[Any], List]) -> None:
    """Announces how to sort, to repeat and to collect lists by loops of the graph."""
    global _sorted, _repeated, _collected
    _sorted, _repeated, _collected = sort, repeat, collect


def set_equal(equal: Callable[[Any, Any], Any]) -> None:
    """Announces how to compare lists of tensors."""
    global _equal
    _equal = equal


def _items() -> Any:
    """What the trace under way knows of items of lists."""
    return _journal().items


def _journal() -> Any:
    trace = current_trace()
    assert trace is not None, "lists of the graph exist while tracing only"
    return trace.journal


def _shown(item: Any) -> str:
    """What `repr` says of an item, at run time if it is a tensor."""
    trace = current_trace()
    return trace.placeholder(item, "!r") if isinstance(item, Tensor) and trace is not None else repr(item)


def _is_grown(value: Any) -> bool:
    return isinstance(value, List) and value.graph is not None


def _graph(value: Any) -> GraphList | None:
    return value.graph if isinstance(value, List) else None


def _refuse_form(what: str) -> NoReturn:
    refuse(
        GraphTensorError,
        f"{what} on a list that a staged loop grows",
        "stack it into a tensor (ag.ops.stack), or write a loop",
    )


def _parts(items: Any) -> list[Any]:
    if isinstance(items.graph, GraphList):
        refuse(
            GraphTensorError,
            "a list that a staged loop grows is part of a structure whose parts have to be known",
            "stack it: ag.ops.stack(ys)",
        )
    return list(items)


List.__name__ = "list"  # in what Python says of it

optree.register_pytree_node(
    List,
    lambda items: (_parts(items), None, None),
    lambda _, items: List(items),
    path_entry_type=optree.SequenceEntry,
    namespace=optree.registry.__GLOBAL_NAMESPACE,
)
