"""Windows of images as vectors, and back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.creation import as_tensor, asarray, full
from autograph.ops.demands import demand_at_least
from autograph.ops.joining import concat
from autograph.ops.nn.convolution_op import convolution_op, spread_size
from autograph.ops.nn.windows import as_given, channels_last, paddings, per_axis
from autograph.ops.padding import padded_axis
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.refusal import refuse


class _Windows:
    """Where windows lie along the axes of images or volumes."""

    def __init__(self, size: Any, strides: Any, dilation_rate: Any, rank: int) -> None:
        self.size = per_axis(size, rank, "size")
        self.strides = self.size if strides is None else per_axis(strides, rank, "strides")
        self.gaps = per_axis(dilation_rate, rank, "dilation_rate")
        self.wide = [spread_size(width, gap) for width, gap in zip(self.size, self.gaps, strict=True)]


def _batched(x: Any, rank: int, data_format: str | None, what: str) -> tuple[Any, bool]:
    """[batch, *sizes, channels], and whether there was no batch."""
    value = as_tensor(x)
    if value.ndim not in (rank + 1, rank + 2):
        refuse(ShapeError, f"{what} of {value.type}", f"give {rank} sizes and channels, or a batch of such")
    single = value.ndim == rank + 1
    return channels_last(reshape(value, (1, *value.type.shape)) if single else value, data_format), single


def _given(x: Any, single: bool, data_format: str | None) -> Any:
    out = as_given(x, data_format)
    return reshape(out, out.type.shape[1:]) if single else out


def _patches(images: Any, windows: _Windows, padding: Any, data_format: Any, rank: int, what: str) -> Any:
    x, single = _batched(images, rank, data_format, what)
    around = paddings(padding, x.type.shape[1:-1], windows.wide, windows.strides)
    spans = []
    for axis, (pair, reach, step, width, gap) in enumerate(
        zip(around, windows.wide, windows.strides, windows.size, windows.gaps, strict=True), 1
    ):
        x = padded_axis(x, axis, pair)
        text = f"{what} of windows of {reach} along an axis of {x.type.shape[axis]} elements"
        demand_at_least(x.type.shape[axis], reach, text, "use smaller windows")
        count = (x.type.shape[axis] - reach) // step + 1
        spans.append([slice(k * gap, k * gap + (count - 1) * step + 1, step) for k in range(width)])
    parts = [x[(slice(None), *corner)] for corner in itertools.product(*spans)]
    return _given(concat(parts, rank + 1), single, data_format)


def _rebuilt(
    patches: Any, windows: _Windows, output_size: Any, padding: Any, data_format: Any, reduction: str, rank: int
) -> Any:
    """Patches added where they came from, and divided by how many came there."""
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction is {reduction!r}, and has to be 'mean' or 'sum'")
    x, single = _batched(patches, rank, data_format, "reconstruct_patches")
    taps = math.prod(windows.size)
    depth = x.type.shape[-1]
    if not isinstance(depth, int) or depth % taps:
        refuse(ShapeError, f"patches of {depth} elements of windows {windows.size}", "give windows times channels")
    grid = x.type.shape[1:-1]
    if output_size is None:
        if not isinstance(padding, str) or padding.lower() != "valid":
            refuse(ShapeError, f"reconstruct_patches with padding {padding!r}", "give output_size")
        reach = zip(grid, windows.strides, windows.wide, strict=True)
        sizes: Sequence[Dim] = [(count - 1) * step + wide for count, step, wide in reach]
    else:
        sizes = per_axis(output_size, rank, "output_size")
    total = _added(x, windows, sizes, padding, depth // taps)
    if reduction == "mean":
        ones = full((1, *grid, taps), 1, x.dtype)
        counts = _added(ones, windows, sizes, padding, 1)
        total = total / (counts + (counts == 0))
    return _given(total, single, data_format)


def _added(x: Any, windows: _Windows, sizes: Sequence[Dim], padding: Any, channels: int) -> Any:
    around = paddings(padding, sizes, windows.wide, windows.strides)
    taps = math.prod(windows.size)
    # Each element of a patch goes to one tap of a reversed window.
    unit = np.eye(taps * channels).reshape(*windows.size, channels, taps * channels)
    back = np.flip(np.swapaxes(unit, -1, -2), tuple(range(len(sizes)))).copy()
    fields = [
        (wide - 1 - low, size + low - spread_size(count, step))
        for (low, _), wide, size, count, step in zip(
            around, windows.wide, sizes, x.type.shape[1:-1], windows.strides, strict=True
        )
    ]
    return apply(
        convolution_op,
        x,
        asarray(back, x.dtype),
        strides=(1,) * len(sizes),
        padding=tuple(fields),
        dilations=windows.gaps,
        spread=windows.strides,
        groups=1,
    )


def extract_patches(
    images: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: Any = "valid",
    data_format: str | None = None,
) -> Any:
    """The windows of images as vectors of their elements.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        size: the size of windows: a number, or one for each axis.
        strides: how far windows move; by default their size.
        dilation_rate: how far apart the elements are that a window takes.
        padding: "valid" or "same".
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        A tensor of the numbers of windows along the axes, then window elements times channels.

    Raises:
        ShapeError: ranks or sizes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.extract_patches(ag.ops.ones((4, 4, 3)), 2).shape
        (2, 2, 12)
    """
    windows = _Windows(size, strides, dilation_rate, 2)
    return _patches(images, windows, padding, data_format, 2, "extract_patches")


def extract_patches_3d(
    volumes: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: Any = "valid",
    data_format: str | None = None,
) -> Any:
    """The windows of volumes as vectors of their elements.

    Args:
        volumes: tensor [depth, height, width, channels], or a batch of such.
        size: the size of windows: a number, or one for each axis.
        strides: how far windows move; by default their size.
        dilation_rate: how far apart the elements are that a window takes.
        padding: "valid" or "same".
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        A tensor of the numbers of windows along the axes, then window elements times channels.

    Raises:
        ShapeError: ranks or sizes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.extract_patches_3d(ag.ops.ones((4, 4, 2, 1)), 2).shape
        (2, 2, 1, 8)
    """
    windows = _Windows(size, strides, dilation_rate, 3)
    return _patches(volumes, windows, padding, data_format, 3, "extract_patches_3d")


def reconstruct_patches(
    patches: Any,
    size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] | None = None,
    padding: Any = "valid",
    data_format: str | None = None,
    reduction: str = "mean",
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """The images that patches came from: the reverse of `extract_patches`.

    Args:
        patches: tensor of such patches.
        size: the size of windows: a number, or one for each axis.
        output_size: the sizes of the result; by default as far as windows reach.
        strides: how far windows move; by default their size.
        padding: "valid" or "same".
        data_format: "channels_last", the default, or "channels_first".
        reduction: whether overlapping elements are joined to their "mean" or "sum".
        dilation_rate: how far apart the elements are that a window takes.

    Returns:
        The images; 0 where no window reaches.

    Raises:
        ShapeError: ranks or sizes do not fit.
        ValueError: there is no such reduction.

    Example:
        >>> import autograph as ag
        >>> patches = ag.ops.image.extract_patches(ag.ops.ones((4, 4, 3)), 2)
        >>> ag.ops.image.reconstruct_patches(patches, 2).shape
        (4, 4, 3)
    """
    windows = _Windows(size, strides, dilation_rate, 2)
    return _rebuilt(patches, windows, output_size, padding, data_format, reduction, 2)


def reconstruct_patches_3d(
    patches: Any,
    size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    strides: int | Sequence[int] | None = None,
    padding: Any = "valid",
    data_format: str | None = None,
    reduction: str = "mean",
    dilation_rate: int | Sequence[int] = 1,
) -> Any:
    """The volumes that patches came from: the reverse of `extract_patches_3d`.

    Args:
        patches: tensor of such patches.
        size: the size of windows: a number, or one for each axis.
        output_size: the sizes of the result; by default as far as windows reach.
        strides: how far windows move; by default their size.
        padding: "valid" or "same".
        data_format: "channels_last", the default, or "channels_first".
        reduction: whether overlapping elements are joined to their "mean" or "sum".
        dilation_rate: how far apart the elements are that a window takes.

    Returns:
        The volumes; 0 where no window reaches.

    Raises:
        ShapeError: ranks or sizes do not fit.
        ValueError: there is no such reduction.

    Example:
        >>> import autograph as ag
        >>> patches = ag.ops.image.extract_patches_3d(ag.ops.ones((4, 4, 2, 1)), 2)
        >>> ag.ops.image.reconstruct_patches_3d(patches, 2).shape
        (4, 4, 2, 1)
    """
    windows = _Windows(size, strides, dilation_rate, 3)
    return _rebuilt(patches, windows, output_size, padding, data_format, reduction, 3)
