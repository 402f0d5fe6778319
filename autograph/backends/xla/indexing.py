"""Reading and writing elements on XLA; indices are checked before, so none is out of range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from autograph.backends.xla.grids import added_to, grid_of, written_to
from autograph.backends.xla.rules import rule
from autograph.ops.keys import Hole, Key, indexed_shape, numpy_key
from autograph.ops.segments import empty_segment


def _wide(indices: Sequence[Any]) -> list[Any]:
    """Indices that hold the size of an axis as well, which is added to those below zero; masks as they are."""
    return [x.astype(jnp.int32) if x.dtype != bool and x.dtype.itemsize < 4 else x for x in indices]


@rule("getitem")
def _getitem(x: Any, *indices: Any, key: Key, binds: Any = ()) -> Any:
    return x[numpy_key(key, _wide(indices), jnp)]


@rule("setitem")
def _setitem(x: Any, value: Any, *given: Any, key: Key) -> Any:
    if key == (Hole(True),):
        return _set_where(x, value, given[0])
    indices = _wide(given)
    grid = grid_of(x, key, indices)
    if grid is not None:
        return written_to(x, value, grid, _selected(x, key, indices))
    return x.at[numpy_key(key, indices, jnp)].set(value)


@rule("index_add")
def _index_add(x: Any, value: Any, *given: Any, key: Key) -> Any:
    if key == (Hole(True),):
        added = _set_where(jnp.zeros_like(x), value, given[0])
        return x | added if x.dtype == bool else x + added
    indices = _wide(given)
    grid = grid_of(x, key, indices)
    if grid is not None:
        return added_to(x, value, grid, _selected(x, key, indices))
    places = x.at[numpy_key(key, indices, jnp)]
    return places.max(value) if x.dtype == bool else places.add(value)


def _selected(x: Any, key: Key, indices: Sequence[Any]) -> tuple[int, ...]:
    """The shape of what a key without masks takes."""
    return indexed_shape(x.shape, key, [index.shape for index in indices], ())  # type: ignore[return-value]


def _set_where(x: Any, value: Any, mask: Any) -> Any:
    """Sets the elements that a mask chooses, to one value or to the rows of an array in turn."""
    if mask.shape != x.shape[: mask.ndim]:
        return x  # a check before this one has failed
    wide = mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim))
    if value.ndim > x.ndim - mask.ndim and value.shape[0] != 1:
        place = jnp.clip(jnp.cumsum(mask.reshape(-1)) - 1, 0, max(value.shape[0] - 1, 0)).reshape(mask.shape)
        value = value[place] if value.shape[0] else jnp.zeros(x.shape, x.dtype)
    elif value.ndim > x.ndim - mask.ndim:
        value = value[0]
    return jnp.where(wide, value.astype(x.dtype), x)


# Sums and products of bools are `or` and `and`.
_OF_BOOLS = {"add": "max", "multiply": "min"}


def _segment(name: str, method: str) -> Any:
    def run(data: Any, ids: Any, *, count: int) -> Any:
        (ids,) = _wide([ids])
        empty = jnp.full((count, *data.shape[1:]), empty_segment(name, data.dtype), data.dtype)
        used = _OF_BOOLS.get(method, method) if data.dtype == bool else method
        return getattr(empty.at[ids], used)(data)

    return run


rule("segment_sum")(_segment("add", "add"))
rule("segment_prod")(_segment("multiply", "multiply"))
rule("segment_max")(_segment("maximum", "max"))
rule("segment_min")(_segment("minimum", "min"))


@rule("searchsorted")
def _searchsorted(x: Any, values: Any, *, side: str) -> Any:
    return jnp.searchsorted(x, values, side)


@rule("isin")
def _isin(x: Any, values: Any) -> Any:
    return jnp.isin(x, values)


@rule("custom_gradient")
def _custom_gradient(*operands: Any, callee: Any, results: int, sources: Any) -> Any:
    return tuple(operands[:results]) if results != 1 else operands[0]
