"""Which objects may be one: a block whose paths give different objects for a name makes a new one that stands for all.

    zs = ys if x > 0 else []
    ys.append(1)            # changes zs too, on one path only

A change of one of them leaves the others stale: what they hold now depends on the path, and their use is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograph.staging.choice import Chosen
from autograph.staging.forms import has_identity, parts_of
from autograph.staging.growing_list import List
from autograph.staging.unbound import no_value


class Aliases:
    """The objects that stand for others, by the objects that they may be ("origins"), within one block.

    Args:
        outer: those of the block around.

    Attributes:
        made: the objects that the trace has made, by id.
    """

    def __init__(self, outer: Aliases | None) -> None:
        self._outer = outer
        self._origins: dict[int, dict[int, Any]] = {}
        self._members: dict[int, dict[int, Any]] = {}
        self._slots: dict[int, Any] = {}
        self.made: dict[int, Any] = {} if outer is None else outer.made

    def note_slot(self, value: Any) -> None:
        """Tells that a value is meaningful on some paths only, all of which have left what follows."""
        self._slots[id(value)] = value

    def is_slot(self, value: Any) -> bool:
        """Whether a value is such."""
        if value is no_value or id(value) in self._slots:
            return True
        return self._outer is not None and self._outer.is_slot(value)

    def origins(self, obj: Any) -> dict[int, Any]:
        """The objects that an object may be, by id; itself alone while nothing else is known."""
        found = self._origins.get(id(obj))
        if found is None:
            return {id(obj): obj} if self._outer is None else self._outer.origins(obj)
        return found

    def join(self, made: Any, origins: dict[int, Any]) -> None:
        """Tells that `made` may be any of the origins."""
        own = self._origins.setdefault(id(made), dict(self.origins(made)) if self._knows(made) else {})
        own.update(origins)
        for key, origin in origins.items():
            self._members.setdefault(key, {key: origin})[id(made)] = made

    def others(self, obj: Any) -> list[Any]:
        """The objects that may be the same as one that changes."""
        found = {
            key: member
            for origin in self.origins(obj)
            for key, member in self._all_members(origin)
            if member is not obj
        }
        return list(found.values())

    def _knows(self, obj: Any) -> bool:
        return id(obj) in self._origins or (self._outer is not None and self._outer._knows(obj))

    def _all_members(self, origin: int) -> list[tuple[int, Any]]:
        own = list(self._members.get(origin, {}).items())
        return own if self._outer is None else own + self._outer._all_members(origin)


Place = tuple[int, ...]


def identities(value: Any, content: Callable[[Any], Any], place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """The objects within a value whose identity matters, with their places in it; `content` tells what one holds."""
    if has_identity(value):
        yield place, value
    for index, part in enumerate(inner_parts(content(value))):
        yield from identities(part, content, (*place, index))


def inner_parts(value: Any) -> list[Any]:
    """The parts of a structure; none of a list of the graph."""
    if isinstance(value, List) and value.graph is not None:
        return []
    if isinstance(value, Chosen):
        return list(value.ag_values)
    return parts_of(value) or []
