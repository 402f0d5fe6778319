"""Classes and angles as vectors and complex numbers; blocks of images as channels."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.casts import astype
from autograph.ops.complex_parts import complex_dtype
from autograph.ops.creation import as_tensor
from autograph.ops.grids import one_hot
from autograph.ops.nn.windows import as_given, channels_last
from autograph.ops.reductions import max as max_over
from autograph.ops.shape import permute_dims, reshape
from autograph.ops.trigonometry import cos, sin
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def multi_hot(inputs: Any, num_classes: int, axis: int = -1, dtype: Any = None) -> Any:
    """Sets of classes as vectors with a one at the place of each.

    Args:
        inputs: integer tensor [..., k] of k classes a set (or [k]); others than 0 … num_classes - 1 count for none.
        num_classes: the size of the vectors.
        axis: where the new axis stands.
        dtype: the dtype; float32 by default.

    Returns:
        A tensor of the dimensions of inputs.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.multi_hot(ag.constant([2, 0]), 4).numpy()
        array([1., 0., 1., 0.], dtype=float32)
    """
    x = as_tensor(inputs)
    return max_over(one_hot(x, num_classes, axis, dtype), axis=1 if x.ndim > 1 else 0)


def polar(abs_: Any, angle: Any) -> Any:
    """The complex numbers of given sizes and angles.

    Args:
        abs_: tensor or number, the sizes.
        angle: tensor or number that broadcasts against them, in radians.

    Returns:
        A complex tensor of the broadcast shape.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.polar(ag.constant([1.0, 2.0]), 0.0).numpy()
        array([1.+0.j, 2.+0.j], dtype=complex64)
    """
    size, turn = as_tensor(abs_), as_tensor(angle)
    real, imag = size * cos(turn), size * sin(turn)
    dtype = complex_dtype(real.dtype)
    return astype(real, dtype) + astype(imag, dtype) * 1j


def _image(x: Any, what: str) -> Any:
    found = as_tensor(x)
    if found.ndim != 4:
        refuse(ShapeError, f"{what} of {found.type}", "give a batch of images with channels: four dimensions")
    return found


def depth_to_space(x: Any, block_size: int, data_format: str | None = None) -> Any:
    """Channels as blocks of an image.

    Args:
        x: tensor [batch, height, width, channels].
        block_size: height and width of a block.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, height * block_size, width * block_size, channels / block_size**2].

    Raises:
        ShapeError: a block's elements do not divide the channels.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.depth_to_space(ag.ops.ones((1, 2, 3, 8)), 2).shape
        (1, 4, 6, 2)
    """
    x = channels_last(_image(x, "depth_to_space"), data_format)
    batch, height, width, channels = x.type.shape
    depth = channels // block_size**2
    require_equal(depth * block_size**2, channels, f"depth_to_space by {block_size} of {channels} channels")
    apart = reshape(x, (batch, height, width, block_size, block_size, depth))
    joined = permute_dims(apart, (0, 1, 3, 2, 4, 5))
    return as_given(reshape(joined, (batch, height * block_size, width * block_size, depth)), data_format)


def space_to_depth(x: Any, block_size: int, data_format: str | None = None) -> Any:
    """Blocks of an image as channels: the reverse of `depth_to_space`.

    Args:
        x: tensor [batch, height, width, channels].
        block_size: height and width of a block.
        data_format: "channels_last", the default, or "channels_first".

    Returns:
        Tensor [batch, height / block_size, width / block_size, channels * block_size**2].

    Raises:
        ShapeError: blocks do not divide the image.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.space_to_depth(ag.ops.ones((1, 4, 6, 2)), 2).shape
        (1, 2, 3, 8)
    """
    x = channels_last(_image(x, "space_to_depth"), data_format)
    batch, height, width, channels = x.type.shape
    for size in (height, width):
        require_equal(size % block_size, 0, f"space_to_depth by {block_size} of an image {x.type}", "crop it")
    apart = reshape(x, (batch, height // block_size, block_size, width // block_size, block_size, channels))
    joined = permute_dims(apart, (0, 1, 3, 2, 4, 5))
    return as_given(reshape(joined, (*joined.type.shape[:3], channels * block_size**2)), data_format)
