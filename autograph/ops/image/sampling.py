"""Values of tensors between their elements."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.extents import size_number
from autograph.ops.image.batches import floats
from autograph.ops.indexing import getitem
from autograph.ops.logic import logical_and
from autograph.ops.rounding import floor
from autograph.ops.selection import clip, where
from autograph.ops.shape import reshape
from autograph.ops.statistics import inexact_values
from autograph.runtime.dtypes import int64
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def _mirrored(place: Any, size: Any) -> Any:
    period = where(as_tensor(size) > 1, (size - 1) * 2, 1)
    inside = place % period
    return where(inside < size, inside, period - inside)


def _reflected(place: Any, size: Any) -> Any:
    inside = place % (size * 2)
    return where(inside < size, inside, size * 2 - 1 - inside)


# For each mode, the element that stands at a place beyond the ends.
_MODES: dict[str, Any] = {
    "constant": lambda place, size: clip(place, 0, size - 1),
    "nearest": lambda place, size: clip(place, 0, size - 1),
    "wrap": lambda place, size: place % size,
    "mirror": _mirrored,
    "reflect": _reflected,
}


def sampled(
    x: Any, places: Sequence[Any], order: int, fill_mode: str, fill_value: Any, lead: tuple[Any, ...] = ()
) -> Any:
    """Values of a tensor at places that may lie between its elements.

    Args:
        x: tensor [*lead axes, *axes, *rest] of floats.
        places: for each axis a tensor of places, all of one shape.
        order: 0 for the nearest element, 1 for straight lines between neighbours.
        fill_mode: what stands beyond the ends.
        fill_value: the number of the mode "constant".
        lead: indices into the lead axes, which broadcast against the places.

    Raises:
        ValueError: there is no such order or mode.
    """
    if fill_mode not in _MODES:
        raise ValueError(f"fill_mode is {fill_mode!r}, and has to be one of {[*_MODES]}")
    if order not in (0, 1):
        raise ValueError(f"order is {order!r}, and has to be 0 or 1")
    rest = x.ndim - len(lead) - len(places)
    sizes = [size_number(size) for size in x.type.shape[len(lead) : len(lead) + len(places)]]
    ways = [_neighbours(place, order) for place in places]
    total = None
    for corner in itertools.product(*ways):
        index = [_MODES[fill_mode](at, size) for (at, _), size in zip(corner, sizes, strict=True)]
        value = getitem(x, (*lead, *index))
        if fill_mode == "constant":
            inside = _all([logical_and(at >= 0, at < size) for (at, _), size in zip(corner, sizes, strict=True)])
            value = where(_spread(inside, rest), value, fill_value)
        weight = None
        for _, share in corner:
            weight = share if weight is None else weight * share
        part = value if order == 0 else value * _spread(weight, rest)
        total = part if total is None else total + part
    return total


def _neighbours(place: Any, order: int) -> list[tuple[Any, Any]]:
    """The elements that a value is made of along one axis, with their shares."""
    if order == 0:
        return [(astype(floor(place + 0.5), int64), None)]
    low = floor(place)
    first = astype(low, int64)
    share = place - low
    return [(first, 1 - share), (first + 1, share)]


def _all(flags: list[Any]) -> Any:
    out = flags[0]
    for flag in flags[1:]:
        out = logical_and(out, flag)
    return out


def _spread(x: Any, rest: int) -> Any:
    return reshape(x, (*x.type.shape, *[1] * rest))


def map_coordinates(inputs: Any, coordinates: Any, order: int, fill_mode: str = "constant", fill_value: Any = 0) -> Any:
    """Values of a tensor at places that may lie between its elements; gradients flow to the places too.

    Args:
        inputs: tensor of n dimensions.
        coordinates: tensor [n, …] of places along each axis.
        order: 0 for the nearest element, 1 for straight lines between neighbours.
        fill_mode: what stands beyond the ends: "constant", "nearest" (the last element), "wrap" (the other end),
            "mirror" and "reflect" (the mirror image without and with the last element).
        fill_value: the number of the mode "constant".

    Returns:
        A tensor of the shape of the coordinates without their first axis.

    Raises:
        ShapeError: there is not one coordinate for each axis.
        ValueError: there is no such order or mode.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.map_coordinates(ag.constant([0.0, 10.0]), ag.constant([[0.25]]), 1).numpy()
        array([2.5], dtype=float32)
    """
    x, places = floats(as_tensor(inputs)), inexact_values(as_tensor(coordinates))
    what = f"map_coordinates of {x.type} at {places.type}"
    if not x.ndim or not places.ndim:
        refuse(ShapeError, what, "give coordinates [dimensions, …]")
    require_equal(places.type.shape[0], x.ndim, f"{what}: the number of coordinates", "give one for each axis")
    return sampled(x, [places[i] for i in range(x.ndim)], order, fill_mode, fill_value)
