"""Writing to parts of arrays that lie in a regular grid: without scatters, which GPUs do one element at a time.

A part is known where a key has only numbers, slices and single indices: its place may depend on data, its size not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
from jax import lax

from autograph.ops.keys import Hole, Key, Slice, expanded


@dataclass(frozen=True)
class Grid:
    """Which elements of an array a key takes, axis by axis.

    Attributes:
        starts: the first places, numbers or scalar arrays.
        counts: how many.
        steps: how far they are apart; below zero where the key goes backwards, whose start is the lowest place still.
    """

    starts: tuple[Any, ...]
    counts: tuple[int, ...]
    steps: tuple[int, ...]

    @property
    def is_fixed(self) -> bool:
        """Whether all places are known."""
        return all(isinstance(start, int) for start in self.starts)

    @property
    def is_dense(self) -> bool:
        """Whether its elements lie next to one another."""
        return all(abs(step) == 1 for step in self.steps)

    def first(self, x: Any) -> list[Any]:
        """The place of its first element in an array, in numbers of one type."""
        dtype = jnp.int32 if max(x.shape) < 2**31 else jnp.int64
        return [jnp.asarray(start).astype(dtype) for start in self.starts]


def grid_of(x: Any, key: Key, indices: Sequence[Any]) -> Grid | None:
    """What a key takes of an array; None where that is no grid, or an open one with gaps."""
    rest = iter(indices)
    starts: list[Any] = []
    counts, steps = [], []
    for part in expanded(key, x.ndim):
        if part is None:
            continue
        size, count, step = x.shape[len(starts)], 1, 1
        if isinstance(part, Slice):
            places = range(size)[slice(part.start, part.stop, part.step)]
            count, step = len(places), places.step
            starts.append(min(places[0], places[-1]) if count else 0)
        elif isinstance(part, Hole):
            index = next(rest)
            if part.mask or index.ndim:
                return None
            starts.append(jnp.where(index < 0, index + size, index))
        else:
            assert isinstance(part, int)
            starts.append(range(size)[part])
        counts.append(count)
        steps.append(step)
    grid = Grid(tuple(starts), tuple(counts), tuple(steps))
    return grid if grid.is_fixed or grid.is_dense else None


def written_to(x: Any, value: Any, grid: Grid, selected: Sequence[int]) -> Any:
    """The array with other elements in a grid.

    Args:
        x: the array.
        value: what comes there; it broadcasts to what the grid selects.
        grid: the places.
        selected: the shape of what the key selects.
    """
    if 0 in grid.counts:
        return x
    block = _block(x, value, grid, selected)
    if grid.is_dense:
        return lax.dynamic_update_slice(x, block, grid.first(x), allow_negative_indices=False)
    return jnp.where(_spread(jnp.ones(block.shape, bool), grid, x.shape), _spread(block, grid, x.shape), x)


def added_to(x: Any, value: Any, grid: Grid, selected: Sequence[int]) -> Any:
    """The array with something added in a grid; for bools, `or`."""
    if 0 in grid.counts:
        return x
    block = _block(x, value, grid, selected)
    if grid.is_fixed:
        return _sum(x, _spread(block, grid, x.shape))
    first = grid.first(x)
    before = lax.dynamic_slice(x, first, grid.counts, allow_negative_indices=False)
    return lax.dynamic_update_slice(x, _sum(before, block), first, allow_negative_indices=False)


def _sum(a: Any, b: Any) -> Any:
    return a | b if a.dtype == bool else a + b


def _block(x: Any, value: Any, grid: Grid, selected: Sequence[int]) -> Any:
    """A value in the grid's shape, in the order in which its places rise."""
    sizes = value.shape[max(value.ndim - len(selected), 0) :]  # NumPy stores values with more axes of size 1, too
    block = jnp.broadcast_to(value.astype(x.dtype).reshape(sizes), selected).reshape(grid.counts)
    return jnp.flip(block, [axis for axis, step in enumerate(grid.steps) if step < 0])


def _spread(block: Any, grid: Grid, shape: Sequence[int]) -> Any:
    """A block at its places in an array of zeros."""
    config = []
    for start, count, step, size in zip(grid.starts, grid.counts, grid.steps, shape, strict=True):
        end = start + (count - 1) * abs(step) + 1
        config.append((start, size - end, abs(step) - 1))
    return lax.pad(block, jnp.zeros((), block.dtype), config)
