"""A whole epoch of a small dense network: 200 batches that are there as one tensor, one step of descent for each.

AutoGraph and TensorFlow run the loop over batches inside their function; JAX does so with a scan that is written by
hand, and as `jax-steps` with a Python loop that calls a compiled step, as is usual.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.row import Row, Run, finished, on_host

RATE = 0.05


@dataclass
class Problem:
    """Batches of inputs [batches, batch, sizes[0]] and targets [batches, batch, sizes[-1]], and the network.

    Attributes:
        weights: matrices and biases, in turn.
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: list[np.ndarray]

    def run(self, epoch: Callable[[], Any], weights: Callable[[], Any]) -> Run:
        """A Run of `epoch`; the sum of the losses and the weights are compared."""
        return Run(epoch, lambda loss: [on_host(loss), *map(on_host, weights())])


def data(tiny: bool) -> Problem:
    """Random inputs, targets and weights."""
    count, batch, sizes = (4, 3, [4, 6, 3]) if tiny else (200, 32, [32, 64, 64, 10])
    draw = np.random.default_rng(5)
    weights: list[np.ndarray] = []
    for rows, columns in pairwise(sizes):
        weights += [draw.normal(size=(rows, columns)) / np.sqrt(rows), np.zeros(columns)]
    inputs, targets = (draw.normal(size=(count, batch, size)).astype(np.float32) for size in (sizes[0], sizes[-1]))
    return Problem(inputs, targets, [weight.astype(np.float32) for weight in weights])


def _network(x: Any, weights: Any, tanh: Callable[[Any], Any]) -> Any:
    for place in range(0, len(weights) - 2, 2):
        x = tanh(x @ weights[place] + weights[place + 1])
    return x @ weights[-2] + weights[-1]


def with_autograph(data: Problem, backend: str) -> Run:
    import autograph as ag

    ops = ag.ops
    variables = [ag.Variable(array) for array in data.weights]

    @ag.function(backend=backend)
    def epoch(inputs: Any, targets: Any) -> Any:
        total = 0.0
        for x, y in zip(inputs, targets):
            with ag.GradientTape() as tape:
                loss = ops.mean((_network(x, variables, ops.tanh) - y) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(RATE * gradient)
            total += loss
        return total

    inputs, targets = ag.constant(data.inputs), ag.constant(data.targets)
    return data.run(lambda: epoch(inputs, targets), lambda: variables)


def with_jax(data: Problem, scanned: bool) -> Run:
    import jax

    jnp = jax.numpy

    def loss_of(weights: Any, x: Any, y: Any) -> Any:
        return jnp.mean((_network(x, weights, jnp.tanh) - y) ** 2)

    def descend(weights: Any, x: Any, y: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return [w - RATE * g for w, g in zip(weights, gradients)], loss

    @partial(jax.jit, donate_argnums=0)
    def scan(weights: Any, inputs: Any, targets: Any) -> Any:
        weights, losses = jax.lax.scan(lambda weights, batch: descend(weights, *batch), weights, (inputs, targets))
        return weights, jnp.sum(losses)

    step = jax.jit(descend, donate_argnums=0)
    weights, inputs, targets = jax.tree.map(jnp.asarray, (data.weights, data.inputs, data.targets))
    batches = list(zip(inputs, targets))

    def with_scan() -> Any:
        nonlocal weights
        weights, total = scan(weights, inputs, targets)
        return total.block_until_ready()

    def with_steps() -> Any:
        nonlocal weights
        total = 0.0
        for x, y in batches:
            weights, loss = step(weights, x, y)
            total = total + loss
        return jax.block_until_ready(total)

    return data.run(with_scan if scanned else with_steps, lambda: weights)


def with_tensorflow(data: Problem) -> Run:
    import tensorflow as tf

    variables = list(map(tf.Variable, data.weights))

    @tf.function
    def epoch(inputs: Any, targets: Any) -> Any:
        total = tf.constant(0.0)
        for i in tf.range(tf.shape(inputs)[0]):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((_network(inputs[i], variables, tf.tanh) - targets[i]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(RATE * gradient)
            total += loss
        return total

    inputs, targets = tf.constant(data.inputs), tf.constant(data.targets)
    return data.run(lambda: epoch(inputs, targets), lambda: variables)


def with_torch(data: Problem, compiled: bool) -> Run:
    import torch

    weights = [torch.tensor(array) for array in data.weights]
    batches = list(zip(torch.tensor(data.inputs), torch.tensor(data.targets)))

    def loss_of(weights: Any, x: Any, y: Any) -> Any:
        return torch.mean((_network(x, weights, torch.tanh) - y) ** 2)

    def eager_step(x: Any, y: Any) -> Any:
        loss = loss_of(weights, x, y)
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            torch._foreach_add_(weights, gradients, alpha=-RATE)
        return loss.detach()

    @torch.compile
    def compiled_step(x: Any, y: Any) -> Any:
        gradients, loss = torch.func.grad_and_value(loss_of)(weights, x, y)
        for weight, gradient in zip(weights, gradients):
            weight.sub_(gradient, alpha=RATE)
        return loss

    if not compiled:
        weights = [weight.requires_grad_() for weight in weights]
    step = compiled_step if compiled else eager_step
    return data.run(lambda: sum(step(x, y) for x, y in batches), lambda: weights)


def with_numpy(data: Problem) -> Run:
    weights = [array.copy() for array in data.weights]

    def step(x: np.ndarray, y: np.ndarray) -> Any:
        layers = [x]
        for place in range(0, len(weights) - 2, 2):
            layers.append(np.tanh(layers[-1] @ weights[place] + weights[place + 1]))
        difference = layers[-1] @ weights[-2] + weights[-1] - y
        slope = difference * np.float32(2 / difference.size)
        for place in reversed(range(0, len(weights), 2)):
            layer = layers[place // 2]
            slopes = layer.T @ slope, slope.sum(0)
            slope = (slope @ weights[place].T) * (1 - layer * layer)
            for weight, found in zip(weights[place : place + 2], slopes):
                weight -= np.float32(RATE) * found
        return np.mean(difference * difference)

    return data.run(lambda: sum(map(step, data.inputs, data.targets)), lambda: weights)


epoch = Row(
    "epoch",
    "an epoch: MLP 32-64-64-10, 200 batches of 32, SGD",
    data,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": partial(with_jax, scanned=True),
        "jax-steps": partial(with_jax, scanned=False),
        "tensorflow": with_tensorflow,
        "torch": partial(with_torch, compiled=False),
        "torch-compile": partial(with_torch, compiled=True),
        "numpy": with_numpy,
    },
    checked=2,
)
