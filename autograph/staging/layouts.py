"""How the items of a list of the graph lie in its columns: one column for each leaf of an item.

An item may be any structure of tensors. Two kinds of its parts are wrapped where it is taken apart: an object becomes a
`Record` of its attributes, a list that is one of the graph itself becomes a `Grown`, whose leaves are its columns; the
columns of a list of such lists are lists of lists.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import optree

from autograph.staging.objects import is_made, is_object, note_made, raw_attribute

_NO_LEAF = 0  # an item such as None or () still counts: its list has one column of these


class Grown:
    """A list of the graph within an item.

    Attributes:
        columns: its columns, or what stands for them, such as their types.
        structure: how the leaves of one of its items make it.
    """

    def __init__(self, columns: Iterable[Any], structure: optree.PyTreeSpec) -> None:
        self.columns = list(columns)
        self.structure = structure


class Record:
    """An object within an item: its class, and its attributes by name."""

    def __init__(self, cls: type, names: tuple[str, ...], parts: Iterable[Any]) -> None:
        self.cls = cls
        self.names = names
        self.parts = list(parts)


_pytree: Any = optree
_EVERYWHERE: Any = optree.registry.__GLOBAL_NAMESPACE
_pytree.register_pytree_node(
    Grown,
    lambda rows: (rows.columns, rows.structure, None),
    lambda structure, columns: Grown(columns, structure),
    namespace=_EVERYWHERE,
)
_pytree.register_pytree_node(
    Record,
    lambda record: (record.parts, (record.cls, record.names), None),
    lambda kind, parts: Record(kind[0], kind[1], parts),
    namespace=_EVERYWHERE,
)


def opened(item: Any) -> Any:
    """An item with its objects and its lists of the graph wrapped."""
    return _pytree.tree_map(_opened, item, is_leaf=_opens)


def _opened(part: Any) -> Any:
    if isinstance(part, list):
        graph = part.graph  # type: ignore[attr-defined]
        return Grown(graph.columns, graph.structure)
    if not _opens(part):
        return part
    fields = [field.name for field in dataclasses.fields(part)] if dataclasses.is_dataclass(part) else list(vars(part))
    return Record(type(part), tuple(fields), [opened(raw_attribute(part, name)) for name in fields])


def _opens(part: Any) -> bool:
    if isinstance(part, list):
        return hasattr(getattr(part, "graph", None), "columns")
    if dataclasses.is_dataclass(part):
        return not isinstance(part, type)
    return is_object(part) and is_made(part)


def closed(item: Any, rows: Callable[[Grown], Any]) -> Any:
    """An item again as it was before it was opened; `rows` makes a list of a `Grown`."""

    def close(part: Any) -> Any:
        if isinstance(part, Grown):
            return rows(part)
        if not isinstance(part, Record):
            return part
        made: Any = object.__new__(part.cls)
        for name, value in zip(part.names, part.parts, strict=True):
            object.__setattr__(made, name, closed(value, rows))
        note_made(made)
        return made

    return _pytree.tree_map(close, item, is_leaf=lambda part: isinstance(part, Grown | Record))


def split(item: Any) -> tuple[list[Any], optree.PyTreeSpec]:
    """An item's leaves, one a column, and how they make an item."""
    leaves, structure = optree.tree_flatten(opened(item))
    return leaves or [_NO_LEAF], structure


def made(structure: optree.PyTreeSpec, leaves: Sequence[Any], rows: Callable[[Grown], Any]) -> Any:
    """The item of some leaves; `rows` makes a list of a `Grown`."""
    if structure.is_leaf():
        return leaves[0]
    return closed(structure.unflatten(leaves[: structure.num_leaves]), rows)


def is_mutable(structure: optree.PyTreeSpec) -> bool:
    """Whether items of a structure hold anything that can be changed in place, tensors aside."""
    if structure.is_leaf():
        return False
    kind = structure.type
    plain = structure.num_children == 0 or (kind is not None and issubclass(kind, tuple))
    return (not plain or kind in (list, dict)) or any(is_mutable(child) for child in structure.children())
