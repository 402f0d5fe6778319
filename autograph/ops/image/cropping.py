"""Images cut and continued."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.image.batches import Batch
from autograph.ops.padding import padded_axis
from autograph.runtime.dims import Dim, known_at_least
from autograph.runtime.refusal import refuse


def _around(before: Any, after: Any, target: Any, size: Dim, sign: int, what: str) -> tuple[Dim, Dim]:
    """How much comes before and after, of which one and the size wanted give the other."""
    if [before, after, target].count(None) != 1:
        refuse(
            ShapeError,
            f"{what} with {before} before, {after} after and a size of {target}",
            "give two of the three for each axis",
        )
    if target is None:
        return before, after
    whole = (target - size) * sign
    return (whole - after, after) if before is None else (before, whole - before)


def _check(around: tuple[Dim, Dim], what: str) -> tuple[Dim, Dim]:
    if any(known_at_least(count, 0) is False for count in around):
        refuse(ShapeError, f"{what} by {around}, of which one is negative", "check the sizes")
    return around


def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images without rows and columns at their ends.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        top_cropping: how many rows go from the first.
        left_cropping: how many columns go from the first.
        bottom_cropping: how many rows go from the last.
        right_cropping: how many columns go from the last.
        target_height: the height wanted, in the place of one of the rows'.
        target_width: the width wanted, in the place of one of the columns'.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        The smaller images.

    Raises:
        ShapeError: there are not two numbers an axis, or one is negative.

    Example:
        >>> import autograph as ag
        >>> x = ag.ops.ones((4, 4, 1))
        >>> ag.ops.image.crop_images(x, 1, 0, target_height=2, target_width=3).shape
        (2, 3, 1)
    """
    batch = Batch(images, data_format, "crop_images")
    x = batch.images
    given = ((top_cropping, bottom_cropping, target_height), (left_cropping, right_cropping, target_width))
    for axis, (before, after, target) in enumerate(given, 1):
        size = x.type.shape[axis]
        low, high = _check(_around(before, after, target, size, -1, "crop_images"), "crop_images")
        x = x[(slice(None),) * axis + (slice(low, size - high),)]
    return batch.back(x)


def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images with zeros at their ends.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        top_padding: how many rows come before the first.
        left_padding: how many columns come before the first.
        bottom_padding: how many rows come behind the last.
        right_padding: how many columns come behind the last.
        target_height: the height wanted, in the place of one of the rows'.
        target_width: the width wanted, in the place of one of the columns'.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        The larger images.

    Raises:
        ShapeError: there are not two numbers an axis, or one is negative.

    Example:
        >>> import autograph as ag
        >>> x = ag.ops.ones((2, 2, 1))
        >>> ag.ops.image.pad_images(x, 1, 0, target_height=4, target_width=3).shape
        (4, 3, 1)
    """
    batch = Batch(images, data_format, "pad_images")
    x = batch.images
    given = ((top_padding, bottom_padding, target_height), (left_padding, right_padding, target_width))
    for axis, (before, after, target) in enumerate(given, 1):
        around = _check(_around(before, after, target, x.type.shape[axis], 1, "pad_images"), "pad_images")
        x = padded_axis(x, axis, around)
    return batch.back(x)
