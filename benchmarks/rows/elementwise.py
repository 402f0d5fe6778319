"""A chain of elementwise functions over a vector: one pass over memory when it is fused."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.row import Row, Run, finished


def data(tiny: bool) -> np.ndarray:
    return np.random.default_rng(0).normal(size=1_000 if tiny else 1_000_000).astype(np.float32)


def with_autograph(data: np.ndarray, backend: str) -> Run:
    import autograph as ag

    ops = ag.ops

    @ag.function(backend=backend)
    def chain(x: Any) -> Any:
        return ops.tanh(ops.sqrt(x * x + 1.0) * 0.5) + ops.exp(-x * x)

    x = ag.constant(data)
    return Run(lambda: chain(x))


def with_jax(data: np.ndarray) -> Run:
    import jax

    jnp = jax.numpy
    chain = jax.jit(lambda x: jnp.tanh(jnp.sqrt(x * x + 1.0) * 0.5) + jnp.exp(-x * x))
    x = jnp.asarray(data)
    return Run(lambda: chain(x).block_until_ready())


def with_tensorflow(data: np.ndarray) -> Run:
    import tensorflow as tf

    chain = tf.function(lambda x: tf.tanh(tf.sqrt(x * x + 1.0) * 0.5) + tf.exp(-x * x))
    x = tf.constant(data)
    return Run(lambda: chain(x))


def with_torch(data: np.ndarray, compiled: bool) -> Run:
    import torch

    def chain(x: Any) -> Any:
        return torch.tanh(torch.sqrt(x * x + 1.0) * 0.5) + torch.exp(-x * x)

    chosen = torch.compile(chain) if compiled else chain
    x = torch.tensor(data)
    return Run(lambda: chosen(x))


def with_numba(data: np.ndarray) -> Run:
    import numba

    one, half = np.float32(1), np.float32(0.5)

    @numba.njit(parallel=True, error_model="numpy")
    def chain(x: Any) -> Any:
        return np.tanh(np.sqrt(x * x + one) * half) + np.exp(-x * x)

    return Run(lambda: chain(data))


def with_numpy(data: np.ndarray) -> Run:
    x = data
    return Run(lambda: np.tanh(np.sqrt(x * x + 1.0) * 0.5) + np.exp(-x * x))


elementwise = Row(
    "elementwise",
    "elementwise chain on 1,000,000 floats",
    data,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": with_jax,
        "tensorflow": with_tensorflow,
        "torch": partial(with_torch, compiled=False),
        "torch-compile": partial(with_torch, compiled=True),
        "numba": with_numba,
        "numpy": with_numpy,
    },
    tolerance=1e-6,
)
