"""Colours in other terms."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.image.batches import Batch, floats
from autograph.ops.joining import concat
from autograph.ops.reductions import max as max_over
from autograph.ops.reductions import min as min_over
from autograph.ops.selection import clip, where
from autograph.runtime.apply import apply
from autograph.runtime.sizes import require_equal


def _channels(images: Any, data_format: str | None, what: str) -> tuple[Batch, list[Any]]:
    """Three channels [batch, height, width, 1] of images."""
    batch = Batch(images, data_format, what)
    x = floats(batch.images)
    require_equal(x.type.shape[3], 3, f"{what} of {x.type}: the number of channels", "give three channels")
    return batch, [apply(slice_axis_op, x, axis=3, start=i, size=1) for i in range(3)]


def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """The brightness of images.

    Args:
        images: tensor [height, width, 3], or [batch, height, width, 3].
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of one channel.

    Raises:
        ShapeError: there are not three channels.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.rgb_to_grayscale(ag.ops.ones((1, 1, 3))).shape
        (1, 1, 1)
    """
    batch, (red, green, blue) = _channels(images, data_format, "rgb_to_grayscale")
    return batch.back(red * 0.2989 + green * 0.587 + blue * 0.114)


def rgb_to_hsv(images: Any, data_format: str | None = None) -> Any:
    """Red, green and blue, from 0 to 1, as hue, saturation and value.

    Args:
        images: tensor [height, width, 3], or [batch, height, width, 3].
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: there are not three channels.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.rgb_to_hsv(ag.constant([[[0.0, 0.5, 0.0]]])).numpy()
        array([[[0.33333334, 1.        , 0.5       ]]], dtype=float32)
    """
    batch, (red, green, blue) = _channels(images, data_format, "rgb_to_hsv")
    joined = concat([red, green, blue], 3)
    value = max_over(joined, 3, True)
    span = value - min_over(joined, 3, True)
    gray = span == 0
    safe = where(gray, 1, span)
    of_red = (green - blue) / safe % 6
    hue = where(value == red, of_red, where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4)) / 6
    saturation = where(value == 0, 0, span / where(value == 0, 1, value))
    return batch.back(concat([where(gray, 0, hue), saturation, value], 3))


def hsv_to_rgb(images: Any, data_format: str | None = None) -> Any:
    """Hue, saturation and value, from 0 to 1, as red, green and blue.

    Args:
        images: tensor [height, width, 3], or [batch, height, width, 3].
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: there are not three channels.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.hsv_to_rgb(ag.constant([[[0.0, 1.0, 0.5]]])).numpy()
        array([[[0.5, 0. , 0. ]]], dtype=float32)
    """
    batch, (hue, saturation, value) = _channels(images, data_format, "hsv_to_rgb")
    turn = hue * 6
    shares = (absolute(turn - 3) - 1, 2 - absolute(turn - 2), 2 - absolute(turn - 4))
    full = [(clip(share, 0, 1) - 1) * saturation + 1 for share in shares]
    return batch.back(concat([value * share for share in full], 3))
