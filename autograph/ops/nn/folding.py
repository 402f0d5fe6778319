"""Windows of images as columns, and columns added up to images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.creation import as_tensor, zeros
from autograph.ops.demands import demand_at_least
from autograph.ops.indexing import index_add
from autograph.ops.joining import stack
from autograph.ops.nn.windows import per_axis
from autograph.ops.padding import padded_axis
from autograph.ops.shape import reshape
from autograph.runtime.dims import Dim
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal

Pair = int | Sequence[int]
_LEAST = {"kernel_size": 1, "dilation": 1, "padding": 0, "stride": 1}


def _pairs(kernel_size: Pair, dilation: Pair, padding: Pair, stride: Pair) -> list[tuple[int, ...]]:
    given = zip((kernel_size, dilation, padding, stride), _LEAST.items(), strict=True)
    return [per_axis(value, 2, name, least) for value, (name, least) in given]


def _spans(what: str, sizes: Sequence[Dim], pairs: Sequence[tuple[int, ...]]) -> tuple[list[Any], list[Dim]]:
    """Along each axis the places of each element of a window in all windows, and how many windows there are."""
    widths, gaps, _, steps = pairs
    spans, counts = [], []
    for width, gap, step, size in zip(widths, gaps, steps, sizes, strict=True):
        reach = (width - 1) * gap + 1
        demand_at_least(
            size, reach, f"{what} of windows of {reach} along an axis of size {size}", "use smaller windows"
        )
        count = (size - reach) // step + 1
        spans.append([slice(k * gap, k * gap + (count - 1) * step + 1, step) for k in range(width)])
        counts.append(count)
    return [(row, column) for row in spans[0] for column in spans[1]], counts


def unfold(x: Any, kernel_size: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1) -> Any:
    """The windows of images as columns.

    Args:
        x: tensor [batch, channels, height, width].
        kernel_size: height and width of windows: a number, or both.
        dilation: how far apart the elements are that a window takes.
        padding: how many zeros come around the image.
        stride: how far windows move.

    Returns:
        Tensor [batch, channels * window elements, windows].

    Raises:
        ShapeError: `x` is no batch of images, or smaller than a window.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.unfold(ag.ops.ones((1, 2, 4, 4)), 3).shape
        (1, 18, 4)
    """
    x = as_tensor(x)
    if x.ndim != 4:
        refuse(
            ShapeError, f"unfold of {x.type}, which has {x.ndim} dimensions", "give [batch, channels, height, width]"
        )
    pairs = _pairs(kernel_size, dilation, padding, stride)
    batch, channels = x.type.shape[:2]
    for axis, width in enumerate(pairs[2]):
        x = padded_axis(x, axis + 2, (width, width))
    places, _ = _spans("unfold", x.type.shape[2:], pairs)
    joined = stack([x[:, :, row, column] for row, column in places], 2)
    return reshape(joined, (batch, channels * len(places), -1))


def fold(x: Any, output_size: Pair, kernel_size: Pair, dilation: Pair = 1, padding: Pair = 0, stride: Pair = 1) -> Any:
    """Images from their windows as columns: elements that several windows hold are added up.

    Args:
        x: tensor [batch, channels * window elements, windows].
        output_size: height and width of the images: a number, or both.
        kernel_size: height and width of windows: a number, or both.
        dilation: how far apart the elements are that a window takes.
        padding: how many zeros came around the image.
        stride: how far windows move.

    Returns:
        Tensor [batch, channels, height, width].

    Raises:
        ShapeError: sizes do not fit.

    Example:
        >>> import autograph as ag
        >>> columns = ag.ops.nn.unfold(ag.ops.ones((1, 1, 3, 3)), 2)
        >>> ag.ops.nn.fold(columns, 3, 2)[0, 0].numpy()
        array([[1., 2., 1.],
               [2., 4., 2.],
               [1., 2., 1.]], dtype=float32)
    """
    x = as_tensor(x)
    if x.ndim != 3:
        refuse(ShapeError, f"fold of {x.type}, which has {x.ndim} dimensions", "give [batch, rows, windows]")
    pairs = _pairs(kernel_size, dilation, padding, stride)
    around = pairs[2]
    sizes = [size + 2 * width for size, width in zip(per_axis(output_size, 2, "output_size"), around, strict=True)]
    places, counts = _spans("fold", sizes, pairs)
    batch, rows, windows = x.type.shape
    what = f"fold of {x.type} to images of {output_size} with windows of {kernel_size}"
    require_equal(rows % len(places), 0, f"{what}: rows are no multiple of a window's elements", "check the sizes")
    require_equal(windows, counts[0] * counts[1], f"{what}: the number of windows differs", "check the sizes")
    channels = rows // len(places)
    parts = reshape(x, (batch, channels, len(places), *counts))
    out = zeros((batch, channels, *sizes), dtype=x.dtype)
    for place, (row, column) in enumerate(places):
        out = index_add(out, (slice(None), slice(None), row, column), parts[:, :, place])
    (top, left), (height, width) = around, sizes
    return out[:, :, top : height - top, left : width - left]
