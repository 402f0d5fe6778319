"""Images of other sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograph.errors import ShapeError
from autograph.ops.angles import sinc
from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import maximum
from autograph.ops.casts import astype
from autograph.ops.contraction import tensordot
from autograph.ops.creation import as_tensor
from autograph.ops.extents import dims_of_shape, size_number
from autograph.ops.gathering import take
from autograph.ops.image.batches import Batch, floats
from autograph.ops.logic import logical_and
from autograph.ops.manipulation import moveaxis
from autograph.ops.padding import padded_axis
from autograph.ops.ranges import arange
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import normalized_axis
from autograph.ops.selection import clip, where
from autograph.ops.shape import expand_dims
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import float64, int64
from autograph.runtime.refusal import refuse

_TINY = 1e-4  # below it weights sum to nothing


def _triangle(x: Any) -> Any:
    return maximum(1 - x, 0)


def _cubic(x: Any) -> Any:
    """Source: R. Keys, Cubic Convolution Interpolation for Digital Image Processing (1981), with a = -1/2."""
    near = ((1.5 * x - 2.5) * x) * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return where(x < 1, near, where(x < 2, far, 0))


def _lanczos(radius: int) -> Any:
    return lambda x: where(x < radius, sinc(x) * sinc(x / radius), 0)


# The weight of an element by its distance from the place where a value is wanted.
_KERNELS: dict[str, Any] = {
    "bilinear": _triangle,
    "linear": _triangle,
    "bicubic": _cubic,
    "cubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}


def _kernel(name: str, also: tuple[str, ...] = ()) -> Any:
    if name not in _KERNELS:
        raise ValueError(f"interpolation is {name!r}, and has to be one of {[*also, *_KERNELS]}")
    return _KERNELS[name]


def _weights(own: Dim, wanted: Dim, scale: Any, shift: Any, kernel: Any, antialias: bool, dtype: Any) -> Any:
    """What each element along an axis gives to each of the new ones, [own, wanted]."""
    inverse = 1 / scale
    at = (astype(arange(wanted), dtype) + 0.5) * inverse - shift * inverse - 0.5
    wide = maximum(inverse, 1.0) if antialias else 1.0
    off = absolute(expand_dims(at, 0) - expand_dims(astype(arange(own), dtype), 1)) / wide
    weights = kernel(off)
    total = sum_over(weights, 0, True)
    some = absolute(total) > _TINY
    weights = where(some, weights / where(some, total, 1), 0)
    inside = logical_and(at >= -0.5, at <= size_number(own) - 0.5)
    return where(expand_dims(inside, 0), weights, 0)


def _along(x: Any, axis: int, weights: Any) -> Any:
    return moveaxis(tensordot(x, weights, ([axis], [0])), -1, axis)


def _resized(x: Any, axis: int, wanted: Dim, interpolation: str, antialias: bool) -> Any:
    own = x.type.shape[axis]
    scale = size_number(wanted) / size_number(own)
    if interpolation == "nearest":
        places = (astype(arange(wanted), float64) + 0.5) / scale
        return take(x, clip(astype(places, int64), 0, size_number(own) - 1), axis)
    values = floats(x)
    kernel = _kernel(interpolation, ("nearest",))
    return _along(values, axis, _weights(own, wanted, scale, 0.0, kernel, antialias, values.dtype))


def _numbers(size: Sequence[int], shape: Sequence[Dim], what: str) -> tuple[int, int, int, int]:
    height, width = shape
    if not isinstance(height, int) or not isinstance(width, int):
        refuse(ShapeError, f"{what} of images of shape {tuple(shape)}, known at run time only", "give fixed sizes")
    return int(size[0]), int(size[1]), height, width


def _cropped(x: Any, size: Sequence[int]) -> Any:
    """The largest part in the middle that has the wanted proportions."""
    rows, columns, height, width = _numbers(size, x.type.shape[1:3], "resize with crop_to_aspect_ratio")
    tall = max(min(height, int(width * rows / columns)), 1)
    wide = max(min(width, int(height * columns / rows)), 1)
    top, left = (height - tall) // 2, (width - wide) // 2
    return x[:, top : top + tall, left : left + wide]


def _filled(x: Any, size: Sequence[int], fill: Any) -> Any:
    """The images in the middle of the smallest ones that have the wanted proportions."""
    rows, columns, height, width = _numbers(size, x.type.shape[1:3], "resize with pad_to_aspect_ratio")
    tall, wide = max(height, int(width * rows / columns)), max(width, int(height * columns / rows))
    top, left = (tall - height) // 2, (wide - width) // 2
    x = padded_axis(x, 1, (top, tall - height - top), fill)
    return padded_axis(x, 2, (left, wide - width - left), fill)


def resize(
    images: Any,
    size: Any,
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: Any = 0.0,
    data_format: str | None = None,
) -> Any:
    """Images of another size.

    Args:
        images: tensor [height, width, channels], or [batch, height, width, channels].
        size: the height and width wanted.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5".
        antialias: whether smaller images take the mean of more elements.
        crop_to_aspect_ratio: whether images are cut rather than stretched.
        pad_to_aspect_ratio: whether images are continued rather than stretched.
        fill_mode: "constant", how they are continued.
        fill_value: by what number.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Images of that size; float32 where integers are interpolated.

    Raises:
        ShapeError: images or sizes do not fit.
        ValueError: there is no such interpolation.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[[0.0], [1.0]]])
        >>> ag.ops.image.resize(x, (1, 4)).numpy()[0, :, 0]
        array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ValueError("crop_to_aspect_ratio and pad_to_aspect_ratio are both asked for; choose one")
    if fill_mode != "constant":
        raise ValueError(f"fill_mode is {fill_mode!r}, and has to be 'constant'")
    batch = Batch(images, data_format, "resize")
    x = batch.images
    wanted = dims_of_shape(size)
    if len(wanted) != 2:
        refuse(ShapeError, f"resize to {size}", "give a height and a width")
    if crop_to_aspect_ratio:
        x = _cropped(x, size)
    elif pad_to_aspect_ratio:
        x = _filled(x, size, fill_value)
    for axis, count in enumerate(wanted, 1):
        x = _resized(x, axis, count, interpolation, antialias)
    return batch.back(x)


def scale_and_translate(
    images: Any,
    output_shape: Any,
    scale: Any,
    translation: Any,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Any:
    """Images scaled and moved along axes; gradients flow to scales and shifts too.

    Args:
        images: tensor.
        output_shape: the sizes of the result.
        scale: tensor [k] of factors, one for each axis.
        translation: tensor [k] of shifts, in elements of the result.
        spatial_dims: the k axes.
        method: "linear", "cubic", "lanczos3" or "lanczos5".
        antialias: whether smaller images take the mean of more elements.

    Returns:
        A tensor of that shape, 0 outside of the images.

    Raises:
        ShapeError: sizes, factors or shifts do not fit.
        ValueError: there is no such method.

    Source: the weights are those of JAX's function of this name.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[0.0, 1.0, 2.0]])
        >>> ag.ops.image.scale_and_translate(x, (1, 3), ag.constant([1.0]), ag.constant([1.0]), (1,), "linear").numpy()
        array([[0., 0., 1.]], dtype=float32)
    """
    x = floats(as_tensor(images))
    kernel, factors, shifts = _kernel(method), as_tensor(scale), as_tensor(translation)
    wanted = dims_of_shape(output_shape)
    if len(wanted) != x.ndim or factors.type.shape != (len(spatial_dims),) or shifts.type.shape != (len(spatial_dims),):
        what = f"scale_and_translate of {x.type} to {wanted} by {factors.type} and {shifts.type}"
        refuse(ShapeError, what, "give a size for each axis, and a factor and a shift for each of spatial_dims")
    for i, axis in enumerate(spatial_dims):
        place = normalized_axis(axis, x.ndim)
        own = x.type.shape[place]
        weights = _weights(own, wanted[place], factors[i], shifts[i], kernel, antialias, x.dtype)
        x = _along(x, place, weights)
    return x
