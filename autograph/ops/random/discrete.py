"""Random numbers of discrete distributions."""

from __future__ import annotations

from typing import Any

from autograph.ops.random.generators import stream_of


def randint(shape: Any, minval: int, maxval: int, key: Any = None) -> Any:
    """Integers in [minval, maxval).

    Args:
        shape: the sizes.
        minval: the smallest.
        maxval: one more than the largest.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        int64 tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.ops.all(ag.random.randint((9,), 2, 4) >= 2))
        True
    """
    return stream_of(key).randint(shape, minval, maxval)


def bernoulli(shape: Any, p: Any = 0.5, key: Any = None) -> Any:
    """True with probability p.

    Args:
        shape: the sizes.
        p: the probability.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        bool tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.bernoulli((3,), 1.0).numpy()
        array([ True,  True,  True])
    """
    return stream_of(key).bernoulli(shape, p)


def poisson(shape: Any, lam: Any, dtype: Any = None, key: Any = None) -> Any:
    """Poisson distributed numbers.

    Args:
        shape: the sizes.
        lam: their mean.
        dtype: int64 by default.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.poisson((3,), 4.0).dtype
        ag.int64
    """
    return stream_of(key).poisson(shape, lam, dtype)


def categorical(logits: Any, num_samples: int, key: Any = None) -> Any:
    """Classes with the probabilities `softmax(logits)`.

    Args:
        logits: tensor [..., classes].
        num_samples: how many for each row.
        key: draws from this key's stream instead of the default generator's.

    Returns:
        int64 tensor [..., num_samples].

    Example:
        >>> import autograph as ag
        >>> ag.random.categorical(ag.constant([[0.0, 100.0]]), 3).numpy()
        array([[1, 1, 1]])

    Source: Gumbel, Statistical theory of extreme values, 1954 (the largest of perturbed logits).
    """
    return stream_of(key).categorical(logits, num_samples)
