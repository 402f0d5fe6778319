"""Parts of graph lists: two of them in a row, slices, and where an item is."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.lists import list_len, list_zeros_like
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import int64
from autograph.runtime.op import Effect, Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType, Type
from autograph.runtime.vector import Vector

_FAR = 2**62  # beyond the end of every list, as bounds that a slice leaves out


def _op(name: str, infer: Any, kernel: Any, vjp: Any) -> Op:
    return Op(name, kind=Kind.LIST, infer=infer, kernel=kernel, vjp=vjp, effects=Effect.NONE)


def _int(raw: Any) -> int:
    return int(np.asarray(raw))


def _part(items: Vector, start: Any, stop: Any, step: int) -> Vector:
    return Vector(list(items)[_slice(start, stop, step)])


def _slice(start: Any, stop: Any, step: int) -> slice:
    # With a negative step, an end that is left out lies before the first item, which no number below -1 says.
    last = None if _int(stop) == -_FAR else _int(stop)
    return slice(_int(start), last, step)


def _spread(part: Vector, like: Vector, start: Any, stop: Any, step: int) -> Vector:
    made = list(like)
    for index, item in zip(range(len(made))[_slice(start, stop, step)], part, strict=True):
        made[index] = item
    return Vector(made)


def _positions(items: Vector, wanted: Any) -> list[int]:
    return [index for index, item in enumerate(items) if np.array_equal(item, wanted)]


def _concat_vjp(ct: Any, out: Any, a: Tensor, b: Tensor) -> tuple[Any, ...]:
    middle = list_len(a)
    return list_slice(ct, slice(0, middle)), list_slice(ct, slice(middle, None))


def _slice_vjp(ct: Any, out: Any, items: Tensor, start: Any, stop: Any, *, step: int) -> tuple[Any, ...]:
    return apply(list_spread_op, ct, list_zeros_like(items), start, stop, step=step), None, None


def _spread_vjp(ct: Any, out: Any, part: Any, like: Any, start: Any, stop: Any, *, step: int) -> tuple[Any, ...]:
    rest = apply(list_spread_op, list_zeros_like(part), ct, start, stop, step=step)
    return apply(list_slice_op, ct, start, stop, step=step), rest, None, None


def _number(*operands: Type) -> Type:
    return TensorType(int64, (), True)


list_concat_op = _op("list_concat", lambda a, b: a, lambda xp, a, b: Vector([*a, *b]), _concat_vjp)
list_slice_op = _op(
    "list_slice",
    lambda items, start, stop, *, step: items,
    lambda xp, items, start, stop, *, step: _part(items, start, stop, step),
    _slice_vjp,
)
# A list with the items of a slice replaced by as many others.
list_spread_op = _op(
    "list_spread",
    lambda part, like, start, stop, *, step: like,
    lambda xp, part, like, start, stop, *, step: _spread(part, like, start, stop, step),
    _spread_vjp,
)
list_find_op = _op(
    "list_find",
    _number,
    lambda xp, items, item: (_positions(items, item) or [-1])[0],
    lambda ct, out, items, item: (None, None),
)
list_count_op = _op(
    "list_count",
    _number,
    lambda xp, items, item: len(_positions(items, item)),
    lambda ct, out, items, item: (None, None),
)


def list_concat(a: Any, b: Any) -> Any:
    """The items of one list and then those of another of the same type."""
    return apply(list_concat_op, a, b)


def list_slice(items: Any, part: slice) -> Any:
    """The items of a slice, whose bounds may be tensors; its step is an int."""
    step = 1 if part.step is None else int(part.step)
    first, last = (0, _FAR) if step > 0 else (_FAR, -_FAR)
    start, stop = first if part.start is None else part.start, last if part.stop is None else part.stop
    return apply(list_slice_op, items, start, stop, step=step)


def list_find(items: Any, item: Any) -> Any:
    """The first position of an item, -1 if there is none."""
    return apply(list_find_op, items, item)


def list_count(items: Any, item: Any) -> Any:
    """How often an item occurs."""
    return apply(list_count_op, items, item)
