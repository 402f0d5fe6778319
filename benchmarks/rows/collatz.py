"""How many steps a number takes to 1: a loop that the data ends, with a branch. 77031 takes 350."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.row import Row, Run, finished


def data(tiny: bool) -> np.ndarray:
    return np.array(27 if tiny else 77031, np.int32)


def with_autograph(data: np.ndarray, backend: str) -> Run:
    import autograph as ag

    @ag.function(backend=backend)
    def collatz(n: Any) -> Any:
        steps = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        return steps

    n, one = ag.constant(data), ag.constant(np.int32(1))
    return Run(lambda: collatz(n), idle=lambda: collatz(one))


def with_jax(data: np.ndarray) -> Run:
    import jax

    jnp = jax.numpy

    @jax.jit
    def collatz(n: Any) -> Any:
        def body(state: Any) -> Any:
            n, steps = state
            return jnp.where(n & 1 == 0, n >> 1, 3 * n + 1), steps + 1

        return jax.lax.while_loop(lambda state: state[0] != 1, body, (n, 0))[1]

    n, one = jnp.asarray(data), jnp.asarray(1, jnp.int32)
    return Run(lambda: collatz(n).block_until_ready(), idle=lambda: collatz(one).block_until_ready())


def with_tensorflow(data: np.ndarray) -> Run:
    import tensorflow as tf

    @tf.function
    def collatz(n: Any) -> Any:
        return tf.while_loop(
            lambda n, steps: n != 1,
            lambda n, steps: (tf.where(n % 2 == 0, n // 2, 3 * n + 1), steps + 1),
            (n, tf.constant(0)),
        )[1]

    n, one = tf.constant(data), tf.constant(1, tf.int32)
    return Run(lambda: collatz(n), idle=lambda: collatz(one))


def _in_python(n: Any) -> Any:
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def with_torch(data: np.ndarray) -> Run:
    import torch

    n, one = torch.tensor(data), torch.tensor(1)
    return Run(lambda: _in_python(n), idle=lambda: _in_python(one))


def with_numba(data: np.ndarray) -> Run:
    """Numba has no tensors: it takes a number."""
    import numba

    collatz = numba.njit(_in_python)
    n, one = int(data), 1
    return Run(lambda: collatz(n), idle=lambda: collatz(one))


def with_numpy(data: np.ndarray) -> Run:
    n, one = int(data), 1
    return Run(lambda: _in_python(n), idle=lambda: _in_python(one))


collatz = Row(
    "collatz",
    "collatz, 350 steps with a branch",
    data,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": with_jax,
        "tensorflow": with_tensorflow,
        "torch": with_torch,
        "numba": with_numba,
        "numpy": with_numpy,
    },
    tolerance=0.0,
)
