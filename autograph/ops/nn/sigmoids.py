"""Activations that go from one level to another, and their integrals."""

from __future__ import annotations

from typing import Any

from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import maximum
from autograph.ops.creation import as_tensor
from autograph.ops.exponential import exp, log1p, sqrt
from autograph.ops.nn.rectifiers import relu6
from autograph.ops.selection import clip, where
from autograph.ops.special.entropies import expit


def sigmoid(x: Any) -> Any:
    """`1 / (1 + exp(-x))`, without overflow.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.sigmoid(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.2689414 , 0.62245935, 0.99966466], dtype=float32)
    """
    return expit(x)


def log_sigmoid(x: Any) -> Any:
    """The logarithm of `sigmoid`, without overflow.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.log_sigmoid(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-1.3132616e+00, -4.7407699e-01, -3.3540637e-04], dtype=float32)
    """
    return -softplus(-as_tensor(x))


def hard_sigmoid(x: Any) -> Any:
    """`relu6(x + 3) / 6`, a sigmoid of straight lines.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.hard_sigmoid(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.33333334, 0.5833333 , 1.        ], dtype=float32)
    """
    return relu6(as_tensor(x) + 3) / 6


def sparse_sigmoid(x: Any) -> Any:
    """0 up to -1, 1 from 1 on, and a straight line between.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Source: Blondel et al., Learning with Fenchel-Young Losses, 2020.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.sparse_sigmoid(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.  , 0.75, 1.  ], dtype=float32)
    """
    return (clip(as_tensor(x), -1.0, 1.0) + 1) * 0.5


def hard_tanh(x: Any) -> Any:
    """`x` limited to -1 … 1.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.hard_tanh(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-1. ,  0.5,  1. ], dtype=float32)
    """
    x = as_tensor(x)
    return where(x > -1, where(x < 1, x, 1), -1)


def softplus(x: Any) -> Any:
    """`log(1 + exp(x))`, without overflow.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.softplus(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.31326163, 0.974077  , 8.000336  ], dtype=float32)
    """
    x = as_tensor(x)
    return maximum(x, 0) + log1p(exp(-absolute(x)))


def softsign(x: Any) -> Any:
    """`x / (1 + |x|)`.

    Args:
        x: tensor or number.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.softsign(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([-0.5       ,  0.33333334,  0.8888889 ], dtype=float32)
    """
    x = as_tensor(x)
    return x / (absolute(x) + 1)


def squareplus(x: Any, b: float = 4) -> Any:
    """`(x + sqrt(x**2 + b)) / 2`, a softplus without exponentials.

    Args:
        x: tensor or number.
        b: how wide the bend at 0 is.

    Returns:
        A tensor of the shape of x.

    Source: Barron, Squareplus: A Softplus-Like Algebraic Rectifier, 2021.

    Example:
        >>> import autograph as ag
        >>> ag.ops.nn.squareplus(ag.constant([-1.0, 0.5, 8.0])).numpy()
        array([0.618034 , 1.2807764, 8.123106 ], dtype=float32)
    """
    x = as_tensor(x)
    return (x + sqrt(x * x + b)) * 0.5
