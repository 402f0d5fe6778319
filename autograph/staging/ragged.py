"""What the items of one list of the graph have in common: their types, and lists of any length where lengths differ.

    rows.append([x])        # items of these lengths
    rows.append([x, x])     # make a list of lists, `list[list[f64]]` in the graph

An item's skeleton is its structure with types for tensors.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import optree

from autograph.runtime.dtypes import int64
from autograph.runtime.types import ListType, TensorType, Type
from autograph.staging.layouts import Grown, opened

_COUNTED = TensorType(int64, (), True)  # the column of items without a leaf
Widen = Callable[[TensorType, TensorType], TensorType]


class Mismatch(Exception):
    """Two items have no structure in common: the parts that differ."""


def skeleton(item: Any, type_of: Callable[[Any], Type]) -> Any:
    """The skeleton of an item; `type_of` tells the type of a leaf."""
    return optree.tree_map(type_of, opened(item))


def element(rows: Grown) -> Any:
    """The skeleton of the items of a list whose columns are given as types."""
    leaves = [column.element for column in rows.columns]
    return rows.structure.unflatten(leaves[: rows.structure.num_leaves])


def rows_of(element: Any) -> Grown:
    """A list of items of a skeleton, with types for its columns."""
    leaves, structure = optree.tree_flatten(element)
    return Grown([ListType(leaf) for leaf in leaves or [_COUNTED]], structure)


def shared(items: Iterable[Any], widen: Widen) -> Any:
    """The skeleton that all items of some skeletons fit; `widen` joins the types of two tensors.

    Raises:
        Mismatch: there is none.
    """
    return functools.reduce(functools.partial(_join, widen), items)


def _join(widen: Widen, a: Any, b: Any) -> Any:
    if _is_list(a) and _is_list(b) and (Grown in (type(a), type(b)) or len(a) != len(b)):
        return _grown(widen, [*_elements(a), *_elements(b)])
    if isinstance(a, TensorType) and isinstance(b, TensorType):
        return widen(a, b)
    if isinstance(a, ListType) and isinstance(b, ListType):
        return ListType(_join(widen, a.element, b.element))
    if _is_leaf(a) or _is_leaf(b):
        raise Mismatch(a, b)
    parts, kind, _, make = optree.tree_flatten_one_level(a)
    others, other_kind, *_ = optree.tree_flatten_one_level(b)
    if not (_class_of(a) is _class_of(b) and kind == other_kind and len(parts) == len(others)):
        raise Mismatch(a, b)
    return make(kind, [_join(widen, x, y) for x, y in zip(parts, others, strict=True)])


def _grown(widen: Widen, elements: list[Any]) -> Grown:
    return rows_of(shared(elements, widen))


def _elements(rows: Any) -> list[Any]:
    return [element(rows)] if isinstance(rows, Grown) else list(rows)


def _class_of(value: Any) -> type:
    return list if isinstance(value, list) else type(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Grown | list)


def _is_leaf(value: Any) -> bool:
    return isinstance(value, TensorType | ListType)


def fitted(item: Any, wanted: Any, grow: Callable[[list[Any], Grown], Grown]) -> Any:
    """An opened item as a skeleton says; `grow` makes a list of the graph of items.

    Args:
        item: the item, opened.
        wanted: a skeleton that it fits.
        grow: gives a `Grown` of items, with columns of given types.
    """
    if _is_leaf(wanted) or _is_leaf(item):
        return item
    if isinstance(wanted, Grown):
        if isinstance(item, Grown):
            return item
        return grow(item, wanted)
    parts, kind, _, make = optree.tree_flatten_one_level(item)
    inner, *_ = optree.tree_flatten_one_level(wanted)
    return make(kind, [fitted(x, y, grow) for x, y in zip(parts, inner, strict=True)])


def shown(value: Any) -> str:
    """A skeleton in the user's words."""
    if _is_leaf(value):
        return str(value)
    if isinstance(value, Grown):
        return "a list grown in a staged loop"
    if value is None:
        return "None"
    parts = optree.tree_flatten_one_level(value)[0]
    name = type(value).__name__.lower()
    return f"a {value.cls.__name__}" if hasattr(value, "cls") else f"a {name} of {len(parts)}"
