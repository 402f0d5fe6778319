"""What convolution and pooling share: where windows lie, and which axis holds the channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.rules import rank_of
from autograph.ops.shape import permute_dims
from autograph.runtime.dims import Dim, SymbolicDim, max_dim
from autograph.runtime.refusal import refuse

LAST, FIRST = "channels_last", "channels_first"


def spatial_rank(x: Any, what: str, least: int = 1, most: int = 3) -> int:
    """The number of axes besides batch and channels.

    Raises:
        ShapeError: there are too few or too many.
    """
    rank = rank_of(x) - 2
    if not least <= rank <= most:
        refuse(
            ShapeError,
            f"{what} of a tensor of {rank + 2} dimensions",
            f"give batch, {least} to {most} axes and channels",
        )
    return rank


def channels_last(x: Any, data_format: str | None) -> Any:
    """The tensor with its channels moved to the last axis.

    Raises:
        ValueError: there is no such format.
    """
    if data_format not in (None, LAST, FIRST):
        raise ValueError(f"data_format is {data_format!r}, and has to be '{LAST}' or '{FIRST}'")
    if data_format != FIRST:
        return x
    rank = rank_of(x)
    return permute_dims(x, (0, *range(2, rank), 1))


def as_given(x: Any, data_format: str | None) -> Any:
    """Channels moved back to where the user has them: the reverse of `channels_last`."""
    if data_format != FIRST:
        return x
    rank = rank_of(x)
    return permute_dims(x, (0, rank - 1, *range(1, rank - 1)))


def per_axis(value: int | Sequence[int], rank: int, what: str, least: int = 1) -> tuple[int, ...]:
    """A number for each axis, from one number or one each.

    Raises:
        ShapeError: there is another number of them, or one is too small.
    """
    numbers = tuple(value) if isinstance(value, Sequence) else (value,) * rank
    whole = all(isinstance(number, int | np.integer) for number in numbers)
    if not whole or len(numbers) != rank or min(numbers) < least:
        refuse(ShapeError, f"{what} {value!r} for {rank} axes", f"give one number of at least {least}, or one for each")
    return tuple([int(number) for number in numbers])


def paddings(
    padding: Any, sizes: Sequence[Dim], windows: Sequence[Dim], strides: Sequence[int]
) -> tuple[tuple[Dim, Dim], ...]:
    """How many elements come before and after each axis.

    Args:
        padding: "valid" for none, "same" for as many outputs as strides, a number, one for each axis, or pairs.
        sizes: sizes of the axes.
        windows: how far windows reach.
        strides: how far windows move.

    Raises:
        ValueError: there is no such padding.
    """
    name = padding.lower() if isinstance(padding, str) else None
    if name == "valid":
        return ((0, 0),) * len(sizes)
    if name == "same":
        return tuple([_same(*axis) for axis in zip(sizes, windows, strides, strict=True)])
    if name is not None:
        raise ValueError(f"padding is {padding!r}, and has to be 'valid', 'same', or numbers")
    pairs = [pair if isinstance(pair, Sequence) else (pair, pair) for pair in _for_axes(padding, len(sizes))]
    if len(pairs) != len(sizes) or not all(_is_pair_of_sizes(pair) for pair in pairs):
        refuse(ShapeError, f"padding {padding!r} for {len(sizes)} axes", "give one number or pair for each")
    return tuple([(pair[0], pair[1]) for pair in pairs])


def _is_pair_of_sizes(pair: Sequence[Any]) -> bool:
    return len(pair) == 2 and all(isinstance(size, int | np.integer | SymbolicDim) for size in pair)


def _for_axes(padding: Any, rank: int) -> Sequence[Any]:
    return padding if isinstance(padding, Sequence) else (padding,) * rank


def _same(size: Dim, window: Dim, stride: int) -> tuple[Dim, Dim]:
    """Padding for which there are as many outputs as strides fit in; an odd element comes after."""
    total = window - 1 if stride == 1 else max_dim(((size + stride - 1) // stride - 1) * stride + window - size, 0)
    return total // 2, total - total // 2
