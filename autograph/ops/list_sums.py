"""Sums of lists, item by item: how the cotangents of a list's uses come together.

The cotangent of reading one item is a list of zeros with that item. A sum with one of these adds to one item, so that
the gradient of a loop over a list does not handle the whole list in each trip.
"""

from __future__ import annotations

from typing import Any

from autograph.ops.lists import added, index_of, list_get, zeros
from autograph.runtime.apply import apply
from autograph.runtime.op import Kind, Op
from autograph.runtime.tensor import Tensor


def _op(name: str, infer: Any, kernel: Any, vjp: Any) -> Op:
    return Op(name, kind=Kind.LIST, infer=infer, kernel=kernel, vjp=vjp)


def _add_at(items: Any, index: Any, item: Any) -> Any:
    place = index_of(index)
    return items.replace(place, added(items[place], item))


list_add_op = _op("list_add", lambda a, b: a, lambda xp, a, b: added(a, b), lambda ct, out, a, b: (ct, ct))

# Zeros like a list's items, but for the item at an index, which has been read there: it cannot fail.
list_single_op = _op(
    "list_single",
    lambda items, index, item: items,
    lambda xp, items, index, item: zeros(items).replace(index_of(index), item),
    lambda ct, out, items, index, item: (None, None, list_get(ct, index)),
)

# A list with something added to the item at an index.
list_add_at_op = _op(
    "list_add_at",
    lambda items, index, item: items,
    lambda xp, items, index, item: _add_at(items, index, item),
    lambda ct, out, items, index, item: (ct, None, list_get(ct, index)),
)


def list_add(a: Any, b: Any) -> Any:
    """The sums of two lists' items."""
    for one, other in ((a, b), (b, a)):
        node = getattr(one._value, "node", None)
        if node is not None and node.op is list_single_op:
            _, index, item = [Tensor(value) for value in node.inputs]
            return apply(list_add_at_op, other, index, item)
    return apply(list_add_op, a, b)
