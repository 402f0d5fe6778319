"""Activations that are linear where x is positive."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import maximum, minimum
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import expm1
from autograph.ops.selection import clip, where
from autograph.ops.trigonometry import tanh


def relu(x: Any) -> Any:
    """`max(x, 0)`, NaN where x is; the gradient at 0 is 0.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.relu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0. , 0.5, 8. ], dtype=float32)
    """
    x = as_tensor(x)
    return where(x <= 0, 0, x)


def relu6(x: Any) -> Any:
    """`min(max(x, 0), 6)`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.relu6(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0. , 0.5, 6. ], dtype=float32)
    """
    x = as_tensor(x)
    return where(x <= 0, 0, where(x >= 6, 6, x))


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """`x` where it is positive, `negative_slope * x` elsewhere.

    Args:
        x: tensor or number.
        negative_slope: the slope below 0.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.leaky_relu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.2,  0.5,  8. ], dtype=float32)
    """
    x = as_tensor(x)
    return where(x > 0, x, x * negative_slope)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """The exponential linear unit: `x` where it is positive, `alpha * (exp(x) - 1)` elsewhere.

    Args:
        x: tensor or number.
        alpha: what it tends to below 0, with the opposite sign.

    Returns:
        A tensor of the shape of x.

    Source: Clevert et al., Fast and Accurate Deep Network Learning by Exponential Linear Units, 2015.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.elu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.63212055,  0.5       ,  8.        ], dtype=float32)
    """
    x = as_tensor(x)
    return where(x > 0, x, expm1(minimum(x, 0)) * alpha)


_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def selu(x: Any) -> Any:
    """The scaled exponential linear unit, which keeps means at 0 and variances at 1.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.selu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-1.1113307,  0.5253505,  8.405608 ], dtype=float32)
    """
    return elu(x, _SELU_ALPHA) * _SELU_SCALE


def celu(x: Any, alpha: float = 1.0) -> Any:
    """`max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)`, which is smooth for every alpha.

    Args:
        x: tensor or number.
        alpha: what it tends to below 0, with the opposite sign.

    Returns:
        A tensor of the shape of x.

    Source: Barron, Continuously Differentiable Exponential Linear Units, 2017.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.celu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.63212055,  0.5       ,  8.        ], dtype=float32)
    """
    x = as_tensor(x)
    return maximum(x, 0) + expm1(minimum(x, 0) / alpha) * alpha


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """`x` where it is greater than the threshold, the default elsewhere.

    Args:
        x: tensor or number.
        threshold: the limit.
        default_value: what stands for smaller elements.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.threshold(ag.constant([-1.0, 0.5, 8.0]), 0.5, 9.0).numpy()
        array([9., 9., 8.], dtype=float32)
    """
    x = as_tensor(x)
    return where(x > threshold, x, default_value)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """`x` moved towards 0 by the threshold, 0 where it is nearer than that.

    Args:
        x: tensor or number.
        threshold: by how much.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.soft_shrink(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.5,  0. ,  7.5], dtype=float32)
    """
    x = as_tensor(x)
    return where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0))


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """`x`, but 0 where it is not farther from 0 than the threshold.

    Args:
        x: tensor or number.
        threshold: the limit.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.hard_shrink(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-1.,  0.,  8.], dtype=float32)
    """
    x = as_tensor(x)
    return where(absolute(x) > threshold, x, 0)


def tanh_shrink(x: Any) -> Any:
    """`x - tanh(x)`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.tanh_shrink(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.23840582,  0.0378828 ,  7.        ], dtype=float32)
    """
    x = as_tensor(x)
    return x - tanh(x)


def sparse_plus(x: Any) -> Any:
    """0 up to -1, `x` from 1 on, and the parabola `(x + 1)**2 / 4` between.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Blondel et al., Learning with Fenchel-Young Losses, 2020.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.sparse_plus(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.    , 0.5625, 8.    ], dtype=float32)
    """
    x = as_tensor(x)
    inside = clip(x, -1, 1) + 1
    return where(x < 1, inside * inside * 0.25, x)
