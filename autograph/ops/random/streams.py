"""Streams of random words, and the distributions made of them: of a generator's state, or of a key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograph.errors import DTypeError, ShapeError
from autograph.ops.arithmetic import abs as absolute
from autograph.ops.arithmetic import add, maximum, multiply, negative, subtract
from autograph.ops.arithmetic import sign as sign_of
from autograph.ops.broadcasting import broadcast_to
from autograph.ops.casts import astype
from autograph.ops.comparison import less
from autograph.ops.exponential import log, log1p, sqrt
from autograph.ops.extents import dims_of_shape, shape_of
from autograph.ops.indexing import getitem
from autograph.ops.logic import bitwise_right_shift
from autograph.ops.random.bits import random_advance_op, random_bits_op
from autograph.ops.random.keys import state_of_key
from autograph.ops.random.quantiles import beta_quantile_op, gamma_quantile_op, poisson_quantile_op
from autograph.ops.rounding import floor
from autograph.ops.rules import rank_of
from autograph.ops.searching import argmax
from autograph.ops.shape import reshape
from autograph.ops.sorting import argsort
from autograph.ops.special import ndtr, ndtri
from autograph.ops.trigonometry import cos
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, num_elements
from autograph.runtime.dtypes import DEFAULT_FLOAT, DType, as_dtype, float64, int64
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable


class Stream:
    """A stream of random words; what it draws next depends on what has been drawn."""

    def bits(self, size: Dim) -> Any:
        """The next `size` words of 32 random bits."""
        raise NotImplementedError

    def uniform(self, shape: Any = (), minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None) -> Any:
        """Numbers evenly spread in [minval, maxval); see `ag.random.uniform`."""
        dims, wanted = dims_of_shape(shape), _float(dtype)
        unit = reshape(_unit(self.bits(num_elements(dims) * (2 if wanted is float64 else 1)), wanted), dims)
        return add(multiply(unit, subtract(maxval, minval)), minval)

    def normal(self, shape: Any = (), mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None) -> Any:
        """Normally distributed numbers; see `ag.random.normal`."""
        wanted = _float(dtype)
        first, second = self.uniform(shape, dtype=wanted), self.uniform(shape, dtype=wanted)
        # Source: Box and Muller, A note on the generation of random normal deviates, 1958.
        radius = sqrt(multiply(log(maximum(subtract(1.0, first), 1e-45 if wanted is float64 else 1e-38)), -2.0))
        return add(multiply(multiply(radius, cos(multiply(second, 2 * math.pi))), stddev), mean)

    def truncated_normal(
        self,
        shape: Any = (),
        mean: Any = 0.0,
        stddev: Any = 1.0,
        lower: Any = -2.0,
        upper: Any = 2.0,
        dtype: Any = None,
    ) -> Any:
        """Normally distributed numbers within bounds; see `ag.random.truncated_normal`."""
        wanted = _float(dtype)
        low, high = ndtr(_wide(lower)), ndtr(_wide(upper))
        unit = add(multiply(self._open(shape), subtract(high, low)), low)
        bounded = maximum(negative(maximum(negative(ndtri(unit)), negative(_wide(upper)))), _wide(lower))
        return add(multiply(astype(bounded, wanted), stddev), mean)

    def exponential(self, shape: Any = (), scale: Any = 1.0, dtype: Any = None) -> Any:
        """Exponentially distributed numbers; see `ag.random.exponential`."""
        return multiply(negative(log1p(negative(self.uniform(shape, dtype=dtype)))), scale)

    def gumbel(self, shape: Any = (), loc: Any = 0.0, scale: Any = 1.0, dtype: Any = None) -> Any:
        """Gumbel distributed numbers; see `ag.random.gumbel`."""
        return add(multiply(self._gumbel(shape, _float(dtype)), scale), loc)

    def _gumbel(self, shape: Any, dtype: DType) -> Any:
        return astype(negative(log(negative(log(self._open(shape))))), dtype)

    def laplace(self, shape: Any = (), loc: Any = 0.0, scale: Any = 1.0, dtype: Any = None) -> Any:
        """Laplace distributed numbers; see `ag.random.laplace`."""
        centred = subtract(self._open(shape), 0.5)
        tail = multiply(negative(sign_of(centred)), log1p(multiply(absolute(centred), -2.0)))
        return add(multiply(astype(tail, _float(dtype)), scale), loc)

    def gamma(self, shape: Any = (), alpha: Any = 1.0, beta: Any = 1.0, dtype: Any = None) -> Any:
        """Gamma distributed numbers; see `ag.random.gamma`."""
        drawn = apply(gamma_quantile_op, broadcast_to(_wide(alpha), dims_of_shape(shape)), self._open(shape))
        return multiply(astype(drawn, _float(dtype)), 1.0 / beta if isinstance(beta, int | float) else 1 / beta)

    def beta(self, shape: Any, a: Any, b: Any, dtype: Any = None) -> Any:
        """Beta distributed numbers; see `ag.random.beta`."""
        return astype(apply(beta_quantile_op, _wide(a), _wide(b), self._open(shape)), _float(dtype))

    def poisson(self, shape: Any, lam: Any, dtype: Any = None) -> Any:
        """Poisson distributed numbers; see `ag.random.poisson`."""
        drawn = apply(poisson_quantile_op, _wide(lam), self._open(shape))
        return astype(drawn, int64 if dtype is None else as_dtype(dtype))

    def bernoulli(self, shape: Any, p: Any = 0.5) -> Any:
        """True with a probability; see `ag.random.bernoulli`."""
        return less(self.uniform(shape), p)

    def randint(self, shape: Any, minval: int, maxval: int) -> Any:
        """Integers in [minval, maxval); see `ag.random.randint`."""
        if isinstance(minval, int) and isinstance(maxval, int) and not 0 < maxval - minval <= 2**53:
            refuse(
                ShapeError,
                f"randint has no integers in [{minval}, {maxval})",
                "give 2**53 integers at most, 1 at least",
            )
        spread = self.uniform(shape, 0.0, 1.0, float64)
        span = float(maxval - minval) if isinstance(maxval, int) and isinstance(minval, int) else maxval - minval
        return add(astype(floor(multiply(spread, span)), int64), minval)

    def categorical(self, logits: Any, num_samples: Dim) -> Any:
        """Classes with the probabilities of logits; see `ag.random.categorical`."""
        if not rank_of(logits):
            refuse(ShapeError, "categorical of logits without dimensions", "give [..., classes]")
        *rows, classes = shape_of(logits)
        noise = self._gumbel((*rows, num_samples, classes), float64)
        return argmax(add(reshape(logits, (*rows, 1, classes)), noise), -1)

    def permutation(self, x: Any) -> Any:
        """A random order; see `ag.random.permutation`."""
        rows = shape_of(x)[0] if _has_rows(x) else dims_of_shape(x)[0]
        order = argsort(self.bits(rows))
        return getitem(x, order) if _has_rows(x) else order

    def choice(self, a: Any, shape: Any = (), replace: bool = True, p: Any = None) -> Any:
        """Elements drawn from others; see `ag.random.choice`."""
        dims = dims_of_shape(shape)
        size, count = (shape_of(a)[0] if _has_rows(a) else a), num_elements(dims)
        if p is not None:
            _require_probabilities(p, size)
        if replace:
            picked = self._drawn(size, count, p)
        else:
            if isinstance(size, int) and isinstance(count, int) and count > size:
                refuse(ShapeError, f"choice of {count} from {size} without replacement", "pass replace=True, or fewer")
            order = self.permutation(size) if p is None else self._weighted_order(size, p)
            picked = getitem(order, slice(0, count))
        picked = reshape(picked, dims)
        return getitem(a, picked) if _has_rows(a) else picked

    def _drawn(self, size: Dim, count: Dim, p: Any) -> Any:
        if p is None:
            spread = self.uniform((count,), dtype=float64)
            return astype(
                floor(multiply(spread, astype(size, float64) if isinstance(size, Tensor) else float(size))), int64
            )
        return self.categorical(_logs(p), count)

    def _weighted_order(self, size: Dim, p: Any) -> Any:
        # Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006, in logarithms.
        return argsort(add(_logs(p), self._gumbel((size,), float64)), descending=True)

    def _open(self, shape: Any) -> Any:
        """Numbers evenly spread in (0, 1), in float64."""
        return add(self.uniform(shape, 0.0, 1.0, float64), 2.0**-54)


class KeyStream(Stream):
    """The stream that a key begins; it lives for one draw."""

    def __init__(self, key: Any) -> None:
        self._state = state_of_key(key)

    def bits(self, size: Dim) -> Any:
        words = apply(random_bits_op, self._state, size=size)
        self._state = apply(random_advance_op, self._state, size=size)
        return words


def _float(dtype: Any) -> DType:
    wanted = DEFAULT_FLOAT if dtype is None else as_dtype(dtype)
    if not wanted.is_inexact or wanted.is_complex:
        refuse(DTypeError, f"random numbers of dtype {wanted.name}", "ask for a float dtype")
    return wanted


def _require_probabilities(p: Any, size: Any) -> None:
    """Refuses others than one for each element."""
    shape = shape_of(_wide(p))
    if len(shape) != 1:
        refuse(ShapeError, f"choice with probabilities of shape {shape}", "give one for each element")
    if not isinstance(size, Tensor):
        require_equal(shape[0], size, f"choice from {size} elements with {shape[0]} probabilities", "give one for each")


def _logs(p: Any) -> Any:
    """Logarithms of probabilities, those of none so low that they are never drawn."""
    return log(maximum(_wide(p), float(np.finfo(np.float64).tiny)))


def _wide(x: Any) -> Any:
    """A parameter in float64, in which quantile functions compute."""
    return astype(x, float64) if isinstance(x, Tensor | Variable) else np.asarray(x, np.float64)


def _has_rows(x: Any) -> bool:
    return isinstance(x, Tensor | Variable | np.ndarray) and rank_of(x) > 0


def _unit(words: Any, dtype: DType) -> Any:
    """Random words as floats in [0, 1): 24 bits for float32, 53 for float64."""
    if dtype is not float64:
        return astype(multiply(astype(bitwise_right_shift(words, 8), DEFAULT_FLOAT), 2.0**-24), dtype)
    pairs = reshape(words, (-1, 2))
    high = astype(bitwise_right_shift(getitem(pairs, (slice(None), 0)), 5), float64)
    low = astype(bitwise_right_shift(getitem(pairs, (slice(None), 1)), 6), float64)
    return multiply(add(multiply(high, 67108864.0), low), 2.0**-53)
