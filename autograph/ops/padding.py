"""Tensors continued along their axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.axis_parts import pad_axis_op
from autograph.ops.creation import as_tensor, full
from autograph.ops.extents import dims_of_shape, size_number
from autograph.ops.gathering import take
from autograph.ops.joining import concat
from autograph.ops.ranges import arange
from autograph.ops.selection import clip, where
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.refusal import refuse


def padded_axis(x: Any, axis: int, around: tuple[Dim, Dim], fill: Any = 0) -> Any:
    """A tensor continued along one axis by copies of a number."""
    before, after = around
    if isinstance(before, int) and isinstance(after, int) and before == after == 0:
        return x
    if type(fill) in (int, float) and fill == 0:
        return apply(pad_axis_op, x, axis=axis, before=before, after=after)
    sizes = [[count if i == axis else dim for i, dim in enumerate(x.type.shape)] for count in around]
    return concat([full(sizes[0], fill, x.dtype), x, full(sizes[1], fill, x.dtype)], axis)


def _mirrored(places: Any, size: Any) -> Any:
    period = (size - 1) * 2
    inside = places % where(period > 0, period, 1)
    return where(inside < size, inside, period - inside)


def _doubled(places: Any, size: Any) -> Any:
    inside = places % (size * 2)
    return where(inside < size, inside, size * 2 - 1 - inside)


# For each mode, the place of the original that each place of the continued axis takes.
_SOURCES: dict[str, Any] = {
    "reflect": _mirrored,
    "symmetric": _doubled,
    "edge": lambda places, size: clip(places, 0, size - 1),
    "wrap": lambda places, size: places % size,
}


def _pairs(pad_width: Any, rank: int) -> list[tuple[Dim, Dim]]:
    """A pair (before, after) for each axis."""
    if isinstance(pad_width, dict):
        given = [pad_width.get(axis, pad_width.get(axis - rank, 0)) for axis in range(rank)]
    else:
        entries = [pad_width] if isinstance(pad_width, int) else list(pad_width)
        if len(entries) == 2 and all(isinstance(entry, int) for entry in entries):
            entries = [entries]
        given = entries * rank if len(entries) == 1 else entries
    if len(given) != rank:
        refuse(ShapeError, f"pad by {pad_width} of a tensor of {rank} dimensions", "give a pair for each axis")
    return [_pair(entry) for entry in given]


def _pair(entry: Any) -> tuple[Dim, Dim]:
    sizes = dims_of_shape([entry] if isinstance(entry, int) else entry)
    return sizes[0], sizes[-1]


def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """A tensor continued on both sides of its axes.

    Args:
        x: tensor.
        pad_width: how many elements: a number, a pair (before, after), a pair for each axis, or a dict of those by
            axis.
        mode: "constant" for a number, "edge" for the last element, "reflect" and "symmetric" for the mirror image
            without and with the last element, "wrap" for the other end.
        constant_values: the number, 0 by default; or as pad_width, one for each side.

    Returns:
        The longer tensor.

    Raises:
        ShapeError: there are not as many pairs as axes, or a number is negative.
        ValueError: there is no such mode.

    Example:
        >>> import autograph as ag
        >>> ag.ops.pad(ag.constant([1, 2, 3]), (2, 1), mode="reflect").numpy()
        array([3, 2, 1, 2, 3, 2])
    """
    x = as_tensor(x)
    pairs = _pairs(pad_width, x.ndim)
    if mode == "constant":
        given = 0 if constant_values is None else constant_values
        fills = [(given, given)] * x.ndim if not isinstance(given, list | tuple) else _fills(given, x.ndim)
        for axis, (around, (first, last)) in enumerate(zip(pairs, fills, strict=True)):
            if first == last:
                x = padded_axis(x, axis, around, first)
            else:
                x = padded_axis(padded_axis(x, axis, (around[0], 0), first), axis, (0, around[1]), last)
        return x
    source = _SOURCES.get(mode)
    if source is None or constant_values is not None:
        raise ValueError(
            f"mode is {mode!r}, and has to be 'constant' or (without constant_values) one of {[*_SOURCES]}"
        )
    for axis, (before, after) in enumerate(pairs):
        if (before, after) == (0, 0):
            continue
        size = x.type.shape[axis]
        places = arange(before + size + after) - size_number(before)
        x = take(x, source(places, size_number(size)), axis)
    return x


def _fills(given: Sequence[Any], rank: int) -> list[tuple[Any, Any]]:
    entries = [tuple(given)] * rank if not isinstance(given[0], list | tuple) else [tuple(entry) for entry in given]
    entries = entries * rank if len(entries) == 1 else entries
    if len(entries) != rank:
        refuse(ShapeError, f"{len(entries)} pairs of constant_values for {rank} axes", "give one pair, or one an axis")
    return [(entry[0], entry[-1]) for entry in entries]
