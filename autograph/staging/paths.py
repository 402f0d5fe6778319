"""What one path of a staged block gives, with the content that the path left in Python objects."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograph.runtime.context import current_trace
from autograph.runtime.ir import Region
from autograph.runtime.tensor import Tensor
from autograph.staging.aliases import Aliases, inner_parts
from autograph.staging.choice import Chosen
from autograph.staging.forms import DIVERGED, Shared, class_of, has_identity, keys_of, parts_of, rebuild, same_structure
from autograph.staging.growing_list import List
from autograph.staging.journal import Location
from autograph.staging.list_items import Link
from autograph.staging.objects import with_attributes
from autograph.staging.stale import Stale
from autograph.staging.unbound import Maybe, Unbound

Writes = dict[tuple[int, Any], tuple[Location, Any]]


@dataclass
class Path:
    """A traced path: its region, what it gives, and what it changed in Python objects (put back already).

    `spoiled` are the objects whose contents it made stale, `aliases` what it knows of objects that may be one, `links`
    what it knows of where items of lists are. `touched` are the places that it changed at some time, such as on a path
    within it that raises.
    """

    region: Region
    value: Any = None
    writes: Writes = field(default_factory=dict)
    spoiled: list[tuple[Any, Stale]] = field(default_factory=list)
    aliases: Aliases | None = None
    links: list[Link] = field(default_factory=list)
    touched: dict[tuple[int, Any], Location] = field(default_factory=dict)

    def value_at(self, location: Location) -> Any:
        """What the path leaves at a location."""
        if self.value is DIVERGED:
            return DIVERGED
        written = self.writes.get(location.identity)
        return location.get() if written is None else written[1]

    def content(self, value: Any) -> Any:
        """A structure as the path left it; itself where the path did not change it, `Stale` where it spoiled it."""
        for obj, stale in self.spoiled:
            if obj is value:
                return stale
        if isinstance(value, list | Tensor):
            written = self.writes.get((id(value), None))
            return value if written is None else written[1]
        if not has_identity(value):
            return value
        changed = {place.key: new for place, new in self.writes.values() if place.owner is value}
        if not changed:
            return value
        if isinstance(value, dict):
            entries = {**dict(dict.items(value)), **changed}
            return type(value)({key: new for key, new in entries.items() if not isinstance(new, Unbound)})
        if not dataclasses.is_dataclass(value):
            return with_attributes(
                value, {k: v for k, v in {**vars(value), **changed}.items() if not isinstance(v, Unbound)}
            )
        copied = copy.copy(value)
        vars(copied).update(changed)
        return copied

    def settled(self, value: Any) -> Any:
        """A value of the path with the changes that the path made in all structures within it."""
        if isinstance(value, Maybe):
            inner = self.settled(value.ag_value)
            return value if inner is value.ag_value else Maybe(value.ag_tag, inner, value.ag_kinds, value.ag_name)
        if isinstance(value, Chosen) and not value.ag_plain:
            return Chosen([self.settled(one) for one in value.ag_values], value.ag_index)
        now = self.content(value)
        parts = _parts(now)
        return now if parts is None else _with_parts(now, parts, [self.settled(part) for part in parts])


def _parts(value: Any) -> list[Any] | None:
    return None if isinstance(value, List) and value.graph is not None else parts_of(value)


def shared_or_settled(a: Any, b: Any, path_a: Path | None, path_b: Path) -> tuple[Any, Any]:
    """Two paths' values: an object that both give is marked as shared, others get their content of the path.

    Args:
        a: the value of one path.
        b: the value of the other.
        path_a: the path of `a`; None where objects are as `a` has them.
        path_b: the path of `b`.
    """
    if a is b and (has_identity(a) or (isinstance(a, Tensor) and path_a is not None)):
        return Shared(a), Shared(a)
    now_a, now_b = a if path_a is None else path_a.content(a), path_b.content(b)
    parts_a, parts_b = _parts(now_a), _parts(now_b)
    if parts_a is None or parts_b is None or not same_structure(now_a, now_b):
        return (a if path_a is None else path_a.settled(a)), path_b.settled(b)
    pairs = [shared_or_settled(x, y, path_a, path_b) for x, y in zip(parts_a, parts_b, strict=True)]
    return _with_parts(now_a, parts_a, [x for x, _ in pairs]), _with_parts(now_b, parts_b, [y for _, y in pairs])


def with_open_end(block: Callable[..., Any]) -> Callable[..., Any]:
    """A block after which more runs, also when it returns early."""

    def run(*args: Any) -> Any:
        trace = current_trace()
        if trace is None:
            return block(*args)
        trace.open_ends += 1
        try:
            return block(*args)
        finally:
            trace.open_ends -= 1

    return run


def note_join(made: Any, given: Sequence[Any], paths: Sequence[Path | None]) -> None:
    """Tells that an object which stands for those that paths give may be any of these.

    A slot without a value on one path, as that of an early return, needs none of this: on a path that gave it a
    value nothing changes any more, unless a `finally` or an `__exit__` follows.
    """
    trace = current_trace()
    if trace is None or trace.journal is None:
        return
    aliases = trace.journal.aliases
    known = [aliases if path is None else path.aliases for path in paths]
    slot = any(inner.is_slot(value) for inner, value in zip(known, given, strict=True) if inner is not None)
    if slot and not trace.open_ends:
        aliases.note_slot(made)
        return
    for value, path in zip(given, paths, strict=True):
        _note_origins(made, value, path, aliases)


def _note_origins(made: Any, value: Any, path: Path | None, aliases: Aliases) -> None:
    if isinstance(made, Maybe):
        made = made.ag_value
    if isinstance(value, Maybe):
        value = value.ag_value
    if made is value or value is DIVERGED:
        return
    if isinstance(made, Chosen) or isinstance(value, Chosen):
        for one in made.ag_values if isinstance(made, Chosen) else [made]:
            for other in value.ag_values if isinstance(value, Chosen) else [value]:
                if _are_of_one_kind(one, other):
                    _note_origins(one, other, path, aliases)
        return
    if (has_identity(made) and has_identity(value)) or (_is_handle(made) and _is_handle(value)):
        inner = aliases if path is None or path.aliases is None else path.aliases
        aliases.join(made, inner.origins(value))
    for a, b in zip(inner_parts(made), inner_parts(value if path is None else path.content(value)), strict=False):
        _note_origins(a, b, path, aliases)


def _are_of_one_kind(one: Any, other: Any) -> bool:
    """Whether one of several structures may stand for another."""
    if isinstance(one, list) and isinstance(other, list):
        return True
    return class_of(one) is class_of(other) and keys_of(one) == keys_of(other)


def _is_handle(value: Any) -> bool:
    """Whether a value is a tensor that `t[i] = v` may change."""
    return isinstance(value, Tensor) and not isinstance(value._value, Stale) and bool(value.type.shape)


def _with_parts(value: Any, old: list[Any], new: list[Any]) -> Any:
    """A structure with new parts; itself while they are the old ones."""
    same = all(x is y for x, y in zip(old, new, strict=True))
    return value if same else rebuild(value, new, keys_of(value))
