"""Which objects may be items of lists of the graph: these hold values, so a change of such an object shows in none.

    rows.append(row)        # in a staged loop
    row[0] = 1.0            # changes the list too, which knows the row as it was

What may hold the object is stale after such a change, as are other names for the item: their use is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograph.runtime.tensor import Tensor
from autograph.staging.aliases import inner_parts
from autograph.staging.forms import has_identity
from autograph.staging.stale import Stale
from autograph.staging.unbound import Maybe


class ListItems:
    """The items that a trace knows of, by id.

    Attributes:
        put: objects that became items.
        taken: objects that were read out of a list, each of which may be any item.
        holders: lists of the graph whose items can be changed in place.
    """

    def __init__(self) -> None:
        self.put: dict[int, Any] = {}
        self.taken: dict[int, Any] = {}
        self.holders: dict[int, Any] = {}

    def note_put(self, item: Any) -> None:
        """Tells that an object is an item now."""
        self.put.update({id(obj): obj for obj in changeable(item)})

    def note_taken(self, item: Any) -> None:
        """Tells that an object stands for some item."""
        self.taken.update({id(obj): obj for obj in changeable(item)})

    def note_copied(self, items: Any, item: Any) -> None:
        """Tells that an object is a copy of one of some items."""
        self.note_put(items)
        self.note_taken(item)
        if has_identity(items):
            self.holders[id(items)] = items

    def holds(self, value: Any) -> bool:
        """Whether a value is, or holds, what may be an item."""
        return any(id(obj) in self.put or id(obj) in self.taken for obj in changeable(value))

    def known(self) -> set[int]:
        """The ids of all items."""
        return {*self.put, *self.taken}

    def others(self, origins: dict[int, Any]) -> dict[int, Any]:
        """What is no longer as it should be when an object that may be one of the origins changes."""
        taken = any(key in self.taken for key in origins)
        if not taken and not any(key in self.put for key in origins):
            return {}
        unknown = taken or len(origins) > 1
        return {**self.holders, **self.taken, **(self.put if unknown else {})}


def changeable(value: Any) -> Iterator[Any]:
    """The objects and tensor handles within a value that can be changed in place."""
    if isinstance(value, Maybe):
        value = value.ag_value
    is_handle = isinstance(value, Tensor) and not isinstance(value._value, Stale) and bool(value.type.shape)
    if is_handle or has_identity(value):
        yield value
    for part in inner_parts(value):
        yield from changeable(part)
