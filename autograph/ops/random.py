"""Random numbers from a counter-based generator: the same key gives the same numbers on every backend.

The functions draw from a default generator whose state is a variable, so a staged loop draws new numbers every trip
and every call.

Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (Threefry-2x32, 20 rounds), 2011.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograph.ops.arithmetic import add, maximum, multiply, subtract
from autograph.ops.casts import astype
from autograph.ops.exponential import log, sqrt
from autograph.ops.extents import dims_of_shape, shape_of
from autograph.ops.indexing import getitem
from autograph.ops.logic import bitwise_right_shift
from autograph.ops.rounding import floor
from autograph.ops.shape import reshape
from autograph.ops.sorting import argsort
from autograph.ops.trigonometry import cos
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, num_elements
from autograph.runtime.dtypes import DEFAULT_FLOAT, as_dtype, float64, int64, uint32
from autograph.runtime.op import NOT_DIFFERENTIABLE, Kind, Op
from autograph.runtime.tensor import Tensor
from autograph.runtime.types import TensorType
from autograph.runtime.variable import Variable

__all__ = ["Generator", "bernoulli", "normal", "permutation", "randint", "set_seed", "shuffle", "uniform"]

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def threefry(key: Any, counters: Any) -> Any:
    """Threefry-2x32 of 64-bit counters: two words of 32 random bits each.

    Args:
        key: uint32 array [2].
        counters: uint32 array [2, n].

    Returns:
        uint32 array [2, n].
    """
    k0, k1 = np.uint32(key[0]), np.uint32(key[1])
    keys = (k0, k1, k0 ^ k1 ^ np.uint32(0x1BD11BDA))
    with np.errstate(over="ignore"):
        x0, x1 = counters[0] + keys[0], counters[1] + keys[1]
        for group in range(5):
            for rotation in _ROTATIONS[group % 2]:
                x0 = x0 + x1
                x1 = ((x1 << np.uint32(rotation)) | (x1 >> np.uint32(32 - rotation))) ^ x0
            x0 = x0 + keys[(group + 1) % 3]
            x1 = x1 + keys[(group + 2) % 3] + np.uint32(group + 1)
    return np.stack([x0, x1])


def _bits_type(state: TensorType, *, size: Dim) -> TensorType:
    return TensorType(uint32, (size,))


def _bits_kernel(xp: Any, state: Any, *, size: int) -> Any:
    pairs = (size + 1) // 2
    index = np.arange(pairs, dtype=np.uint64) + (np.uint64(state[2]) | (np.uint64(state[3]) << np.uint64(32)))
    counters = np.stack([(index & np.uint64(0xFFFFFFFF)).astype(np.uint32), (index >> np.uint64(32)).astype(np.uint32)])
    return threefry(state[:2], counters).T.reshape(-1)[:size].astype(np.uint32)


# Random words for a state (key, counter), uint32[4].
random_bits_op = Op("random_bits", kind=Kind.RANDOM, infer=_bits_type, kernel=_bits_kernel, vjp=NOT_DIFFERENTIABLE)


def _advance_kernel(xp: Any, state: Any, *, size: int) -> Any:
    counter = (int(state[2]) | (int(state[3]) << 32)) + (size + 1) // 2
    return np.array([state[0], state[1], counter & 0xFFFFFFFF, (counter >> 32) & 0xFFFFFFFF], np.uint32)


random_advance_op = Op(
    "random_advance",
    kind=Kind.RANDOM,
    infer=lambda state, *, size: state,
    kernel=_advance_kernel,
    vjp=NOT_DIFFERENTIABLE,
)


class Generator:
    """A stream of random numbers, whose state is a variable.

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

    def uniform(self, shape: Any = (), minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None) -> Any:
        """Numbers evenly spread in [minval, maxval); see `ag.random.uniform`."""
        dims = dims_of_shape(shape)
        wanted = as_dtype(dtype) if dtype is not None else DEFAULT_FLOAT
        unit = reshape(_unit(self.bits(_words(dims, wanted)), wanted), dims)
        return add(multiply(unit, subtract(maxval, minval)), minval)

    def normal(self, shape: Any = (), mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None) -> Any:
        """Normally distributed numbers; see `ag.random.normal`."""
        wanted = as_dtype(dtype) if dtype is not None else DEFAULT_FLOAT
        first, second = self.uniform(shape, dtype=wanted), self.uniform(shape, dtype=wanted)
        # Source: Box and Muller, A note on the generation of random normal deviates, 1958.
        radius = sqrt(multiply(log(maximum(subtract(1.0, first), 1e-45 if wanted is float64 else 1e-38)), -2.0))
        return add(multiply(multiply(radius, cos(multiply(second, 2 * math.pi))), stddev), mean)

    def randint(self, shape: Any, minval: int, maxval: int) -> Any:
        """Integers in [minval, maxval); see `ag.random.randint`."""
        spread = self.uniform(shape, 0.0, 1.0, float64)
        return add(astype(floor(multiply(spread, float(maxval - minval))), int64), minval)

    def permutation(self, x: Any) -> Any:
        """A random order; see `ag.random.permutation`."""
        rows = (
            shape_of(x)[0]
            if isinstance(x, Tensor | Variable | np.ndarray) and len(shape_of(x))
            else dims_of_shape(x)[0]
        )
        order = argsort(self.bits(rows))
        return order if not (isinstance(x, Tensor | Variable | np.ndarray) and len(shape_of(x))) else getitem(x, order)


def _seed_state(seed: int) -> Any:
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, 0, 0], np.uint32)


def _words(dims: tuple[Dim, ...], dtype: Any) -> Dim:
    return num_elements(dims) * (2 if dtype is float64 else 1)


def _unit(words: Any, dtype: Any) -> Any:
    """Random words as floats in [0, 1): 24 bits for float32, 53 for float64."""
    if dtype is not float64:
        return astype(multiply(astype(bitwise_right_shift(words, 8), DEFAULT_FLOAT), 2.0**-24), dtype)
    pairs = reshape(words, (-1, 2))
    high = astype(bitwise_right_shift(getitem(pairs, (slice(None), 0)), 5), float64)
    low = astype(bitwise_right_shift(getitem(pairs, (slice(None), 1)), 6), float64)
    return multiply(add(multiply(high, 67108864.0), low), 2.0**-53)


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


def uniform(shape: Any = (), minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None) -> Any:
    """Numbers evenly spread in [minval, maxval), from the default generator.

    Args:
        shape: the sizes.
        minval: the lower end.
        maxval: the upper end.
        dtype: float32 by default.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.uniform((2, 3)).shape
        (2, 3)
    """
    return _default.uniform(shape, minval, maxval, dtype)


def normal(shape: Any = (), mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None) -> Any:
    """Normally distributed numbers, from the default generator.

    Args:
        shape: the sizes.
        mean: their mean.
        stddev: their standard deviation.
        dtype: float32 by default.

    Returns:
        A tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.normal((2, 3)).dtype
        ag.float32
    """
    return _default.normal(shape, mean, stddev, dtype)


def randint(shape: Any, minval: int, maxval: int) -> Any:
    """Integers in [minval, maxval), from the default generator.

    Args:
        shape: the sizes.
        minval: the smallest.
        maxval: one more than the largest.

    Returns:
        int64 tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> bool(ag.ops.all(ag.random.randint((9,), 2, 4) >= 2))
        True
    """
    return _default.randint(shape, minval, maxval)


def bernoulli(shape: Any, p: Any = 0.5) -> Any:
    """True with probability p, from the default generator.

    Args:
        shape: the sizes.
        p: the probability.

    Returns:
        bool tensor of that shape.

    Example:
        >>> import autograph as ag
        >>> ag.random.bernoulli((3,), 1.0).numpy()
        array([ True,  True,  True])
    """
    return _default.uniform(shape) < p


def permutation(x: Any) -> Any:
    """A random order, from the default generator.

    Args:
        x: a size, for the numbers 0 … x - 1; or a tensor, for its rows.

    Returns:
        int64 tensor [x], or the tensor with its rows in random order.

    Example:
        >>> import autograph as ag
        >>> sorted(ag.random.permutation(3).numpy().tolist())
        [0, 1, 2]
    """
    return _default.permutation(x)


def shuffle(x: Any) -> Any:
    """The rows of a tensor in random order, from the default generator.

    Args:
        x: tensor.

    Returns:
        A tensor of the shape of x.

    Example:
        >>> import autograph as ag
        >>> ag.random.shuffle(ag.ops.zeros((3, 2))).shape
        (3, 2)
    """
    return _default.permutation(x)
