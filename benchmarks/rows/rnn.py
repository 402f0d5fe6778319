"""A recurrent network over a sequence, its loss and the gradients of its three weights."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks.row import Row, Run, finished, on_host


class Data(NamedTuple):
    """Inputs [steps, batch, inputs] and the first state [batch, units]; weights of both, and a bias."""

    inputs: np.ndarray
    state: np.ndarray
    into: np.ndarray
    across: np.ndarray
    bias: np.ndarray


def data(tiny: bool) -> Data:
    steps, batch, inputs, units = (5, 2, 3, 4) if tiny else (100, 32, 64, 128)
    draw = np.random.default_rng(0)
    made = Data(
        draw.normal(size=(steps, batch, inputs)),
        np.zeros((batch, units)),
        draw.normal(size=(inputs, units)) / 8,
        draw.normal(size=(units, units)) / 12,
        np.zeros(units),
    )
    return Data(*[array.astype(np.float32) for array in made])


def _arrays(answer: Any) -> list[np.ndarray]:
    loss, gradients = answer
    return [on_host(loss), *map(on_host, gradients)]


def with_autograph(data: Data, backend: str) -> Run:
    import autograph as ag

    into, across, bias = map(ag.Variable, data[2:])

    @ag.function(backend=backend)
    def gradients(inputs: Any, state: Any) -> Any:
        with ag.GradientTape() as tape:
            for x in inputs:
                state = ag.ops.tanh(x @ into + state @ across + bias)
            loss = ag.ops.mean(state * state)
        return loss, tape.gradient(loss, [into, across, bias])

    operands = [ag.constant(array) for array in data[:2]]
    return Run(lambda: gradients(*operands), _arrays)


def with_jax(data: Data) -> Run:
    import jax

    jnp = jax.numpy

    def loss_of(weights: Any, inputs: Any, state: Any) -> Any:
        into, across, bias = weights
        state, _ = jax.lax.scan(lambda s, x: (jnp.tanh(x @ into + s @ across + bias), None), state, inputs)
        return jnp.mean(state * state)

    gradients = jax.jit(jax.value_and_grad(loss_of))
    inputs, state, *weights = map(jnp.asarray, data)
    return Run(lambda: jax.block_until_ready(gradients(weights, inputs, state)), _arrays)


def with_tensorflow(data: Data) -> Run:
    import tensorflow as tf

    into, across, bias = map(tf.Variable, data[2:])

    @tf.function
    def gradients(inputs: Any, state: Any) -> Any:
        with tf.GradientTape() as tape:
            state = tf.while_loop(
                lambda i, state: i < tf.shape(inputs)[0],
                lambda i, state: (i + 1, tf.tanh(inputs[i] @ into + state @ across + bias)),
                (tf.constant(0), state),
            )[1]
            loss = tf.reduce_mean(state * state)
        return loss, tape.gradient(loss, [into, across, bias])

    operands = [tf.constant(array) for array in data[:2]]
    return Run(lambda: gradients(*operands), _arrays)


def with_torch(data: Data) -> Run:
    import torch

    inputs, state = map(torch.tensor, data[:2])
    weights = [torch.tensor(array, requires_grad=True) for array in data[2:]]

    def gradients() -> Any:
        into, across, bias = weights
        s = state
        for x in inputs:
            s = torch.tanh(x @ into + s @ across + bias)
        loss = torch.mean(s * s)
        return loss.detach(), torch.autograd.grad(loss, weights)

    return Run(gradients, _arrays)


def with_numpy(data: Data) -> Run:
    inputs, state, into, across, bias = data

    def gradients() -> Any:
        states = [state]
        for x in inputs:
            states.append(np.tanh(x @ into + states[-1] @ across + bias))
        last = states[-1]
        slope = last * np.float32(2 / last.size)
        found = [np.zeros_like(into), np.zeros_like(across), np.zeros_like(bias)]
        for x, before, after in zip(inputs[::-1], states[-2::-1], states[::-1]):
            slope = slope * (1 - after * after)
            for total, part in zip(found, (x.T @ slope, before.T @ slope, slope.sum(0))):
                total += part
            slope = slope @ across.T
        return np.mean(last * last), found

    return Run(gradients, _arrays)


rnn = Row(
    "rnn",
    "RNN, 100 steps, batch 32, 64→128, gradients",
    data,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": with_jax,
        "tensorflow": with_tensorflow,
        "torch": with_torch,
        "numpy": with_numpy,
    },
)
