"""Blurring, edges, and how alike images are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.demands import demand_at_least
from autograph.ops.image.batches import Batch, floats
from autograph.ops.joining import stack
from autograph.ops.padding import pad, padded_axis
from autograph.ops.statistics import mean
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def _bell(size: int, sigma: float) -> list[float]:
    """Weights of the normal density, which sum to 1."""
    off = np.arange(size) - (size - 1) / 2
    weights = np.exp(-0.5 * (off / sigma) ** 2)
    return [float(weight) for weight in weights / weights.sum()]


def _weighed(x: Any, axis: int, weights: Sequence[float]) -> Any:
    """Weighted sums of neighbours along an axis, where all of them are inside."""
    size = x.type.shape[axis]
    demand_at_least(size, len(weights), f"a filter of {len(weights)} along an axis of size {size}", "use a smaller one")
    count = size - (len(weights) - 1)
    total = None
    for start, weight in enumerate(weights):
        if weight:
            part = x[(slice(None),) * axis + (slice(start, start + count),)] * weight
            total = part if total is None else total + part
    return total


def blurred(x: Any, kernel_size: Sequence[int], sigma: Sequence[float]) -> Any:
    """Images [batch, height, width, channels] blurred, with zeros around them."""
    for axis, (size, width) in enumerate(zip(kernel_size, sigma, strict=True), 1):
        x = _weighed(padded_axis(x, axis, ((size - 1) // 2, size // 2)), axis, _bell(size, width))
    return x


def gaussian_blur(
    images: Any,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Sequence[float] = (1.0, 1.0),
    data_format: str | None = None,
) -> Any:
    """Images blurred by a normal density; beyond the ends are zeros.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        kernel_size: height and width of the part of the density that counts.
        sigma: its standard deviations along the height and the width.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: images or sizes do not fit.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[0.0], [1.0], [0.0]]])
        >>> ag.ops.image.gaussian_blur(x).numpy()[0, :, 0]
        array([0.1238414 , 0.20417994, 0.1238414 ], dtype=float32)
    """
    batch = Batch(images, data_format, "gaussian_blur")
    if len(kernel_size) != 2 or len(sigma) != 2 or min(kernel_size) < 1:
        refuse(
            ShapeError, f"gaussian_blur by {tuple(kernel_size)} and {tuple(sigma)}", "give two sizes and two deviations"
        )
    return batch.back(blurred(floats(batch.images), kernel_size, sigma))


def sobel_edges(images: Any, data_format: str | None = None) -> Any:
    """The slopes of images along their height and width, by Sobel's filters; beyond the ends is the mirror image.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        A tensor with one dimension more, the last, of 2: the slopes along the height and the width.

    Raises:
        ShapeError: images do not have three or four dimensions.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[0.0], [1.0], [2.0]]] * 3)
        >>> ag.ops.image.sobel_edges(x).numpy()[1, :, 0]
        array([[0., 0.],
               [0., 8.],
               [0., 0.]], dtype=float32)
    """
    batch = Batch(images, data_format, "sobel_edges")
    x = pad(floats(batch.images), ((0, 0), (1, 1), (1, 1), (0, 0)), "reflect")
    slope, smooth = (-1.0, 0.0, 1.0), (1.0, 2.0, 1.0)
    down = _weighed(_weighed(x, 1, slope), 2, smooth)
    across = _weighed(_weighed(x, 1, smooth), 2, slope)
    return stack([batch.back(down), batch.back(across)], -1)


def ssim(
    image1: Any,
    image2: Any,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Any:
    """The structural similarity of images: 1 for equal ones.

    Args:
        image1: tensor [height, width, channels], or [batch, height, width, channels].
        image2: tensor of the same shape.
        max_val: the largest value that images can have.
        filter_size: height and width of the windows that are compared.
        filter_sigma: the standard deviation of the density by which elements of a window count.
        k1: steadies the comparison of means.
        k2: steadies the comparison of variances.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch], or a scalar for one image.

    Raises:
        ShapeError: shapes differ.

    Source: Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity, 2004.

    Example:
        >>> import autograph as ag
        >>> x = ag.ops.reshape(ag.ops.arange(144) / 144, (12, 12, 1))
        >>> round(ag.ops.image.ssim(x, x, 1.0).item(), 4)
        1.0
    """
    batch = Batch(image1, data_format, "ssim")
    a, b = [floats(Batch(x, data_format, "ssim").images) for x in (image1, image2)]
    for one, other in zip(a.type.shape, b.type.shape, strict=True):
        require_equal(one, other, f"ssim of {a.type} and {b.type}", "give images of one shape")
    if filter_size < 1:
        refuse(ShapeError, f"ssim with windows of {filter_size}", "give a filter_size of at least 1")
    weights = _bell(filter_size, filter_sigma)

    def local(x: Any) -> Any:
        return _weighed(_weighed(x, 1, weights), 2, weights)

    mean_a, mean_b = local(a), local(b)
    small_a, small_b = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    together = local(a * b) - mean_a * mean_b
    apart = local(a * a) - mean_a * mean_a + local(b * b) - mean_b * mean_b
    light = (mean_a * mean_b * 2 + small_a) / (mean_a * mean_a + mean_b * mean_b + small_a)
    out = mean(light * (together * 2 + small_b) / (apart + small_b), (1, 2, 3))
    return out[0] if batch.is_single else out
