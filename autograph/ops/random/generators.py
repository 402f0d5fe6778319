"""Generators: streams whose state is a variable, so that staged loops draw new numbers every trip and every call."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograph.ops.random.bits import random_advance_op, random_bits_op
from autograph.ops.random.keys import key as new_key
from autograph.ops.random.streams import KeyStream, Stream
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim
from autograph.runtime.dtypes import uint32
from autograph.runtime.variable import Variable


class Generator(Stream):
    """A stream of random numbers, whose state is a variable.

    It has a method for each function of `ag.random` that draws, with the same arguments but for `key`.

    Args:
        seed: where the stream begins, an int.

    Example:
        >>> import autograph as ag
        >>> a, b = ag.random.Generator(7), ag.random.Generator(7)
        >>> bool((a.uniform((3,)).numpy() == b.uniform((3,)).numpy()).all())
        True
    """

    def __init__(self, seed: int) -> None:
        self.state = Variable(_seed_state(seed), trainable=False, name="random_state", dtype=uint32)

    def reset(self, seed: int) -> None:
        """Begins the stream of another seed."""
        self.state.assign(_seed_state(seed))

    def bits(self, size: Dim) -> Any:
        """The next `size` words of 32 random bits."""
        state = self.state.value()
        words = apply(random_bits_op, state, size=size)
        self.state.assign(apply(random_advance_op, state, size=size))
        return words

    def key(self) -> Any:
        """A new key for stateless draws, uint32 [2]."""
        return self.bits(2)

    def shuffle(self, x: Any) -> Any:
        """The rows of a tensor in random order."""
        return self.permutation(x)


def _seed_state(seed: int) -> Any:
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, 0, 0], np.uint32)


_default = Generator(0)


def set_seed(seed: int) -> None:
    """Makes the default generator begin the stream of a seed.

    Args:
        seed: an int.

    Example:
        >>> import autograph as ag
        >>> ag.random.set_seed(1)
    """
    _default.reset(seed)


def stream_of(key: Any) -> Stream:
    """The stream of a key; the default generator without one."""
    return _default if key is None else KeyStream(key)


def stream_of_seed(seed: Any) -> Stream:
    """The stream that a `seed=` argument asks for: a generator's, that of a key or an int, or the default one."""
    if isinstance(seed, Stream):
        return seed
    return stream_of(new_key(seed) if type(seed) is int else seed)
