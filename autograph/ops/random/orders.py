"""Random orders and choices."""

from __future__ import annotations

from typing import Any

from autograph.ops.random.generators import stream_of


def permutation(x: Any, key: Any = None) -> Any:
    """A random order.

    Args:
        x: a size, for the numbers 0 … x - 1; or a tensor, for its rows.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        int64 tensor [x], or the tensor with its rows in random order.

    Example:
        >>> import autograph as ag
        >>> sorted(ag.random.permutation(3).numpy().tolist())
        [0, 1, 2]
    """
    return stream_of(key).permutation(x)


def shuffle(x: Any, key: Any = None) -> Any:
    """The rows of a tensor in random order.

    Args:
        x: tensor.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.random.shuffle(ag.ops.zeros((3, 2))).shape
        (3, 2)
    """
    return stream_of(key).permutation(x)


def choice(a: Any, shape: Any = (), replace: bool = True, p: Any = None, key: Any = None) -> Any:
    """Elements drawn from others.

    Args:
        a: a size, for the numbers 0 … a - 1; or a tensor, for its rows.
        shape: the sizes.
        replace: whether an element may be drawn again.
        p: the elements' probabilities; all equal by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape (and that of a row).

    Example:
        >>> import autograph as ag
        >>> ag.random.choice(3, (2,), p=ag.constant([0.0, 1.0, 0.0])).numpy()
        array([1, 1])

    Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006.
    """
    return stream_of(key).choice(a, shape, replace, p)
