"""A convolutional network (3×3×32, pool, 3×3×64, pool, dense), its loss and the gradients of its weights."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks.row import Row, Run, finished, on_host


class Data(NamedTuple):
    """Images [batch, size, size, 1] and labels [batch]; kernels [3, 3, channels, filters] and a matrix, with biases."""

    images: np.ndarray
    labels: np.ndarray
    weights: list[np.ndarray]


def data(tiny: bool) -> Data:
    batch, size, first, second = (3, 8, 4, 5) if tiny else (64, 28, 32, 64)
    draw = np.random.default_rng(0)
    shapes = [(3, 3, 1, first), (3, 3, first, second), ((size // 4) ** 2 * second, 10)]
    weights = []
    for shape in shapes:
        weights += [draw.normal(size=shape) / np.sqrt(np.prod(shape[:-1])), np.zeros(shape[-1])]
    images = draw.normal(size=(batch, size, size, 1)).astype(np.float32)
    labels = draw.integers(0, 10, batch).astype(np.int32)
    return Data(images, labels, [array.astype(np.float32) for array in weights])


def _arrays(answer: Any) -> list[np.ndarray]:
    loss, gradients = answer
    return [np.asarray(loss), *map(np.asarray, gradients)]


def with_autograph(data: Data, backend: str) -> Run:
    import autograph as ag

    nn = ag.ops.nn
    variables = [ag.Variable(array) for array in data.weights]

    def network(x: Any) -> Any:
        k1, b1, k2, b2, w, b = variables
        x = nn.max_pool(nn.relu(nn.conv(x, k1, padding="same") + b1), 2)
        x = nn.max_pool(nn.relu(nn.conv(x, k2, padding="same") + b2), 2)
        return ag.ops.reshape(x, (x.shape[0], -1)) @ w + b

    @ag.function(backend=backend)
    def gradients(images: Any, labels: Any) -> Any:
        with ag.GradientTape() as tape:
            loss = ag.ops.mean(nn.sparse_categorical_crossentropy(labels, network(images), from_logits=True))
        return loss, tape.gradient(loss, variables)

    images, labels = ag.constant(data.images), ag.constant(data.labels)
    return Run(lambda: gradients(images, labels), _arrays)


def with_jax(data: Data) -> Run:
    import jax

    jnp, lax = jax.numpy, jax.lax

    def block(x: Any, kernel: Any, bias: Any) -> Any:
        x = lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return lax.reduce_window(jax.nn.relu(x + bias), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def loss_of(weights: Any, images: Any, labels: Any) -> Any:
        k1, b1, k2, b2, w, b = weights
        x = block(block(images, k1, b1), k2, b2)
        scores = jax.nn.log_softmax(x.reshape(x.shape[0], -1) @ w + b)
        return -jnp.mean(jnp.sum(scores * jax.nn.one_hot(labels, 10), -1))

    gradients = jax.jit(jax.value_and_grad(loss_of))
    weights, images, labels = jax.tree.map(jnp.asarray, (data.weights, data.images, data.labels))
    return Run(lambda: jax.block_until_ready(gradients(weights, images, labels)), _arrays)


def with_tensorflow(data: Data) -> Run:
    import tensorflow as tf

    variables = [tf.Variable(array) for array in data.weights]

    def network(x: Any) -> Any:
        k1, b1, k2, b2, w, b = variables
        x = tf.nn.max_pool2d(tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, k1, 1, "SAME"), b1)), 2, 2, "VALID")
        x = tf.nn.max_pool2d(tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, k2, 1, "SAME"), b2)), 2, 2, "VALID")
        return tf.reshape(x, (x.shape[0], -1)) @ w + b

    @tf.function
    def gradients(images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, network(images)))
        return loss, tape.gradient(loss, variables)

    images, labels = tf.constant(data.images), tf.constant(data.labels)
    return Run(lambda: gradients(images, labels), _arrays)


def with_torch(data: Data, compiled: bool) -> Run:
    import torch

    functional = torch.nn.functional
    images = torch.tensor(data.images).permute(0, 3, 1, 2)  # channels last in memory, as its operators like it
    labels = torch.tensor(data.labels.astype(np.int64))
    weights = [torch.tensor(array, requires_grad=True) for array in data.weights]
    for place in (0, 2):
        kernel = torch.tensor(data.weights[place]).permute(3, 2, 0, 1)
        weights[place] = kernel.contiguous(memory_format=torch.channels_last).requires_grad_()

    def loss_of(x: Any, labels: Any) -> Any:
        k1, b1, k2, b2, w, b = weights
        x = functional.max_pool2d(torch.relu(functional.conv2d(x, k1, b1, padding=1)), 2)
        x = functional.max_pool2d(torch.relu(functional.conv2d(x, k2, b2, padding=1)), 2)
        return functional.cross_entropy(x.permute(0, 2, 3, 1).flatten(1) @ w + b, labels)

    chosen = torch.compile(loss_of) if compiled else loss_of

    def gradients() -> Any:
        loss = chosen(images, labels)
        return loss.detach(), torch.autograd.grad(loss, weights)

    def arrays(answer: Any) -> list[np.ndarray]:
        loss, found = answer
        kernels = [g.permute(2, 3, 1, 0) if g.ndim == 4 else g for g in found]
        return [on_host(loss), *map(on_host, kernels)]

    return Run(gradients, arrays)


def windows_of(x: np.ndarray) -> np.ndarray:
    """The 3×3 windows around each place of [batch, height, width, channels], with zeros outside."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    found = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))
    return np.ascontiguousarray(found.transpose(0, 1, 2, 4, 5, 3))


def with_numpy(data: Data) -> Run:
    images, labels, (k1, b1, k2, b2, w, b) = data
    batch = len(images)

    def forward(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> Any:
        windows = windows_of(x)
        active = np.maximum(np.tensordot(windows, kernel, 3) + bias, 0)
        n, h, v, c = active.shape
        parts = active.reshape(n, h // 2, 2, v // 2, 2, c)
        return windows, active, parts, parts.max((2, 4))

    def backward(slope: np.ndarray, windows: np.ndarray, active: np.ndarray, parts: np.ndarray, out: np.ndarray) -> Any:
        chosen = (parts == out[:, :, None, :, None]) & (parts > 0)
        slope = (chosen * slope[:, :, None, :, None]).reshape(active.shape)
        return slope, np.tensordot(windows, slope, ((0, 1, 2), (0, 1, 2))), slope.sum((0, 1, 2))

    def gradients() -> Any:
        *first, x = forward(images, k1, b1)
        *second, y = forward(x, k2, b2)
        flat = y.reshape(batch, -1)
        logits = flat @ w + b
        shifted = logits - logits.max(-1, keepdims=True)
        scores = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
        slope = np.exp(scores)
        slope[np.arange(batch), labels] -= 1
        slope /= np.float32(batch)
        dense = flat.T @ slope, slope.sum(0)
        slope, *inner = backward((slope @ w.T).reshape(y.shape), *second, y)
        reversed_kernel = k2[::-1, ::-1].swapaxes(2, 3)
        _, *outer = backward(np.tensordot(windows_of(slope), reversed_kernel, 3), *first, x)
        return -scores[np.arange(batch), labels].mean(), [*outer, *inner, *dense]

    return Run(gradients, _arrays)


cnn = Row(
    "cnn",
    "CNN (3×3×32, pool, 3×3×64, pool, dense), batch 64, gradients",
    data,
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
)
