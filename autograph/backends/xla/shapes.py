"""Ops on XLA that move elements, and those that make them."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
from jax import lax

from autograph.backends.xla.rules import rule
from autograph.ops.random.bits import random_advance_op, random_bits_op
from autograph.runtime.dtypes import DType, uint8

Sizes = tuple[int, ...]


@rule("reshape")
def _reshape(x: Any, *, shape: Sizes) -> Any:
    return jnp.reshape(x, shape)


@rule("broadcast_to")
def _broadcast_to(x: Any, *, shape: Sizes) -> Any:
    return jnp.broadcast_to(x, shape)


@rule("permute_dims")
def _permute_dims(x: Any, *, axes: Sizes) -> Any:
    return jnp.transpose(x, axes)


@rule("concat")
def _concat(*arrays: Any, axis: int) -> Any:
    return jnp.concatenate(arrays, axis)


@rule("flip")
def _flip(x: Any, *, axes: Sizes) -> Any:
    return jnp.flip(x, axes)


@rule("pad_axis")
def _pad_axis(x: Any, *, axis: int, before: int, after: int) -> Any:
    return jnp.pad(x, [(before, after) if i == axis else (0, 0) for i in range(x.ndim)])


@rule("slice_axis")
def _slice_axis(x: Any, *, axis: int, start: int, size: int) -> Any:
    return lax.slice_in_dim(x, start, start + size, axis=axis)


@rule("view")
def _view(x: Any, *, dtype: DType) -> Any:
    """The bytes of the last axis as another dtype."""
    if x.dtype == bool:
        x = x.astype(jnp.uint8)
    if dtype.is_bool:
        return _view(x, dtype=uint8) != 0
    old, new = x.dtype.itemsize, dtype.numpy.itemsize
    if dtype.is_complex or jnp.iscomplexobj(x):
        return x.view(dtype.numpy)
    if old < new:
        x = x.reshape(*x.shape[:-1], x.shape[-1] * old // new, new // old)
    made = lax.bitcast_convert_type(x, dtype.numpy)
    return made.reshape(*made.shape[:-2], math.prod(made.shape[-2:])) if old > new else made


@rule("iota")
def _iota(*, size: int) -> Any:
    return jnp.arange(size)


@rule("full")
def _full(*, shape: Sizes, value: Any, dtype: DType) -> Any:
    return jnp.full(shape, value, dtype.numpy)


@rule("random_bits")
def _random_bits(state: Any, *, size: int) -> Any:
    assert random_bits_op.kernel is not None
    return random_bits_op.kernel(jnp, state, size=size)


@rule("random_advance")
def _random_advance(state: Any, *, size: int) -> Any:
    assert random_advance_op.kernel is not None
    return random_advance_op.kernel(jnp, state, size=size)
