"""Activations that are x times a gate."""

from __future__ import annotations

import math
from typing import Any

from autograph.ops.axis_parts import slice_axis_op
from autograph.ops.creation import as_tensor
from autograph.ops.nn.sigmoids import hard_sigmoid, sigmoid, softplus
from autograph.ops.rules import normalized_axis
from autograph.ops.special.error_functions import erf
from autograph.ops.trigonometry import tanh
from autograph.runtime.apply import apply
from autograph.runtime.sizes import require_equal


def silu(x: Any) -> Any:
    """`x * sigmoid(x)`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Elfwing et al., Sigmoid-Weighted Linear Units, 2017.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.silu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.2689414 ,  0.31122968,  7.9973173 ], dtype=float32)
    """
    x = as_tensor(x)
    return x * sigmoid(x)


def hard_silu(x: Any) -> Any:
    """`x * hard_sigmoid(x)`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Howard et al., Searching for MobileNetV3, 2019.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.hard_silu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.33333334,  0.29166666,  8.        ], dtype=float32)
    """
    x = as_tensor(x)
    return x * hard_sigmoid(x)


def mish(x: Any) -> Any:
    """`x * tanh(softplus(x))`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.mish(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.3034014 ,  0.37524518,  7.999998  ], dtype=float32)
    """
    x = as_tensor(x)
    return x * tanh(softplus(x))


def gelu(x: Any, approximate: bool = True) -> Any:
    """The Gaussian error linear unit: x times the normal distribution's mass below x.

    Args:
        x: tensor or number.
        approximate: whether to take its tanh form.

    Returns:
        A tensor of the shape of x.

    Source: Hendrycks and Gimpel, Gaussian Error Linear Units, 2016.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.gelu(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.158808  ,  0.34571403,  8.        ], dtype=float32)
    """
    x = as_tensor(x)
    if not approximate:
        return x * (erf(x * math.sqrt(0.5)) + 1) * 0.5
    inner = (x + x * x * x * 0.044715) * math.sqrt(2 / math.pi)
    return x * 0.5 * (tanh(inner) + 1)


def glu(x: Any, axis: int = -1) -> Any:
    """The first half of x along an axis, times the sigmoid of the second.

    Args:
        x: tensor.
        axis: the axis to halve.

    Returns:
        A tensor half as long along the axis.

    Raises:
        ShapeError: the axis has an odd size.

    Source: Dauphin et al., Language Modeling with Gated Convolutional Networks, 2016.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.glu(ag.constant([1.0, 2.0, 0.0, 0.0])).numpy()
        array([0.5, 1. ], dtype=float32)
    """
    x = as_tensor(x)
    place = normalized_axis(axis, x.ndim)
    size = x.type.shape[place]
    require_equal(size % 2, 0, f"glu along axis {axis} of size {size}, which is odd", "give an even size")
    first, second = [apply(slice_axis_op, x, axis=place, start=start, size=size // 2) for start in (0, size // 2)]
    return first * sigmoid(second)
