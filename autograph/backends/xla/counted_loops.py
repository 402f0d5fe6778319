"""Loops that make a known number of trips: XLA sees the number, and so does not ask after each trip whether to go on.

On a GPU, asking means that the host waits for the device. A loop has one counter of its own; what moves evenly with it
is computed from it instead of carried along, and so are lengths of lists:

    i, x, k = 0, x0, 7                       i, x = 0, x0
    while i < 100:                           while i < 100:
        x = step(x, k)              ->           x = step(x, 7 - 2 * i)
        i, k = i + 1, k - 2                      i = i + 1
                                             k = 7 - 2 * 100
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from autograph.backends.xla.slots import Slots
from autograph.runtime.ir import Node, Value
from autograph.runtime.types import ListType
from autograph.transforms.counters import move_of
from autograph.transforms.list_lengths import gain_of
from autograph.transforms.ranges import is_integer

if TYPE_CHECKING:
    from autograph.backends.xla.lowering import Lowering


def counted_loop(lowering: Lowering, node: Node, count: int) -> None:
    """Lowers a loop of `count` trips in which no list outgrows its buffer."""
    test, body = node.regions
    params = test.params
    first = [lowering.fitted(raw, param) for raw, param in zip(lowering.values(node.inputs), params, strict=True)]
    steps = [_step(result, param, lowering.trips) for result, param in zip(body.results, body.params, strict=True)]

    def after(trip: Any, values: Sequence[Any]) -> list[Any]:
        return [_moved(x, step, trip, value) for x, step, value in zip(first, steps, values, strict=True)]

    def one_trip(carry: Any) -> Any:
        trip, values = carry
        with lowering.region(body, after(trip, values), lowering.overflow):
            results = [lowering.fitted(raw, p) for raw, p in zip(lowering.values(body.results), params, strict=True)]
            return trip + 1, _carried(results, steps)

    start = (jnp.zeros((), jnp.int32 if count < 2**31 else jnp.int64), _carried(first, steps))
    _, outs = lax.while_loop(lambda carry: carry[0] < count, one_trip, start)
    lowering.give(node, after(np.int64(count), outs))


def _step(result: Value, param: Value, trips: Mapping[Node, int]) -> int | None:
    """What an integer, or the length of a list, gains in each trip, if that is always the same number."""
    if result is param:
        return 0
    if isinstance(param.type, ListType):
        gain = gain_of(result, param, trips)
        return gain[0] if gain is not None and gain[0] == gain[1] else None
    move = move_of(result, param) if is_integer(param) else None
    return None if move is None else move.step


def _carried(values: Sequence[Any], steps: Sequence[int | None]) -> list[Any]:
    """What a trip hands to the next one: for numbers that move evenly nothing, for such lists their buffers."""
    return [
        value if step is None else value.buffer if isinstance(value, Slots) else None
        for value, step in zip(values, steps, strict=True)
    ]


def _moved(first: Any, step: int | None, trip: Any, carried: Any) -> Any:
    """What a value is after some trips, by what it was first and what has been carried."""
    if step is None:
        return carried
    if isinstance(first, Slots):
        return Slots(carried, _moved(first.length, step, trip, None))
    trip = jnp.asarray(trip).astype(first.dtype)
    if abs(step) <= 1:
        return first + trip if step > 0 else first - trip if step else first
    return first + trip * np.asarray(step).astype(first.dtype)
