"""The logistic map x ← r x (1 - x), as often as a tensor says: a loop of two dependent products.

The rate gives a cycle of four, so that roundings do not add up.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.row import Row, Run, finished

Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def data(tiny: bool) -> Data:
    return np.array(0.3, np.float32), np.array(3.5, np.float32), np.array(1_000 if tiny else 100_000, np.int32)


def with_autograph(data: Data, backend: str) -> Run:
    import autograph as ag

    @ag.function(backend=backend)
    def iterate(x: Any, rate: Any, count: Any) -> Any:
        for _ in range(count):
            x = rate * x * (1.0 - x)
        return x

    x, rate, count = map(ag.constant, data)
    return Run(lambda: iterate(x, rate, count))


def with_jax(data: Data) -> Run:
    import jax

    @jax.jit
    def iterate(x: Any, rate: Any, count: Any) -> Any:
        return jax.lax.fori_loop(0, count, lambda _, x: rate * x * (1.0 - x), x)

    x, rate, count = map(jax.numpy.asarray, data)
    return Run(lambda: iterate(x, rate, count).block_until_ready())


def with_tensorflow(data: Data) -> Run:
    import tensorflow as tf

    @tf.function
    def iterate(x: Any, rate: Any, count: Any) -> Any:
        return tf.while_loop(lambda i, x: i < count, lambda i, x: (i + 1, rate * x * (1.0 - x)), (tf.constant(0), x))[1]

    x, rate, count = map(tf.constant, data)
    return Run(lambda: iterate(x, rate, count))


def with_torch(data: Data) -> Run:
    import torch

    def iterate(x: Any, rate: Any, count: Any) -> Any:
        for _ in range(count):
            x = rate * x * (1.0 - x)
        return x

    x, rate, count = (torch.tensor(array) for array in data)
    return Run(lambda: iterate(x, rate, count))


def with_numba(data: Data) -> Run:
    """Numba has no tensors: it takes numbers."""
    import numba

    one = np.float32(1)

    @numba.njit
    def iterate(x: Any, rate: Any, count: Any) -> Any:
        for _ in range(count):
            x = rate * x * (one - x)
        return x

    x, rate, count = (array[()] for array in data)
    return Run(lambda: iterate(x, rate, count))


def with_numpy(data: Data) -> Run:
    def iterate() -> Any:
        x, rate, one = data[0][()], data[1][()], np.float32(1)
        for _ in range(int(data[2])):
            x = rate * x * (one - x)
        return x

    return Run(iterate)


logistic_map = Row(
    "logistic-map",
    "logistic map, 100,000 iterations",
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
)
