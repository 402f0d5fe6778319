"""A step of gradient descent of a dense network with relu, softmax and cross-entropy, in each framework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.row import Run, finished, on_host

RATE = 0.01


@dataclass
class Problem:
    """Batches of inputs [batch, sizes[0]] and labels [batch], and the network to begin with.

    Attributes:
        batches: inputs and labels, in turn; calls take the last, and those before come once, ahead of the first call.
        weights: matrices [sizes[i], sizes[i + 1]].
        biases: vectors [sizes[i + 1]].
    """

    batches: list[tuple[np.ndarray, np.ndarray]]
    weights: list[np.ndarray]
    biases: list[np.ndarray]

    def run(self, convert: Callable[[np.ndarray], Any], step: Callable[..., Any], parameters: Any) -> Run:
        """A Run of `step`, a function of inputs and labels; `parameters` gives the network's state."""
        batches = [tuple(map(convert, batch)) for batch in self.batches]
        return Run(
            lambda: step(*batches[-1]),
            lambda loss: [on_host(loss), *map(on_host, parameters())],
            lambda: [step(*batch) for batch in batches[:-1]],
        )


def problem(sizes: list[int], batches: list[int]) -> Problem:
    """Random inputs, labels and weights."""
    draw = np.random.default_rng(25)  # which leaves no sum so close to relu's kink that rounding decides its slope
    pairs = list(pairwise(sizes))
    return Problem(
        [
            (draw.normal(size=(n, sizes[0])).astype(np.float32), draw.integers(0, sizes[-1], n).astype(np.int32))
            for n in batches
        ],
        [(draw.normal(size=pair) / np.sqrt(pair[0])).astype(np.float32) for pair in pairs],
        [np.zeros(size, np.float32) for size in sizes[1:]],
    )


def with_autograph(data: Problem, backend: str) -> Run:
    import autograph as ag

    class Dense(ag.Module):
        def __init__(self, weights: np.ndarray, biases: np.ndarray) -> None:
            self.weights, self.biases = ag.Variable(weights), ag.Variable(biases)

        def __call__(self, x: Any) -> Any:
            return x @ self.weights + self.biases

    class Network(ag.Module):
        def __init__(self) -> None:
            self.layers = [Dense(w, b) for w, b in zip(data.weights, data.biases)]

        def __call__(self, x: Any) -> Any:
            for layer in self.layers[:-1]:
                x = ag.ops.nn.relu(layer(x))
            return self.layers[-1](x)

    network = Network()

    @ag.function(backend=backend)
    def step(x: Any, labels: Any) -> Any:
        with ag.GradientTape() as tape:
            losses = ag.ops.nn.sparse_categorical_crossentropy(labels, network(x), from_logits=True)
            loss = ag.ops.mean(losses)
        variables = network.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    return data.run(
        ag.constant,
        step,
        lambda: (
            [layer.weights.numpy() for layer in network.layers] + [layer.biases.numpy() for layer in network.layers]
        ),
    )


def with_jax(data: Problem) -> Run:
    import jax

    jnp = jax.numpy

    def loss_of(parameters: Any, x: Any, labels: Any) -> Any:
        weights, biases = parameters
        for w, b in zip(weights[:-1], biases[:-1]):
            x = jax.nn.relu(x @ w + b)
        scores = jax.nn.log_softmax(x @ weights[-1] + biases[-1])
        return -jnp.mean(jnp.sum(scores * jax.nn.one_hot(labels, scores.shape[-1]), -1))

    @partial(jax.jit, donate_argnums=0)
    def descend(parameters: Any, x: Any, labels: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, labels)
        return jax.tree.map(lambda p, g: p - RATE * g, parameters, gradients), loss

    parameters = jax.tree.map(jnp.asarray, (data.weights, data.biases))

    def step(x: Any, labels: Any) -> Any:
        nonlocal parameters
        parameters, loss = descend(parameters, x, labels)
        return loss.block_until_ready()

    return data.run(jnp.asarray, step, lambda: [*parameters[0], *parameters[1]])


def with_tensorflow(data: Problem) -> Run:
    import tensorflow as tf

    weights, biases = [[tf.Variable(array) for array in arrays] for arrays in (data.weights, data.biases)]

    @tf.function(reduce_retracing=True)
    def step(x: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            for w, b in zip(weights[:-1], biases[:-1]):
                x = tf.nn.relu(x @ w + b)
            logits = x @ weights[-1] + biases[-1]
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        variables = weights + biases
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    return data.run(tf.constant, step, lambda: weights + biases)


def with_torch(data: Problem, compiled: bool) -> Run:
    import torch

    weights, biases = [[torch.tensor(array) for array in arrays] for arrays in (data.weights, data.biases)]
    count, parameters = len(weights), weights + biases

    def loss_of(parameters: Any, x: Any, labels: Any) -> Any:
        weights, biases = parameters[:count], parameters[count:]
        for w, b in zip(weights[:-1], biases[:-1]):
            x = torch.relu(torch.addmm(b, x, w))
        return torch.nn.functional.cross_entropy(torch.addmm(biases[-1], x, weights[-1]), labels)

    def eager_step(x: Any, labels: Any) -> Any:
        loss = loss_of(parameters, x, labels)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-RATE)
        return loss.detach()

    @torch.compile
    def compiled_step(x: Any, labels: Any) -> Any:
        gradients, loss = torch.func.grad_and_value(loss_of)(parameters, x, labels)
        for parameter, gradient in zip(parameters, gradients):
            parameter.sub_(gradient, alpha=RATE)
        return loss

    if not compiled:
        for parameter in parameters:
            parameter.requires_grad_()

    def convert(array: np.ndarray) -> Any:
        return torch.tensor(array.astype(np.int64) if array.dtype == np.int32 else array)

    step = compiled_step if compiled else eager_step
    return data.run(convert, step, lambda: [p.detach() for p in parameters])


def with_numpy(data: Problem) -> Run:
    weights, biases = [[array.copy() for array in arrays] for arrays in (data.weights, data.biases)]

    def step(x: np.ndarray, labels: np.ndarray) -> Any:
        layers = [x]
        for w, b in zip(weights[:-1], biases[:-1]):
            layers.append(np.maximum(layers[-1] @ w + b, 0))
        logits = layers[-1] @ weights[-1] + biases[-1]
        shifted = logits - logits.max(-1, keepdims=True)
        scores = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
        rows = np.arange(len(labels))
        loss = -scores[rows, labels].mean()
        slope = np.exp(scores)
        slope[rows, labels] -= 1
        slope /= np.float32(len(labels))
        for i in reversed(range(len(weights))):
            steps = layers[i].T @ slope, slope.sum(0)
            slope = (slope @ weights[i].T) * (layers[i] > 0)
            weights[i] -= np.float32(RATE) * steps[0]
            biases[i] -= np.float32(RATE) * steps[1]
        return loss

    return data.run(np.asarray, step, lambda: weights + biases)


CONTESTANTS: dict[str, Callable[[Problem], Run]] = {
    "autograph": partial(with_autograph, backend="native"),
    "autograph-numpy": partial(with_autograph, backend="numpy"),
    "autograph-xla": finished(with_autograph, backend="xla"),
    "jax": with_jax,
    "tensorflow": with_tensorflow,
    "torch": partial(with_torch, compiled=False),
    "torch-compile": partial(with_torch, compiled=True),
    "numpy": with_numpy,
}
