"""Images moved, turned and bent."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor, ones_like, zeros_like
from autograph.ops.image.batches import Batch, floats
from autograph.ops.image.filters import blurred
from autograph.ops.image.sampling import sampled
from autograph.ops.joining import concat, stack
from autograph.ops.linalg.systems import solve
from autograph.ops.random.generators import stream_of_seed
from autograph.ops.ranges import arange
from autograph.ops.shape import expand_dims, reshape
from autograph.runtime.refusal import refuse

_ORDERS = {"nearest": 0, "bilinear": 1}


def _order(interpolation: str) -> int:
    if interpolation not in _ORDERS:
        raise ValueError(f"interpolation is {interpolation!r}, and has to be one of {[*_ORDERS]}")
    return _ORDERS[interpolation]


def _grid(x: Any) -> tuple[Any, Any]:
    """Rows [1, height, 1] and columns [1, 1, width] of images."""
    _, height, width, _ = x.type.shape
    rows = reshape(astype(arange(height), x.dtype), (1, height, 1))
    return rows, reshape(astype(arange(width), x.dtype), (1, 1, width))


def _sampled(x: Any, rows: Any, columns: Any, interpolation: str, fill_mode: str, fill_value: Any) -> Any:
    """Images at rows and columns [batch or 1, height, width]."""
    batch = x.type.shape[0]
    which = reshape(arange(batch), (batch, 1, 1))
    shape = (batch, *rows.type.shape[1:])
    places = [broadcast_to(place, shape) for place in (rows, columns)]
    return sampled(x, places, _order(interpolation), fill_mode, fill_value, (which,))


def _projected(x: Any, transform: Any, interpolation: str, fill_mode: str, fill_value: Any) -> Any:
    """Images at the places to which [batch or 1, 8] transforms take the grid."""
    rows, columns = _grid(x)
    a = [reshape(transform[:, i], (-1, 1, 1)) for i in range(8)]
    far = a[6] * columns + a[7] * rows + 1
    at_column = (a[0] * columns + a[1] * rows + a[2]) / far
    at_row = (a[3] * columns + a[4] * rows + a[5]) / far
    return _sampled(x, at_row, at_column, interpolation, fill_mode, fill_value)


def affine_transform(
    images: Any,
    transform: Any,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: Any = 0,
    data_format: str | None = None,
) -> Any:
    """Images with the element at `(a0 x + a1 y + a2, b0 x + b1 y + b2) / (c0 x + c1 y + 1)` in the place (x, y).

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        transform: tensor [8] of a0, a1, a2, b0, b1, b2, c0, c1, or one for each image, [batch, 8].
        interpolation: "nearest" or "bilinear".
        fill_mode: what stands beyond the ends: "constant", "nearest", "wrap", "mirror" or "reflect".
        fill_value: the number of the mode "constant".
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: there are not 8 numbers.
        ValueError: there is no such interpolation or mode.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[1.0], [2.0], [3.0]]])
        >>> shift = ag.constant([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
        >>> ag.ops.image.affine_transform(x, shift).numpy()[0, :, 0]
        array([2., 3., 0.], dtype=float32)
    """
    batch = Batch(images, data_format, "affine_transform")
    x, numbers = floats(batch.images), as_tensor(transform)
    numbers = expand_dims(numbers, 0) if numbers.ndim == 1 else numbers
    if numbers.ndim != 2 or numbers.type.shape[1] != 8:
        refuse(ShapeError, f"affine_transform by {numbers.type}", "give 8 numbers, or 8 for each image")
    return batch.back(_projected(x, numbers, interpolation, fill_mode, fill_value))


def perspective_transform(
    images: Any,
    start_points: Any,
    end_points: Any,
    interpolation: str = "bilinear",
    fill_value: Any = 0,
    data_format: str | None = None,
) -> Any:
    """Images in which four points have moved elsewhere, and straight lines are straight.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        start_points: tensor [4, 2] of points (x, y) of the input, or one for each image, [batch, 4, 2].
        end_points: where they are in the result, likewise.
        interpolation: "nearest" or "bilinear".
        fill_value: what stands beyond the ends.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: there are not four points.
        numpy.linalg.LinAlgError: three points are on a line.
        ValueError: there is no such interpolation.

    Example:
        >>> import autograph as ag
        >>> x = ag.ops.reshape(ag.ops.arange(4), (2, 2, 1))
        >>> points = ag.constant([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
        >>> ag.ops.image.perspective_transform(x, points, points).numpy()[..., 0]
        array([[0., 1.],
               [2., 3.]], dtype=float32)
    """
    batch = Batch(images, data_format, "perspective_transform")
    x = floats(batch.images)
    start, end = [astype(as_tensor(points), x.dtype) for points in (start_points, end_points)]
    start, end = [expand_dims(points, 0) if points.ndim == 2 else points for points in (start, end)]
    for points in (start, end):
        if points.ndim != 3 or points.type.shape[1:] != (4, 2):
            refuse(ShapeError, f"perspective_transform by points {points.type}", "give 4 points (x, y)")
    return batch.back(_projected(x, _homography(start, end), interpolation, "constant", fill_value))


def _homography(start: Any, end: Any) -> Any:
    """The numbers [batch, 8] of the transform that takes end points to start points."""
    x, y = end[..., 0], end[..., 1]
    one, none = ones_like(x), zeros_like(x)
    u, v = start[..., 0], start[..., 1]
    first = stack([x, y, one, none, none, none, -x * u, -y * u], -1)
    second = stack([none, none, none, x, y, one, -x * v, -y * v], -1)
    system, right = concat([first, second], 1), concat([u, v], 1)
    return solve(system, expand_dims(right, -1))[..., 0]


def elastic_transform(
    images: Any,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: Any = 0.0,
    seed: Any = None,
    data_format: str | None = None,
) -> Any:
    """Images bent by smooth random shifts.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        alpha: how far elements are shifted.
        sigma: how smooth the shifts are.
        interpolation: "nearest" or "bilinear".
        fill_mode: what stands beyond the ends: "constant", "nearest", "wrap", "mirror" or "reflect".
        fill_value: the number of the mode "constant".
        seed: an `ag.random.Generator`, or a key or an int, with which shifts are the same each time; the default
            generator where left out.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of the same shape.

    Raises:
        ShapeError: images do not have three or four dimensions.
        ValueError: there is no such interpolation or mode.

    Source: Simard et al., Best Practices for Convolutional Neural Networks, 2003.

    Example:
        >>> import autograph as ag
        >>> ag.ops.image.elastic_transform(ag.ops.ones((4, 4, 1))).shape
        (4, 4, 1)
    """
    batch = Batch(images, data_format, "elastic_transform")
    x = floats(batch.images)
    shape = (2, *x.type.shape[:3])
    noise = stream_of_seed(seed).normal(shape, 0.0, sigma, x.dtype)
    width = int(6 * sigma) | 1
    smooth = [blurred(expand_dims(noise[i], -1), (width, width), (sigma, sigma))[..., 0] for i in (0, 1)]
    rows, columns = _grid(x)
    out = _sampled(x, rows + smooth[0] * alpha, columns + smooth[1] * alpha, interpolation, fill_mode, fill_value)
    return batch.back(out)
