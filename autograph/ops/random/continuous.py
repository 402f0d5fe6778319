"""Random numbers of continuous distributions."""

from __future__ import annotations

from typing import Any

from autograph.ops.random.generators import stream_of


def uniform(shape: Any = (), minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Numbers evenly spread in [minval, maxval).

    Args:
        shape: the sizes.
        minval: the lower end.
        maxval: the upper end.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.uniform((2, 3)).shape
        (2, 3)
    """
    return stream_of(key).uniform(shape, minval, maxval, dtype)


def normal(shape: Any = (), mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Normally distributed numbers.

    Args:
        shape: the sizes.
        mean: their mean.
        stddev: their standard deviation.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.normal((2, 3)).dtype
        ag.float32

    Source: Box and Muller, A note on the generation of random normal deviates, 1958.
    """
    return stream_of(key).normal(shape, mean, stddev, dtype)


def truncated_normal(
    shape: Any = (),
    mean: Any = 0.0,
    stddev: Any = 1.0,
    lower: Any = -2.0,
    upper: Any = 2.0,
    dtype: Any = None,
    key: Any = None,
) -> Any:
    """Normally distributed numbers, of which those beyond bounds are left out.

    Args:
        shape: the sizes.
        mean: the mean before that.
        stddev: the standard deviation before that.
        lower: the lower bound, in standard deviations from the mean.
        upper: the upper bound.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.ops.all(ag.ops.abs(ag.random.truncated_normal((99,))) <= 2))
        True
    """
    return stream_of(key).truncated_normal(shape, mean, stddev, lower, upper, dtype)


def exponential(shape: Any = (), scale: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Exponentially distributed numbers.

    Args:
        shape: the sizes.
        scale: their mean.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.ops.all(ag.random.exponential((9,)) >= 0))
        True
    """
    return stream_of(key).exponential(shape, scale, dtype)


def gumbel(shape: Any = (), loc: Any = 0.0, scale: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Gumbel distributed numbers.

    Args:
        shape: the sizes.
        loc: the mode.
        scale: the scale.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.gumbel((3,)).shape
        (3,)
    """
    return stream_of(key).gumbel(shape, loc, scale, dtype)


def laplace(shape: Any = (), loc: Any = 0.0, scale: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Laplace distributed numbers.

    Args:
        shape: the sizes.
        loc: the mean.
        scale: the mean distance from it.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.laplace((3,)).shape
        (3,)
    """
    return stream_of(key).laplace(shape, loc, scale, dtype)


def gamma(shape: Any = (), alpha: Any = 1.0, beta: Any = 1.0, dtype: Any = None, key: Any = None) -> Any:
    """Gamma distributed numbers. They have a gradient by `beta`, none by `alpha`.

    Args:
        shape: the sizes.
        alpha: the shape parameter, above 0; it broadcasts to the sizes.
        beta: the rate.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.ops.all(ag.random.gamma((9,), 2.0) > 0))
        True
    """
    return stream_of(key).gamma(shape, alpha, beta, dtype)


def beta(shape: Any, a: Any, b: Any, dtype: Any = None, key: Any = None) -> Any:
    """Beta distributed numbers.

    Args:
        shape: the sizes.
        a: the first shape parameter, above 0.
        b: the second.
        dtype: float32 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.random.beta((), 2.0, 3.0) < 1)
        True
    """
    return stream_of(key).beta(shape, a, b, dtype)
