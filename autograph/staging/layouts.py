"""How the items of a list of the graph lie in its columns: one column for each leaf of an item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import optree

_NO_LEAF = 0  # an item such as None or () still counts: its list has one column of these


def split(item: Any) -> tuple[list[Any], optree.PyTreeSpec]:
    """An item's leaves, one a column, and how they make an item."""
    leaves, structure = optree.tree_flatten(item)
    return leaves or [_NO_LEAF], structure


def made(structure: optree.PyTreeSpec, leaves: Sequence[Any]) -> Any:
    """The item of some leaves."""
    return structure.unflatten(leaves[: structure.num_leaves])


def is_mutable(structure: optree.PyTreeSpec) -> bool:
    """Whether items of a structure hold anything that can be changed in place, tensors aside."""
    if structure.is_leaf():
        return False
    kind = structure.type
    plain = structure.num_children == 0 or (kind is not None and issubclass(kind, tuple))
    return (not plain or kind in (list, dict)) or any(is_mutable(child) for child in structure.children())
