"""What staged code changes in Python objects: seen, undone after a block is traced, and carried as state.

Every store of converted code announces the object first (`touch`). The journal of a block keeps how the object
was; at the block's end it finds the locations that differ, and puts the objects back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import CellType
from typing import Any

from autograph.errors import SourceLine, StagingError, message
from autograph.runtime.ir import Region, Value
from autograph.runtime.location import user_line
from autograph.runtime.tensor import Tensor
from autograph.staging.aliases import Aliases
from autograph.staging.attributes import watch_attributes
from autograph.staging.growing_dict import Dict, may_be_absent
from autograph.staging.growing_list import List
from autograph.staging.list_items import ListItems, changeable
from autograph.staging.outer_stores import Cells
from autograph.staging.stale import Stale
from autograph.staging.unbound import Unbound, attribute_name, key_name

_MISSING = object()


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """A place in a Python object: a list's items, a tensor handle's value, a dict's entry, an attribute or a cell."""

    owner: Any
    key: Any
    line: SourceLine | None

    @property
    def identity(self) -> tuple[int, Any]:
        return id(self.owner), None if isinstance(self.owner, CellType) else self.key

    @property
    def name(self) -> str:
        """The location in the user's words."""
        if isinstance(self.owner, dict):
            return key_name(self.key)
        if isinstance(self.owner, CellType):
            return str(self.key or "a variable")
        return type(self.owner).__name__.lower() if self.key is None else attribute_name(self.key, type(self.owner))

    @property
    def words(self) -> str:
        """The location as the object of a sentence."""
        if isinstance(self.owner, CellType):
            return f"the variable {self.name!r} of an outer function"
        if isinstance(self.owner, dict) and "__builtins__" in self.owner:
            return f"the global {self.key!r}"
        kind = type(self.owner).__name__
        return f"a {kind}" if self.key is None else f"{self.name!r} of a {kind}"

    def get(self) -> Any:
        """The present value (of a list, a copy)."""
        owner = self.owner
        if isinstance(owner, Tensor):
            return Tensor(owner._value)
        if isinstance(owner, list):
            return copy_list(owner)
        if isinstance(owner, dict):
            return dict.get(owner, self.key, Unbound(self.name))
        if isinstance(owner, CellType):
            return cell_value(owner, self.key or "")
        return vars(owner).get(self.key, class_value(type(owner), self.key, Unbound(self.name)))

    def set(self, value: Any) -> None:
        """Puts a value there."""
        owner = self.owner
        if isinstance(owner, Tensor):
            owner._value = value._value if isinstance(value, Tensor) else value
        elif isinstance(owner, list):
            set_list(owner, value)
        elif isinstance(owner, CellType):
            fill_cell(owner, value)
        else:
            self._set_entry(owner if isinstance(owner, dict) else vars(owner), value)

    def _set_entry(self, entries: dict[Any, Any], value: Any) -> None:
        if isinstance(self.owner, dict) and not isinstance(self.owner, Dict) and may_be_absent(value):
            raise StagingError(
                message(
                    f"key {self.key!r} is in a dict from outside on some paths only",
                    self.line,
                    "give it a value before, or change a dict made in converted code: d = dict(d)",
                )
            )
        if isinstance(value, Unbound):
            dict.pop(entries, self.key, None)
        else:
            dict.__setitem__(entries, self.key, value)
            if not isinstance(self.owner, dict) and may_be_absent(value):
                watch_attributes(self.owner)


def cell_value(cell: CellType, name: str) -> Any:
    """What a closure's cell holds, `Unbound` when it is empty."""
    try:
        return cell.cell_contents
    except ValueError:
        return Unbound(name)


def fill_cell(cell: CellType, value: Any) -> None:
    """Makes a closure's cell hold a value; `Unbound` empties it."""
    if not isinstance(value, Unbound):
        cell.cell_contents = value
    elif not isinstance(cell_value(cell, ""), Unbound):
        del cell.cell_contents


def class_value(cls: type, name: Any, default: Any) -> Any:
    """What objects of a class have for an attribute that they do not have of their own."""
    for base in cls.__mro__:
        if name in vars(base):
            found = vars(base)[name]
            return default if hasattr(type(found), "__get__") else found
    return default


def copy_list(items: list[Any]) -> List:
    """A copy of a list with its graph form."""
    copied = List(list.__iter__(items))
    copied._graph = items.graph if isinstance(items, List) else None
    return copied


def set_list(target: list[Any], source: list[Any]) -> None:
    """Makes `target` hold what `source` holds."""
    if isinstance(source, Stale):
        _spoil(target, source)
        return
    list.clear(target)
    list.extend(target, list.__iter__(source))
    if isinstance(target, List):
        target.graph = source.graph if isinstance(source, List) else None
    elif isinstance(source, List) and source.graph is not None:
        raise StagingError(
            message(
                "a list that was made outside converted code grows in a staged loop",
                user_line(),
                "make the list in the function: ys = list(ys), or ys = []",
            )
        )


class Journal:
    """Keeps how objects were before a block changed them.

    Args:
        region: the block's region; values defined in it belong to objects of the block's own.
        parent: the journal of the block around.
        is_trip: whether the block runs once a trip of a loop.
    """

    def __init__(self, region: Region, parent: Journal | None, is_trip: bool = False) -> None:
        self.region = region
        self.parent = parent
        self.is_trip = is_trip
        self.aliases: Aliases = Aliases(None if parent is None else parent.aliases)
        self.cells: Cells = Cells(None if parent is None else parent.cells)
        self.items: ListItems = ListItems() if parent is None else parent.items
        self._entries: dict[int, tuple[Any, Any, SourceLine | None]] = {}
        self._created: dict[int, Any] = {}
        self.older: dict[int, Any] = {}  # objects that are not the block's own, whatever they hold
        self.stored: list[Location] = [] if parent is None else parent.stored  # lists and dicts, which `+=` may change
        self.spoiled: list[tuple[Any, Stale]] = []
        self.untracked: dict[int, Any] = {}  # objects from outside that cannot be state
        self.touched: dict[tuple[int, Any], Location] = {}  # what it or a path within it changed, and be it put back

    def note_created(self, obj: Any) -> None:
        """Tells that the block made an object, whose changes concern nobody outside."""
        self._created[id(obj)] = obj
        self.aliases.made[id(obj)] = obj

    def is_shared(self, obj: Any) -> bool:
        """Whether an object is older than the block, which is a staged one."""
        return self.parent is not None and id(obj) not in self._created

    def is_new(self, obj: Any) -> bool:
        """Whether the trip of the loop under way has made an object."""
        journal: Journal | None = self
        while journal is not None:
            if id(obj) in journal._created:
                return True
            journal = None if journal.is_trip else journal.parent
        return False

    def touch(self, obj: Any, line: SourceLine | None = None) -> None:
        """Keeps how `obj` is now before it changes, at a line; what may be the same object becomes stale."""
        changed, inside = self.items.around(obj)
        for one in changed:
            self.keep(one, line)
        items = {key: other for one in changed for key, other in self._items_beside(one).items() if key not in inside}
        others = {id(other): (other, False) for one in changed for other in self.aliases.others(one)}
        for other, of_item in {**{key: (other, True) for key, other in items.items()}, **others}.values():
            self.spoil(other, Stale(type(obj).__name__.lower(), user_line(), of_item))

    def require_same_keys(self, obj: Any, *names: Any) -> None:
        """Refuses a change of what keys or attributes an object has, where another may be the same object.

        Args:
            obj: a dict or an object, announced to change already.
            names: the keys or attributes that it gets; none where it may lose some.
        """
        for other in self.aliases.others(obj):
            if isinstance(other, list | Tensor | CellType | Dict):
                continue  # these can be stale as a whole
            held = other if isinstance(other, dict) else vars(other)
            if not names or any(name not in dict.keys(held) for name in names):
                Stale(type(obj).__name__, None).refuse_use()

    def _items_beside(self, obj: Any) -> dict[int, Any]:
        return self.items.others(obj, self.aliases.origins(obj))

    def settle(self, obj: Any) -> None:
        """Writes an object that has changed back to the lists of the graph of which it is an item."""
        for link in self.items.links_of(obj):
            holder, before = link.holder, link.holder.graph
            if before is None:  # a list of Python has the object itself
                continue
            holder.graph = before.replaced(link.place, link.item)
            self.items.note_grown(holder, before)
            new = [part for part in changeable(link.item) if not self.items.is_linked(part, link)]
            self.items.note_written(link, new, all(map(self.is_new, new)))
            self.settle(holder)

    def spoil(self, obj: Any, stale: Stale) -> None:
        """Makes an object's contents stale."""
        if isinstance(obj, Stale):
            return
        self.keep(obj)
        if id(obj) in self._entries:
            self.spoiled.append((obj, stale))
        _spoil(obj, stale)

    def keep(self, obj: Any, line: SourceLine | None = None) -> None:
        """Keeps how `obj` is now, unless that is known or the block made it."""
        if id(obj) in self._entries or id(obj) in self._created or self._is_own(obj):
            return
        self._entries[id(obj)] = (obj, snapshot(obj), line or user_line())

    def _is_own(self, obj: Any) -> bool:
        """Whether the block made an object: it holds what the block made before its first change."""
        if id(obj) in self.older:
            return False
        if isinstance(obj, Tensor):
            return isinstance(obj._value, Value) and self.region.encloses(obj._value.region)
        if isinstance(obj, CellType):
            return self.cells.is_made(obj)
        parts = dict.values(obj) if isinstance(obj, dict) else vars(obj).values() if hasattr(obj, "__dict__") else ()
        return any(id(part) in self._created or (isinstance(part, Tensor) and self._is_own(part)) for part in parts)

    def finish(self) -> dict[tuple[int, Any], tuple[Location, Any]]:
        """The locations that changed with the values they got; all objects are as before afterwards.

        What became stale is in `spoiled` instead.
        """
        changed: dict[tuple[int, Any], tuple[Location, Any]] = {}
        for obj, saved, line in self._entries.values():
            for key in changed_keys(obj, saved):
                key = (self.cells.name(obj) or None) if isinstance(obj, CellType) else key
                location = Location(obj, key, line)
                value = location.get()
                stale = stale_of(value)
                if stale is None or not isinstance(obj, List | Tensor):
                    if not isinstance(value, Stale) or all(obj is not one for one, _ in self.spoiled):
                        changed[location.identity] = (location, value)
                elif all(obj is not one for one, _ in self.spoiled):
                    self.spoiled.append((obj, stale))
        for obj, saved, _ in reversed(self._entries.values()):  # an object and its `__dict__` may both be there
            _restore(obj, saved)
        self.touched |= {key: location for key, (location, _) in changed.items()}
        if self.parent is not None:
            self.parent.note_touched(self.touched)
        return changed

    def note_touched(self, places: Mapping[tuple[int, Any], Location]) -> None:
        """Tells what a path of the block changed, also where that path ends in an exception."""
        for key, place in places.items():
            if not isinstance(place.owner, CellType) and id(place.owner) not in self._created:
                self.touched.setdefault(key, place)


def stale_of(value: Any) -> Stale | None:
    """What a value, or the contents of a list or a tensor, has become if it is stale."""
    held = value.graph if isinstance(value, List) else value._value if isinstance(value, Tensor) else value
    return held if isinstance(held, Stale) else None


def _spoil(obj: Any, stale: Stale) -> None:
    if isinstance(obj, Tensor):
        obj._value = stale
    elif isinstance(obj, List):
        list.clear(obj)
        obj.graph = stale
    elif isinstance(obj, list):
        obj[:] = [stale] * len(obj)
    elif isinstance(obj, Dict):
        obj.spoil(stale)
    else:
        contents = obj if isinstance(obj, dict) else vars(obj)
        dict.update(contents, dict.fromkeys(dict.keys(contents), stale))


def snapshot(obj: Any) -> Any:
    """What an object holds, to compare with what it holds later."""
    if isinstance(obj, Tensor):
        return obj._value
    if isinstance(obj, list):
        return copy_list(obj)
    if isinstance(obj, CellType):
        return [cell_value(obj, "")]
    return dict(dict.items(obj)) if isinstance(obj, dict) else dict(vars(obj))


def changed_keys(obj: Any, saved: Any) -> list[Any]:
    """The places of an object that differ from a snapshot of it."""
    if isinstance(obj, Tensor):
        return [] if obj._value is saved else [None]
    if isinstance(obj, list):
        return [] if _same_list(obj, saved) else [None]
    if isinstance(obj, CellType):
        return [] if cell_value(obj, "") is saved[0] else [None]
    now = dict(dict.items(obj)) if isinstance(obj, dict) else vars(obj)
    return [key for key in {**saved, **now} if now.get(key, _MISSING) is not saved.get(key, _MISSING)]


def _same_list(a: list[Any], b: List) -> bool:
    graph = a.graph if isinstance(a, List) else None
    same_items = list.__len__(a) == list.__len__(b) and all(
        x is y for x, y in zip(list.__iter__(a), list.__iter__(b), strict=True)
    )
    return same_items and graph is b.graph


def _restore(obj: Any, saved: Any) -> None:
    if isinstance(obj, Tensor):
        obj._value = saved
    elif isinstance(obj, list):
        set_list(obj, saved)
    elif isinstance(obj, CellType):
        fill_cell(obj, saved[0])
    elif isinstance(obj, dict):
        dict.clear(obj)
        dict.update(obj, saved)
    else:
        vars(obj).clear()
        vars(obj).update(saved)
