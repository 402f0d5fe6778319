"""Means, variances and lengths made equal."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.arithmetic import maximum
from autograph.ops.casts import astype
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import sqrt
from autograph.ops.linalg.norms import vector_norm
from autograph.ops.rules import Axis, normalized_axes, normalized_axis
from autograph.ops.shape import reshape
from autograph.ops.statistics import mean
from autograph.runtime.dtypes import float32
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor

_EPSILON = 1e-7


def _wide(x: Tensor) -> Any:
    """Floats of 16 bits in 32, since their squares overflow."""
    return astype(x, float32) if x.dtype.is_floating and x.dtype.bits < float32.bits else x


def _along(value: Any, x: Tensor, axes: tuple[int, ...]) -> Any:
    """A tensor with the sizes of some axes of x, with size 1 along the others."""
    value = as_tensor(value)
    if not value.ndim:
        return value
    wanted = [x.type.shape[axis] for axis in axes]
    for own, size in zip(value.type.shape, wanted, strict=len(wanted) == value.ndim):
        require_equal(own, size, f"a factor or offset {value.type} for axes {axes} of {x.type}", "check its shape")
    return reshape(value, [x.type.shape[i] if i in axes else 1 for i in range(x.ndim)])


def _affine(x: Any, scale: Any, offset: Any, axes: tuple[int, ...]) -> Any:
    if scale is not None:
        x = x * _along(scale, x, axes)
    return x if offset is None else x + _along(offset, x, axes)


def moments(x: Any, axes: Axis, keepdims: bool = False, synchronized: bool = False) -> tuple[Any, Any]:
    """The mean and the variance over axes.

    Args:
        x: tensor.
        axes: the axis or axes.
        keepdims: whether reduced axes stay, with size 1.
        synchronized: without meaning on one device.

    Returns:
        The means and the variances.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.moments(ag.constant([1.0, 3.0]), 0)
        (Tensor(2., shape=(), dtype=float32), Tensor(1., shape=(), dtype=float32))
    """
    x = as_tensor(x)
    wide = _wide(x)
    middle = mean(wide, axes, True)
    off = wide - middle
    spread = mean(off * off, axes, keepdims)
    middle = middle if keepdims else mean(middle, axes)
    return (middle, spread) if wide is x else (astype(middle, x.dtype), astype(spread, x.dtype))


def normalize(x: Any, axis: int = -1, order: Any = 2, epsilon: float | None = None) -> Any:
    """`x` divided by its norm along an axis.

    Args:
        x: tensor.
        axis: the axis.
        order: which norm, as `ord` of `ag.ops.linalg.vector_norm`.
        epsilon: what norms are at least; 1e-7 by default.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.normalize(ag.constant([3.0, 4.0])).numpy()
        array([0.6, 0.8], dtype=float32)
    """
    x = as_tensor(x)
    size = vector_norm(x, axis=axis, keepdims=True, ord=order)
    return x / maximum(size, _EPSILON if epsilon is None else epsilon)


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Any:
    """`(x - mean) / sqrt(variance + epsilon)`, scaled and shifted, for each place along an axis.

    Args:
        x: tensor.
        mean: tensor [n] of the size of the axis.
        variance: tensor [n].
        axis: the axis.
        offset: tensor [n] to add at the end.
        scale: tensor [n] to multiply by.
        epsilon: what is added to variances.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: sizes differ.

    Source: Ioffe and Szegedy, Batch Normalization, 2015.

    Example:
        >>> import autograph as ag
        >>> x = ag.constant([[1.0], [3.0]])
        >>> ag.ops.nn.batch_normalization(x, ag.constant([2.0]), ag.constant([1.0]), -1, epsilon=0.0).numpy()
        array([[-1.],
               [ 1.]], dtype=float32)
    """
    x = as_tensor(x)
    axes = (normalized_axis(axis, x.ndim),)
    inverse = 1 / sqrt(_along(variance, x, axes) + epsilon)
    return _affine((x - _along(mean, x, axes)) * inverse, scale, offset, axes)


def layer_normalization(
    x: Any, gamma: Any = None, beta: Any = None, axis: Axis = -1, epsilon: float | None = None
) -> Any:
    """`x` with mean 0 and variance 1 along axes, scaled and shifted.

    Args:
        x: tensor.
        gamma: tensor of the sizes of the axes to multiply by.
        beta: tensor of the sizes of the axes to add.
        axis: the axis or axes.
        epsilon: what is added to variances; 1e-7 by default.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: sizes differ.

    Source: Ba et al., Layer Normalization, 2016.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.layer_normalization(ag.constant([1.0, 3.0])).numpy()
        array([-1.,  1.], dtype=float32)
    """
    x = as_tensor(x)
    axes = normalized_axes(axis, x.ndim)
    wide = _wide(x)
    middle, spread = moments(wide, axes, True)
    out = (wide - middle) / sqrt(spread + (_EPSILON if epsilon is None else epsilon))
    out = _affine(out, gamma, beta, axes)
    return out if wide is x else astype(out, x.dtype)


def rms_normalization(x: Any, scale: Any = None, axis: Axis = -1, epsilon: float | None = None) -> Any:
    """`x` divided by the root of its mean square along axes, scaled.

    Args:
        x: tensor.
        scale: number, or tensor of the sizes of the axes; none by default.
        axis: the axis or axes.
        epsilon: what is added to mean squares; 1e-7 by default.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: sizes differ.

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.rms_normalization(ag.constant([3.0, 4.0])).numpy()
        array([0.84852815, 1.1313709 ], dtype=float32)
    """
    x = as_tensor(x)
    axes = normalized_axes(axis, x.ndim)
    wide = _wide(x)
    out = wide / sqrt(mean(wide * wide, axes, True) + (_EPSILON if epsilon is None else epsilon))
    out = _affine(out, scale, None, axes)
    return out if wide is x else astype(out, x.dtype)


def group_normalization(
    x: Any, groups: int, gamma: Any = None, beta: Any = None, axis: int = -1, epsilon: float = 1e-3
) -> Any:
    """`x` with mean 0 and variance 1 in each group of channels of each element of a batch, scaled and shifted.

    Args:
        x: tensor [batch, …].
        groups: how many groups; it has to divide the number of channels.
        gamma: tensor of one number a channel to multiply by.
        beta: tensor of one number a channel to add.
        axis: the axis of the channels.
        epsilon: what is added to variances.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: the groups do not divide the channels, or sizes differ.

    Source: Wu and He, Group Normalization, 2018.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.group_normalization(ag.constant([[1.0, 3.0, 5.0, 9.0]]), 2, epsilon=0.0).numpy()
        array([[-1.,  1., -1.,  1.]], dtype=float32)
    """
    x = as_tensor(x)
    place = normalized_axis(axis, x.ndim)
    shape = x.type.shape
    if place == 0:
        refuse(ShapeError, "group_normalization with channels in the place of the batch", "use another axis")
    require_equal(shape[place] % groups, 0, f"{groups} groups of {shape[place]} channels, which they do not divide")
    apart = reshape(x, (*shape[:place], groups, shape[place] // groups, *shape[place + 1 :]))
    axes = tuple([i for i in range(1, x.ndim + 1) if i != place])
    out = reshape(layer_normalization(apart, axis=axes, epsilon=epsilon), shape)
    return _affine(out, gamma, beta, (place,))
