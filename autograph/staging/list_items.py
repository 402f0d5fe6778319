"""Which objects may be items of lists of the graph: these hold values, so a change of such an object shows in none.

    rows[i].append(x)       # a change of the list too, whose item is made anew

A change is written back where it is known of which list the object is an item, at which place, and that no other place
has the same object. What else may hold the object is stale after the change, as are other names for the item: their use
is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograph.runtime.tensor import Tensor
from autograph.staging.aliases import inner_parts
from autograph.staging.forms import has_identity
from autograph.staging.growing_list import List, set_changeable
from autograph.staging.stale import Stale
from autograph.staging.unbound import Maybe


class Link:
    """Tells where an item is.

    Attributes:
        item: the item.
        holder: the list.
        place: its position, counted from the start.
        graphs: the graph forms of the list in which it is there.
    """

    def __init__(self, item: Any, holder: List, place: Any) -> None:
        self.item = item
        self.holder = holder
        self.place = place
        self.graphs = [holder.graph]

    def holds(self) -> bool:
        """Whether the item is there now."""
        return any(graph is self.holder.graph for graph in self.graphs)

    def keep(self) -> None:
        """Tells that the item is there in the list's present form too."""
        if not self.holds():
            self.graphs.append(self.holder.graph)


class ListItems:
    """The items that a trace knows of, by id.

    Attributes:
        put: objects that became items.
        taken: objects that were read out of a list, each of which may be any item.
        holders: lists of the graph whose items can be changed in place.
        distinct: lists of the graph, each of whose items is an object of its own.
    """

    def __init__(self) -> None:
        self.put: dict[int, Any] = {}
        self.taken: dict[int, Any] = {}
        self.holders: dict[int, Any] = {}
        self.distinct: dict[int, List] = {}
        self._links: dict[int, list[Link]] = {}
        self._decoded: dict[int, Any] = {}  # objects that stand for those of paths, which may be older
        self._moved: dict[int, dict[int, Any]] = {}  # the items of lists of Python that became lists of the graph
        self._removed: dict[int, tuple[Any, List]] = {}  # objects that were popped, and of what list

    # -- what is told -------------------------------------------------------------------------------------

    def note_put(self, item: Any) -> None:
        """Tells that an object is an item now."""
        for obj in changeable(item):
            self.put[id(obj)] = obj
            self._removed.pop(id(obj), None)

    def note_decoded(self, obj: Any) -> None:
        """Tells that an object stands for what a block gives, which another name may mean too."""
        self._decoded[id(obj)] = obj

    def note_put_at(self, item: Any, holder: List, place: Any, is_new: bool) -> None:
        """Tells at which place of a list an object is an item now; `is_new` whether the trip under way has made it."""
        parts = list(changeable(item))
        known = any(
            id(part) in self.put or (id(part) in self.taken and id(part) not in self._removed) for part in parts
        )
        self.note_put(item)
        if parts and (known or not is_new or any(id(part) in self._decoded for part in parts)):
            self.distinct.pop(id(holder), None)
        if place is not None:
            self._link(item, holder, place)

    def note_written(self, link: Link, new: list[Any], are_new: bool) -> None:
        """Tells of what has become part of an item; `are_new` whether the trip under way has made it."""
        for part in new:
            self.note_put_at(part, link.holder, link.place, are_new)
            self._link(link.item, link.holder, link.place)

    def note_moved(self, holder: List, contents: list[Any]) -> None:
        """Tells that a list of Python may become one of the graph: what it holds, one entry a path."""
        python = [items for items in contents if getattr(items, "graph", None) is None]
        was_distinct = len(python) == len(contents) or id(holder) in self.distinct
        if was_distinct and all(self._are_distinct(items, holder) for items in python):
            self.distinct[id(holder)] = holder
        else:
            self.distinct.pop(id(holder), None)
        for links in self._links.values():
            for link in links:
                if link.holder is holder:
                    link.graphs = [graph for graph in link.graphs if graph is not None]
        for items in python:
            for place, item in enumerate(list.__iter__(items)):
                self.note_put(item)
                if len(contents) == 1:
                    self._link(item, holder, place)

    def _are_distinct(self, items: list[Any], holder: List) -> bool:
        parts = {id(part): part for item in list.__iter__(items) for part in changeable(item)}
        count = sum(1 for item in list.__iter__(items) for _ in changeable(item))
        moved = self._moved.setdefault(id(holder), {})
        known = any((key in self.put or key in self.taken) and key not in moved for key in parts)
        if not known:
            moved.update(parts)
        return count == len(parts) and not known

    def note_taken(self, item: Any) -> None:
        """Tells that an object stands for some item."""
        self.taken.update({id(obj): obj for obj in changeable(item)})

    def note_taken_from(self, item: Any, holder: List, place: Any) -> None:
        """Tells that an object stands for the item at a place."""
        self.note_taken(item)
        self._link(item, holder, place)

    def note_removed(self, item: Any, holder: List) -> None:
        """Tells that an object was an item, and that the list has it no longer."""
        self.note_taken(item)
        if id(holder) in self.distinct:
            self._removed.update({id(obj): (obj, holder) for obj in changeable(item)})

    def note_copied(self, items: Any, item: Any) -> None:
        """Tells that an object is a copy of one of some items."""
        self.note_put(items)
        self.note_taken(item)
        if has_identity(items):
            self.holders[id(items)] = items

    def note_grown(self, holder: List, before: Any) -> None:
        """Tells that a list has the items that it had before at the same places."""
        for links in self._links.values():
            for link in links:
                if link.holder is holder and any(graph is before for graph in link.graphs):
                    link.keep()

    def _link(self, item: Any, holder: List, place: Any) -> None:
        if id(holder) in self.distinct:
            for part in changeable(item):
                if not isinstance(part, Tensor):
                    self._links.setdefault(id(part), []).append(Link(item, holder, place))

    # -- what is asked ------------------------------------------------------------------------------------

    def links(self) -> list[Link]:
        """What is known of where items are now."""
        return [link for links in self._links.values() for link in links if link.holds()]

    def links_of(self, obj: Any) -> list[Link]:
        """Where an object is an item, or part of one, if that is known."""
        links = self._links.get(id(obj), [])
        unknown = {id(link.holder) for link in links if not link.holds()}
        return [one for one in links if id(one.holder) not in unknown and id(one.holder) in self.distinct]

    def is_linked(self, obj: Any, link: Link) -> bool:
        """Whether an object is known to be in an item."""
        return isinstance(obj, Tensor) or any(one.item is link.item for one in self._links.get(id(obj), []))

    def known(self) -> set[int]:
        """The ids of all items."""
        return {*self.put, *self.taken}

    def holds(self, value: Any) -> bool:
        """Whether a value is, or holds, what may be an item."""
        return any(id(obj) in self.put or id(obj) in self.taken for obj in changeable(value))

    def around(self, obj: Any) -> tuple[list[Any], dict[int, Any]]:
        """An object with the lists to which a change of it is written back, and with all in which it is meanwhile."""
        changed, inside = [obj], {id(obj): obj}
        for one in changed:
            for link in self.links_of(one):
                inside.update({id(part): part for part in changeable(link.item)})
                if id(link.holder) not in inside:
                    inside[id(link.holder)] = link.holder
                    changed.append(link.holder)
        return changed, inside

    def others(self, obj: Any, origins: dict[int, Any]) -> dict[int, Any]:
        """What is no longer as it should be when an object changes that may be any of the origins."""
        taken = any(key in self.taken for key in origins)
        if not taken and not any(key in self.put for key in origins):
            return {}
        unknown = taken or len(origins) > 1
        holders = {key: one for key, one in self.holders.items() if getattr(one, "graph", self) is not None}
        found = {**holders, **self.taken, **(self.put if unknown else {})}
        if id(obj) in self._removed:
            found.pop(id(self._removed[id(obj)][1]), None)
        return found


def changeable(value: Any) -> Iterator[Any]:
    """The objects and tensor handles within a value that can be changed in place."""
    if isinstance(value, Maybe):
        value = value.ag_value
    is_handle = isinstance(value, Tensor) and not isinstance(value._value, Stale) and bool(value.type.shape)
    if is_handle or has_identity(value):
        yield value
    for part in inner_parts(value):
        yield from changeable(part)


set_changeable(changeable)
