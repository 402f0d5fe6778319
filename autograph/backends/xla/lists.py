"""List ops on XLA, on buffers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
from jax import lax

from autograph.backends.xla.rules import structural
from autograph.backends.xla.slots import LENGTH, Slots, empty, resized
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import ListType, TensorType

if TYPE_CHECKING:
    from autograph.backends.xla.lowering import Lowering

_FAR = 2**62


def on_lists(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a function of the lowering, the node and its operands that gives the outputs."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(lowering: Lowering, node: Node) -> None:
            made = function(lowering, node, *[lowering.value(value) for value in node.inputs])
            lowering.give(node, made if isinstance(made, list) else [made])

        structural(*names)(run)
        return function

    return register


def element_of(value: Value) -> TensorType:
    """The type of a list's items."""
    assert isinstance(value.type, ListType) and isinstance(value.type.element, TensorType)
    return value.type.element


@on_lists("list_new")
def _new(lowering: Lowering, node: Node) -> Slots:
    return lowering.empty_list(node.outputs[0])


@on_lists("list_from")
def _from(lowering: Lowering, node: Node, *items: Any) -> Slots:
    made = lowering.empty_list(node.outputs[0])
    for item in items:
        made = _appended(lowering, node, made, item)
    return made


@on_lists("list_append")
def _append(lowering: Lowering, node: Node, items: Slots, item: Any) -> Slots:
    return _appended(lowering, node, items, item)


def _appended(lowering: Lowering, node: Node, items: Slots, item: Any) -> Slots:
    lowering.demand(node.outputs[0], items.length < items.capacity)
    return Slots(_put(items.buffer, item, items.length), items.length + 1)


def _put(buffer: Any, item: Any, place: Any) -> Any:
    item = jnp.asarray(item).astype(buffer.dtype)
    place = jnp.asarray(place).astype(LENGTH)
    return lax.dynamic_update_index_in_dim(buffer, item, place, 0, allow_negative_indices=False)


def _at(buffer: Any, place: Any) -> Any:
    place = jnp.asarray(place).astype(LENGTH)
    return lax.dynamic_index_in_dim(buffer, place, 0, keepdims=False, allow_negative_indices=False)


def _place(items: Slots, index: Any) -> Any:
    index = jnp.asarray(index).astype(jnp.int64)
    return jnp.where(index < 0, index + items.length, index)


@on_lists("list_pop", "list_unappend")
def _pop(lowering: Lowering, node: Node, items: Slots) -> list[Any]:
    last = items.length - 1
    return [Slots(items.buffer, last), _at(items.buffer, last)]


@on_lists("list_get")
def _get(lowering: Lowering, node: Node, items: Slots, index: Any) -> Any:
    return _at(items.buffer, _place(items, index))


@on_lists("list_set")
def _set(lowering: Lowering, node: Node, items: Slots, index: Any, item: Any) -> Slots:
    return Slots(_put(items.buffer, item, _place(items, index)), items.length)


@on_lists("list_len")
def _len(lowering: Lowering, node: Node, items: Slots) -> Any:
    return items.length


@on_lists("list_zeros_like")
def _zeros_like(lowering: Lowering, node: Node, items: Slots) -> Slots:
    return Slots(jnp.zeros_like(items.buffer), items.length)


@on_lists("list_single")
def _single(lowering: Lowering, node: Node, items: Slots, index: Any, item: Any) -> Slots:
    return Slots(_put(jnp.zeros_like(items.buffer), item, _place(items, index)), items.length)


@on_lists("list_add")
def _add(lowering: Lowering, node: Node, a: Slots, b: Slots) -> Slots:
    return Slots(a.buffer + b.buffer, a.length)


@on_lists("list_add_at")
def _add_at(lowering: Lowering, node: Node, items: Slots, index: Any, item: Any) -> Slots:
    place = _place(items, index)
    return Slots(_put(items.buffer, _at(items.buffer, place) + item, place), items.length)


@on_lists("list_cast")
def _cast(lowering: Lowering, node: Node, items: Slots) -> Slots:
    cast = lowering.cast(items.buffer, element_of(node.outputs[0]).dtype)
    return Slots(cast, items.length)


@on_lists("list_concat")
def _concat(lowering: Lowering, node: Node, a: Slots, b: Slots) -> Slots:
    length = a.length + b.length
    lowering.demand(node.outputs[0], length <= a.capacity)
    places = jnp.arange(a.capacity)
    second = b.buffer[jnp.clip(places - a.length, 0, b.capacity - 1)]
    return Slots(_where(places < a.length, a.buffer, second), length)


def _where(chosen: Any, a: Any, b: Any) -> Any:
    """Item by item: those of `a` where chosen."""
    return jnp.where(chosen.reshape(chosen.shape + (1,) * (a.ndim - 1)), a, b)


@on_lists("list_slice")
def _slice(lowering: Lowering, node: Node, items: Slots, start: Any, stop: Any) -> Slots:
    step = node.attrs["step"]
    first, count = _range(items.length, start, stop, step)
    places = jnp.clip(first + step * jnp.arange(items.capacity), 0, items.capacity - 1)
    return Slots(items.buffer[places], count.astype(LENGTH))


@on_lists("list_spread")
def _spread(lowering: Lowering, node: Node, part: Slots, like: Slots, start: Any, stop: Any) -> Slots:
    step = node.attrs["step"]
    first, count = _range(like.length, start, stop, step)
    offset = (jnp.arange(like.capacity) - first) * (1 if step > 0 else -1)
    taken = (offset >= 0) & (offset % abs(step) == 0) & (offset // abs(step) < count)
    rows = part.buffer[jnp.clip(offset // abs(step), 0, part.capacity - 1)]
    return Slots(_where(taken, rows, like.buffer), like.length)


def _range(length: Any, start: Any, stop: Any, step: int) -> tuple[Any, Any]:
    """The first place and the number of places of a slice, as `slice.indices` gives them."""
    low, high = (0, length) if step > 0 else (-1, length - 1)
    start, stop = jnp.asarray(start).astype(jnp.int64), jnp.asarray(stop).astype(jnp.int64)
    left_out = stop == -_FAR  # with a negative step: an end before the first item
    start = jnp.clip(jnp.where(start < 0, start + length, start), low, high)
    stop = jnp.clip(jnp.where(stop < 0, stop + length, stop), low, high)
    stop = jnp.where(left_out, low if step < 0 else stop, stop)
    span = stop - start if step > 0 else start - stop
    return start, jnp.maximum((span + abs(step) - 1) // abs(step), 0)


@on_lists("list_find")
def _find(lowering: Lowering, node: Node, items: Slots, item: Any) -> Any:
    found = _equal(items, item)
    return jnp.where(jnp.any(found), jnp.argmax(found), -1)


@on_lists("list_count")
def _count(lowering: Lowering, node: Node, items: Slots, item: Any) -> Any:
    return jnp.sum(_equal(items, item))


def _equal(items: Slots, item: Any) -> Any:
    item = jnp.asarray(item)
    if item.shape != items.buffer.shape[1:]:
        return jnp.zeros(items.capacity, bool)
    same = jnp.all(items.buffer == item, axis=tuple(range(1, items.buffer.ndim)))
    return same & (jnp.arange(items.capacity) < items.length)


@on_lists("list_stack")
def _stack(lowering: Lowering, node: Node, items: Slots) -> Any:
    """The items of a list whose length is known (else the host runs this op)."""
    type_ = node.outputs[0].type
    assert isinstance(type_, TensorType)
    count = lowering.shape(type_)[0]
    return resized(items, max(count, items.capacity)).buffer[:count]


@on_lists("list_unstack")
def _unstack(lowering: Lowering, node: Node, stacked: Any, like: Slots) -> Slots:
    made = empty(like.capacity, stacked.shape[1:], like.buffer.dtype)
    count = stacked.shape[0]
    lowering.demand(node.outputs[0], jnp.asarray(count <= like.capacity))
    rows = stacked[: like.capacity].astype(made.buffer.dtype)
    return Slots(made.buffer.at[: rows.shape[0]].set(rows), jnp.asarray(count, LENGTH))
