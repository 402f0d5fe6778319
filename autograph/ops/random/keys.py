"""Keys: what stateless draws take. A key gives the same numbers each time; new keys are made of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.errors import ShapeError
from autograph.ops.casts import astype
from autograph.ops.creation import asarray
from autograph.ops.joining import concat, stack
from autograph.ops.logic import bitwise_and, bitwise_or, bitwise_right_shift
from autograph.ops.random.bits import random_bits_op
from autograph.ops.shape import reshape
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import int64, uint32
from autograph.runtime.refusal import refuse
from autograph.runtime.tensor import Tensor

# The upper words of the counters that make keys; those of draws stay below, so that a key may serve for both.
_SPLIT, _FOLD = 0x80000000, 0xC0000000
_MASK = 0xFFFFFFFF


def key(seed: Any) -> Any:
    """The key of a seed.

    Args:
        seed: an int, or an integer scalar tensor.

    Returns:
        uint32 tensor [2].

    Example:
        >>> import autograph as ag
        >>> ag.random.key(7).numpy()
        array([7, 0], dtype=uint32)
    """
    return (
        stack(list(_words(seed))) if isinstance(seed, Tensor) else asarray(np.array(_int_words(int(seed)), np.uint32))
    )


def split(key: Any, num: Dim = 2) -> Any:
    """New keys made of a key, whose numbers have nothing to do with each other or with those of the key.

    Args:
        key: uint32 tensor [2].
        num: how many.

    Returns:
        uint32 tensor [num, 2].

    Example:
        >>> import autograph as ag
        >>> one, two = ag.random.split(ag.random.key(0))
        >>> bool(ag.random.uniform(key=one) == ag.random.uniform(key=two))
        False
    """
    words = apply(random_bits_op, _state(key, 0, _SPLIT), size=num * 2)
    return reshape(words, (num, 2))


def fold_in(key: Any, data: Any) -> Any:
    """A new key made of a key and a number, such as that of a step.

    Args:
        key: uint32 tensor [2].
        data: an int of 62 bits at most, or an integer scalar tensor.

    Returns:
        uint32 tensor [2].

    Example:
        >>> import autograph as ag
        >>> ag.random.fold_in(ag.random.key(0), 3).shape
        (2,)
    """
    low, high = _words(data) if isinstance(data, Tensor) else _int_words(int(data))
    high = bitwise_or(high, np.uint32(_FOLD)) if isinstance(high, Tensor) else high | _FOLD
    return apply(random_bits_op, _state(key, low, high), size=2)


def state_of_key(key: Any) -> Any:
    """The state of the stream that a key begins."""
    return _state(key, 0, 0)


def _state(key: Any, low: Any, high: Any) -> Any:
    key = key if isinstance(key, Tensor) else asarray(key)
    if key.dtype is not uint32 or key.type.shape != (2,):
        refuse(
            ShapeError,
            f"a key is a uint32 tensor of shape (2,), not {key.dtype.name} of shape {key.type.shape}",
            "make keys with ag.random.key, ag.random.split and ag.random.fold_in",
        )
    if isinstance(low, Tensor):
        return concat([key, stack([low, high])])
    return concat([key, asarray(np.array([low, high], np.uint32))])


def _int_words(number: int) -> tuple[int, int]:
    return number & _MASK, (number >> 32) & _MASK


def _words(number: Tensor) -> tuple[Any, Any]:
    wide = astype(number, int64)
    low = bitwise_and(wide, _MASK)
    return astype(low, uint32), astype(bitwise_and(bitwise_right_shift(wide, 32), _MASK), uint32)
