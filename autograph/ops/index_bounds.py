"""What indices have to be so that reading and writing at them does not raise."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim, known_at_least, known_equal, num_elements
from autograph.runtime.dtypes import int64
from autograph.runtime.failure import Requirement, Template
from autograph.runtime.op import get_op
from autograph.runtime.tensor import Tensor


def in_list(message: str) -> Any:
    """The requirement of a list op whose second operand is an index."""

    def requires(items: Tensor, index: Any, *rest: Any, **attrs: Any) -> list[Requirement]:
        length = apply(get_op("list_len"), items)
        low = _call("greater_equal", index, _call("negative", length))
        ok = _call("logical_and", low, _call("less", index, length))
        return [Requirement(ok, IndexError, (message,))]

    return requires


def not_empty(exception: type[BaseException], message: str) -> Any:
    """The requirement of a list op that takes something out."""

    def requires(items: Tensor, **attrs: Any) -> list[Requirement]:
        ok = _call("greater", apply(get_op("list_len"), items), 0)
        return [Requirement(ok, exception, (message,))]

    return requires


def number_in_axis(index: int, size: Dim, axis: int) -> list[Requirement]:
    """The requirement of a fixed index on an axis whose size is known at run time."""
    least = index + 1 if index >= 0 else -index
    if known_at_least(size, least) is True:
        return []
    text = Template((f"index {index} is out of bounds for axis {axis} with size ", ""), ("",))
    length = size_of(size)
    return [Requirement(_call("greater_equal", length, least), IndexError, (text,), (length,))]


def tensor_in_axis(index: Tensor, size: Dim, axis: int) -> list[Requirement]:
    """The requirement of an index tensor on an axis; the message shows the first bad index, as NumPy's does."""
    index = apply(get_op("cast"), index, dtype=int64)
    length = apply(get_op("cast"), size_of(size), dtype=int64)
    low = _call("less", index, _call("negative", length))
    bad = _call("logical_or", low, _call("greater_equal", index, length))
    text = Template(("index ", f" is out of bounds for axis {axis} with size ", ""), ("", ""))
    if not index.shape:
        return [Requirement(_call("logical_not", bad), IndexError, (text,), (index, length))]
    index, bad = _flat(index), _flat(bad)
    count = index.type.shape[0]
    if known_at_least(count, 1) is True:
        first = _call("equal", apply(get_op("iota"), size=count), apply(get_op("argmax"), bad, axis=0))
    else:
        seen = apply(get_op("cumulative_sum"), apply(get_op("cast"), bad, dtype=int64), axis=0)
        first = _call("logical_and", bad, _call("equal", seen, 1))
    shown = apply(get_op("sum"), _call("where", first, index, 0), axis=(0,), keepdims=False)
    ok = _call("logical_not", apply(get_op("any"), bad, axis=(0,), keepdims=False))
    return [Requirement(ok, IndexError, (text,), (shown, length))]


def mask_fits(mask: Sequence[Dim], sizes: Sequence[Dim], first_axis: int) -> list[Requirement]:
    """The requirements of a mask on axes."""
    found = []
    for axis, (have, want) in enumerate(zip(mask, sizes, strict=False), first_axis):
        if known_equal(have, want) is True:
            continue
        pieces = (
            f"boolean index did not match indexed array along axis {axis}; size of axis is ",
            " but size of corresponding boolean axis is ",
            "",
        )
        shown = (size_of(want), size_of(have))
        found.append(Requirement(_call("equal", *shown), IndexError, (Template(pieces, ("", "")),), shown))
    return found


def value_fits(shape: Sequence[Dim], place: Sequence[Dim]) -> list[Requirement]:
    """The requirement of a value that is stored into a place: it broadcasts, which its sizes may leave open."""
    oks = []
    for size, wanted in zip(reversed(shape), reversed(place), strict=False):
        if size != 1 and known_equal(size, wanted) is not True:
            same = _call("equal", size_of(size), size_of(wanted))
            one = _call("equal", size_of(size), 1)
            oks.append(same if known_at_least(size, 2) is True else _call("logical_or", same, one))
    if not oks:
        return []
    pieces = ["could not broadcast input array from shape (", *[","] * (len(shape) - 1)]
    pieces += [f"{',' if len(shape) == 1 else ''}) into shape (", *[","] * (len(place) - 1)]
    pieces += [",)" if len(place) == 1 else ")"]
    shown = tuple([size_of(dim) for dim in (*shape, *place)])
    ok = functools.reduce(functools.partial(_call, "logical_and"), oks)
    return [Requirement(ok, ValueError, (Template(tuple(pieces), ("",) * len(shown)),), shown)]


def mask_takes(mask: Tensor, shape: Sequence[Dim], place: Sequence[Dim]) -> list[Requirement]:
    """The requirement of a value that is stored where a mask on the first axes of a place is true.

    It has as many rows as the mask chooses, or one for all.
    """
    tail = place[len(mask.type.shape) :]
    rows = shape[len(shape) - len(tail) - 1] if len(shape) > len(tail) else 1
    if known_equal(rows, 1) is True:
        return []
    count = apply(get_op("sum"), apply(get_op("cast"), _flat(mask), dtype=int64), axis=(0,), keepdims=False)
    given = size_of(rows)
    ok = _call("equal", given, count)
    if known_at_least(rows, 2) is not True:
        ok = _call("logical_or", ok, _call("equal", given, 1))
    if not tail:
        words = "NumPy boolean array indexing assignment cannot assign ", " input values to the "
        pieces = (*words, " output values where the mask is true")
        return [Requirement(ok, ValueError, (Template(pieces, ("", "")),), (given, count))]
    text = ["shape mismatch: value array of shape (", *[","] * (len(shape) - 1)]
    text += [",) " if len(shape) == 1 else ") "]
    text[-1] += "could not be broadcast to indexing result of shape ("
    text += [*[","] * len(tail), ")"]
    shown = (*[size_of(dim) for dim in shape], count, *[size_of(dim) for dim in tail])
    return [Requirement(ok, ValueError, (Template(tuple(text), ("",) * len(shown)),), shown)]


def has_elements(sizes: Sequence[Dim], message: str) -> list[Requirement]:
    """The requirement of an op that takes one of several elements."""
    open_ = [size for size in sizes if known_at_least(size, 1) is not True]
    return [Requirement(_call("greater", size_of(size), 0), ValueError, (message,)) for size in open_]


def size_of(dim: Dim) -> Any:
    """A size as a number of the graph."""
    trace = current_trace()
    assert trace is not None
    return trace.constant_tensor(dim) if isinstance(dim, int) else trace.size(dim)


def _flat(x: Tensor) -> Tensor:
    out: Tensor = apply(get_op("reshape"), x, shape=(num_elements(x.type.shape),))
    return out


def _call(name: str, *operands: Any) -> Any:
    return apply(get_op(name), *operands)
