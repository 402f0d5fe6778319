"""A training step of a residual block: two 3×3 convolutions with normalisation over the batch, and what went in added.

A matrix of means makes scores of it, and the loss is their distance from targets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.jax_descent import descent
from benchmarks.row import Row, Run, finished, on_host
from benchmarks.rows.cnn import windows_of

RATE = 0.5
EPSILON = 1e-5


@dataclass
class Problem:
    """Images [batch, size, size, channels], targets of the same shape, and the weights.

    Attributes:
        weights: twice a kernel [3, 3, channels, channels], and a scale and a shift for each channel.
    """

    images: np.ndarray
    target: np.ndarray
    weights: list[np.ndarray]

    def run(self, step: Callable[[], Any], weights: Callable[[], Any]) -> Run:
        """A Run of `step`; what it has changed the weights by is compared."""

        def results(loss: Any) -> list[Any]:
            return [on_host(loss), *[on_host(new) - old for new, old in zip(weights(), self.weights)]]

        return Run(step, results)


def problem(tiny: bool, batch: int = 16, size: int = 56, channels: int = 64) -> Problem:
    """Random images, targets and weights."""
    if tiny:
        batch, size, channels = 3, 5, 4
    draw = np.random.default_rng(4)
    weights: list[np.ndarray] = []
    for _ in range(2):
        kernel = draw.normal(size=(3, 3, channels, channels)) / np.sqrt(9 * channels)
        weights += [kernel, np.ones(channels), np.zeros(channels)]
    images, target = draw.normal(size=(2, batch, size, size, channels))
    return Problem(images.astype(np.float32), target.astype(np.float32), [w.astype(np.float32) for w in weights])


def with_autograph(data: Problem, backend: str) -> Run:
    import autograph as ag

    ops, nn = ag.ops, ag.ops.nn
    variables = [ag.Variable(array) for array in data.weights]

    def layer(x: Any, kernel: Any, scale: Any, shift: Any) -> Any:
        x = nn.conv(x, kernel, padding="same")
        x = x - ops.mean(x, axis=(0, 1, 2))
        return x * ops.rsqrt(ops.mean(x * x, axis=(0, 1, 2)) + EPSILON) * scale + shift

    @ag.function(backend=backend)
    def step(x: Any, target: Any) -> Any:
        with ag.GradientTape() as tape:
            inner = layer(nn.relu(layer(x, *variables[:3])), *variables[3:])
            loss = ops.mean((nn.relu(x + inner) - target) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    x, target = ag.constant(data.images), ag.constant(data.target)
    return data.run(lambda: step(x, target), lambda: variables)


def with_jax(data: Problem) -> Run:
    import jax

    jnp, lax = jax.numpy, jax.lax

    def layer(x: Any, kernel: Any, scale: Any, shift: Any) -> Any:
        x = lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = x - x.mean((0, 1, 2))
        return x * lax.rsqrt((x * x).mean((0, 1, 2)) + EPSILON) * scale + shift

    def loss_of(weights: Any, x: Any, target: Any) -> Any:
        inner = layer(jax.nn.relu(layer(x, *weights[:3])), *weights[3:])
        return jnp.mean((jax.nn.relu(x + inner) - target) ** 2)

    return data.run(*descent(loss_of, data.weights, (data.images, data.target), RATE))


def with_tensorflow(data: Problem) -> Run:
    import tensorflow as tf

    variables = list(map(tf.Variable, data.weights))

    def layer(x: Any, kernel: Any, scale: Any, shift: Any) -> Any:
        x = tf.nn.conv2d(x, kernel, 1, "SAME")
        x = x - tf.reduce_mean(x, (0, 1, 2))
        return x * tf.math.rsqrt(tf.reduce_mean(x * x, (0, 1, 2)) + EPSILON) * scale + shift

    @tf.function
    def step(x: Any, target: Any) -> Any:
        with tf.GradientTape() as tape:
            inner = layer(tf.nn.relu(layer(x, *variables[:3])), *variables[3:])
            loss = tf.reduce_mean((tf.nn.relu(x + inner) - target) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    x, target = tf.constant(data.images), tf.constant(data.target)
    return data.run(lambda: step(x, target), lambda: variables)


def with_torch(data: Problem, compiled: bool) -> Run:
    import torch

    functional = torch.nn.functional
    x, target = (torch.tensor(array).permute(0, 3, 1, 2) for array in (data.images, data.target))
    weights = [torch.tensor(array) for array in data.weights]
    for place in (0, 3):
        weights[place] = weights[place].permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
    weights = [weight.requires_grad_() for weight in weights]

    def layer(x: Any, kernel: Any, scale: Any, shift: Any) -> Any:
        x = functional.conv2d(x, kernel, padding=1)
        return functional.batch_norm(x, None, None, scale, shift, True, 0.0, EPSILON)

    def loss_of(x: Any, target: Any) -> Any:
        inner = layer(torch.relu(layer(x, *weights[:3])), *weights[3:])
        return torch.mean((torch.relu(x + inner) - target) ** 2)

    chosen = torch.compile(loss_of) if compiled else loss_of

    def step() -> Any:
        loss = chosen(x, target)
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for weight, gradient in zip(weights, gradients):
                weight.sub_(gradient, alpha=RATE)
        return loss.detach()

    return data.run(step, lambda: [w.permute(2, 3, 1, 0) if w.ndim == 4 else w for w in weights])


def with_numpy(data: Problem) -> Run:
    weights = [array.copy() for array in data.weights]
    axes = (0, 1, 2)

    def layer(x: np.ndarray, kernel: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> Any:
        """What a layer gives, and its gradient for its operands."""
        windows = windows_of(x)
        made = np.tensordot(windows, kernel, 3)
        centred = made - made.mean(axes)
        factor = 1 / np.sqrt((centred * centred).mean(axes) + np.float32(EPSILON))
        unit = centred * factor

        def back(slope: np.ndarray) -> Any:
            inner = slope * scale
            inner = factor * (inner - inner.mean(axes) - unit * (inner * unit).mean(axes))
            turned = kernel[::-1, ::-1].swapaxes(2, 3)
            slopes = [np.tensordot(windows, inner, (axes, axes)), (slope * unit).sum(axes), slope.sum(axes)]
            return np.tensordot(windows_of(inner), turned, 3), slopes

        return unit * scale + shift, back

    def step() -> Any:
        x = data.images
        first, back_first = layer(x, *weights[:3])
        second, back_second = layer(np.maximum(first, 0), *weights[3:])
        difference = np.maximum(x + second, 0) - data.target
        slope = difference * np.float32(2 / difference.size) * (x + second > 0)
        inner, last = back_second(slope)
        _, before = back_first(inner * (first > 0))
        for weight, found in zip(weights, [*before, *last]):
            weight -= np.float32(RATE) * found
        return np.mean(difference * difference)

    return data.run(step, lambda: weights)


resnet = Row(
    "resnet",
    "residual block, batch 16, 56×56×64, two 3×3 convolutions, SGD step",
    problem,
    {
        "autograph": partial(with_autograph, backend="native"),
        "autograph-numpy": partial(with_autograph, backend="numpy"),
        "autograph-xla": finished(with_autograph, backend="xla"),
        "jax": with_jax,
        "tensorflow": with_tensorflow,
        "torch": partial(with_torch, compiled=False),
        "torch-compile": partial(with_torch, compiled=True),
        "numpy": with_numpy,
    },
    tolerance=5e-3,  # sums over 50,000 places of each channel
    large=True,
)
