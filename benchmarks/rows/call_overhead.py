"""What a call costs beside its work: the sum of two float32 scalars."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.row import Row, Run, finished

Data = tuple[np.ndarray, np.ndarray]


def data(tiny: bool) -> Data:
    return np.array(1.5, np.float32), np.array(2.25, np.float32)


def with_autograph(data: Data, backend: str) -> Run:
    import autograph as ag

    @ag.function(backend=backend)
    def add(x: Any, y: Any) -> Any:
        return x + y

    x, y = map(ag.constant, data)
    return Run(lambda: add(x, y))


def with_jax(data: Data) -> Run:
    import jax

    add = jax.jit(lambda x, y: x + y)
    x, y = map(jax.numpy.asarray, data)
    return Run(lambda: add(x, y).block_until_ready())


def with_tensorflow(data: Data) -> Run:
    import tensorflow as tf

    add = tf.function(lambda x, y: x + y)
    x, y = map(tf.constant, data)
    return Run(lambda: add(x, y))


def with_torch(data: Data) -> Run:
    import torch

    @torch.compile
    def add(x: Any, y: Any) -> Any:
        return x + y

    x, y = map(torch.tensor, data)
    return Run(lambda: add(x, y))


def with_numba(data: Data) -> Run:
    """Numba has no tensors: it adds two numbers."""
    import numba

    add = numba.njit(lambda x, y: x + y)
    x, y = (array[()] for array in data)
    return Run(lambda: add(x, y))


def with_numpy(data: Data) -> Run:
    x, y = data
    return Run(lambda: x + y)


call_overhead = Row(
    "call-overhead",
    "call overhead, one scalar op",
    data,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": with_jax,
        "tensorflow": with_tensorflow,
        "torch-compile": with_torch,
        "numba": with_numba,
        "numpy": with_numpy,
    },
)
