"""Calls of the host from device programs, without a loss of bits.

JAX hands operands over in a thread that may not know of 64-bit types yet, and narrows them there. Therefore they travel
as numbers of 32 bits. A TPU cannot look at the bits of a float64, which it keeps as two float32: it sends these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


def called_back(
    function: Callable[..., tuple[Any, ...]], results: Sequence[Any], operands: Sequence[Any]
) -> tuple[Any, ...]:
    """What a function of NumPy arrays gives for operands of a device program.

    Args:
        function: gives one array for each result.
        results: their shapes and dtypes.
        operands: arrays that JAX traces.
    """
    dtypes = [x.dtype for x in operands]
    is_sum = lax.platform_dependent(tpu=lambda: jnp.bool_(True), default=lambda: jnp.bool_(False))

    def call(is_sum: Any, *parts: Any) -> tuple[Any, ...]:
        if jax.dtypes.canonicalize_dtype(np.int64) != np.int64:  # for what JAX does with the results in this thread
            jax.enable_x64(True).__enter__()
        given = [_joined(np.asarray(x), dtype, bool(is_sum)) for x, dtype in zip(parts, dtypes, strict=True)]
        outs = zip(function(*given), results, strict=True)
        return tuple([np.asarray(out, spec.dtype) for out, spec in outs])

    return tuple(jax.pure_callback(call, tuple(results), is_sum, *map(_parts, operands)))


def _parts(x: Any) -> Any:
    """An array of up to 32 bits as it is; others as two numbers of 32 bits each along a new last axis."""
    if x.dtype == jnp.complex128:
        return jnp.stack([_parts(jnp.real(x)), _parts(jnp.imag(x))], -1)
    if x.dtype == jnp.float64:
        return lax.platform_dependent(x, tpu=_summands, default=lambda x: lax.bitcast_convert_type(x, jnp.uint32))
    if x.dtype in (jnp.int64, jnp.uint64):
        x = x.astype(jnp.uint64)
        return jnp.stack([x.astype(jnp.uint32), (x >> jnp.uint64(32)).astype(jnp.uint32)], -1)
    return x


def _summands(x: Any) -> Any:
    """Two float32 whose sum is a TPU's float64, by their bits."""
    high = x.astype(jnp.float32)
    low = jnp.where(jnp.isfinite(high), (x - high.astype(jnp.float64)).astype(jnp.float32), 0)
    return lax.bitcast_convert_type(jnp.stack([high, low], -1), jnp.uint32)


def _joined(parts: Any, dtype: Any, is_sum: bool) -> Any:
    """The array that parts are of."""
    if dtype == np.complex128:
        real, imag = [_joined(parts[..., i], np.dtype(np.float64), is_sum) for i in range(2)]
        made = np.empty(real.shape, np.complex128)
        made.real, made.imag = real, imag
        return made
    if dtype == np.float64 and is_sum:
        return np.ascontiguousarray(parts).view(np.float32).sum(-1, dtype=np.float64)
    if dtype.itemsize == 8 and dtype != np.complex64:
        return np.ascontiguousarray(parts).view(dtype)[..., 0]
    return parts
