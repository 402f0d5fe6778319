"""A training step of one block of a transformer: attention and a dense network, each after a normalisation.

Weights are float32; what is multiplied is of the row's dtype, normalisations, softmax and the loss are float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.jax_descent import descent
from benchmarks.row import Row, Run, finished, on_host

RATE = 0.5
EPSILON = 1e-5


@dataclass
class Problem:
    """Inputs and targets [batch, tokens, width] and the weights.

    Attributes:
        weights: scale and shift of a norm, [width, 3·width] for queries, keys and values, [width, width]; scale and
            shift of the second norm, [width, 4·width] with biases, and [4·width, width] with biases.
        heads: how many heads attend.
        dtype: of products: "float32" or "bfloat16".
    """

    x: np.ndarray
    target: np.ndarray
    weights: list[np.ndarray]
    heads: int
    dtype: str

    def run(self, step: Callable[[], Any], weights: Callable[[], Any]) -> Run:
        """A Run of `step`; what it has changed the weights by is compared."""

        def results(loss: Any) -> list[Any]:
            return [on_host(loss), *[on_host(new) - old for new, old in zip(weights(), self.weights)]]

        return Run(step, results)

    @property
    def heads_shape(self) -> tuple[int, int, int, int, int]:
        """[batch, tokens, 3, heads, width of a head]."""
        batch, tokens, width = self.x.shape
        return batch, tokens, 3, self.heads, width // self.heads


def problem(tiny: bool, dtype: str, batch: int = 8, tokens: int = 512, width: int = 768, heads: int = 12) -> Problem:
    """Random inputs, targets and weights."""
    if tiny:
        batch, tokens, width, heads = 2, 6, 8, 2
    draw = np.random.default_rng(3)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return draw.normal(size=(rows, columns)) / np.sqrt(rows)

    ones, zeros = np.ones(width), np.zeros(width)
    weights = [ones, zeros, matrix(width, 3 * width), matrix(width, width)]
    weights += [ones, zeros, matrix(width, 4 * width), np.zeros(4 * width), matrix(4 * width, width), zeros]
    x, target = draw.normal(size=(2, batch, tokens, width))
    return Problem(
        x.astype(np.float32), target.astype(np.float32), [w.astype(np.float32) for w in weights], heads, dtype
    )


def with_autograph(data: Problem, backend: str) -> Run:
    import autograph as ag

    ops, nn = ag.ops, ag.ops.nn
    variables = [ag.Variable(array) for array in data.weights]
    dtype = getattr(ag, data.dtype)

    def low(x: Any) -> Any:
        return ops.astype(x, dtype)

    def norm(x: Any, scale: Any, shift: Any) -> Any:
        x = x - ops.mean(x, axis=-1, keepdims=True)
        return low(x * ops.rsqrt(ops.mean(x * x, axis=-1, keepdims=True) + EPSILON) * scale + shift)

    def block(x: Any) -> Any:
        scale1, shift1, into, out, scale2, shift2, up, bias_up, down, bias_down = variables
        parts = ops.reshape(norm(x, scale1, shift1) @ low(into), data.heads_shape)
        q, k, v = ops.permute_dims(parts, (2, 0, 3, 1, 4))
        scores = ops.astype(q @ ops.matrix_transpose(k), ag.float32) / q.shape[-1] ** 0.5
        seen = ops.permute_dims(low(nn.softmax(scores)) @ v, (0, 2, 1, 3))
        x = x + ops.reshape(seen, x.shape) @ low(out)
        inner = nn.gelu(norm(x, scale2, shift2) @ low(up) + low(bias_up), approximate=True)
        return x + inner @ low(down) + low(bias_down)

    @ag.function(backend=backend)
    def step(x: Any, target: Any) -> Any:
        with ag.GradientTape() as tape:
            loss = ops.mean((block(x) - target) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    x, target = ag.constant(data.x), ag.constant(data.target)
    return data.run(lambda: step(x, target), lambda: variables)


def with_jax(data: Problem) -> Run:
    import jax

    jnp = jax.numpy
    dtype = getattr(jnp, data.dtype)

    def norm(x: Any, scale: Any, shift: Any) -> Any:
        x = x - x.mean(-1, keepdims=True)
        return (x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + EPSILON) * scale + shift).astype(dtype)

    def loss_of(weights: Any, x: Any, target: Any) -> Any:
        scale1, shift1, into, out, scale2, shift2, up, bias_up, down, bias_down = weights
        low = [w.astype(dtype) for w in (into, out, up, bias_up, down, bias_down)]
        into, out, up, bias_up, down, bias_down = low
        q, k, v = (norm(x, scale1, shift1) @ into).reshape(data.heads_shape).transpose(2, 0, 3, 1, 4)
        scores = (q @ k.swapaxes(-1, -2)).astype(jnp.float32) / q.shape[-1] ** 0.5
        seen = (jax.nn.softmax(scores).astype(dtype) @ v).transpose(0, 2, 1, 3)
        x = x + seen.reshape(x.shape) @ out
        x = x + jax.nn.gelu(norm(x, scale2, shift2) @ up + bias_up) @ down + bias_down
        return jnp.mean((x - target) ** 2)

    return data.run(*descent(loss_of, data.weights, (data.x, data.target), RATE))


def with_tensorflow(data: Problem) -> Run:
    import tensorflow as tf

    variables = list(map(tf.Variable, data.weights))
    dtype = tf.as_dtype(data.dtype)

    def norm(x: Any, scale: Any, shift: Any) -> Any:
        x = x - tf.reduce_mean(x, -1, keepdims=True)
        return low(x * tf.math.rsqrt(tf.reduce_mean(x * x, -1, keepdims=True) + EPSILON) * scale + shift)

    def low(x: Any) -> Any:
        return tf.cast(x, dtype)

    def block(x: Any) -> Any:
        scale1, shift1, into, out, scale2, shift2, up, bias_up, down, bias_down = variables
        parts = tf.reshape(norm(x, scale1, shift1) @ low(into), data.heads_shape)
        q, k, v = tf.unstack(tf.transpose(parts, (2, 0, 3, 1, 4)))
        scores = tf.cast(tf.matmul(q, k, transpose_b=True), tf.float32) / q.shape[-1] ** 0.5
        seen = tf.transpose(low(tf.nn.softmax(scores)) @ v, (0, 2, 1, 3))
        x = x + tf.cast(tf.reshape(seen, x.shape) @ low(out), tf.float32)
        inner = tf.nn.gelu(norm(x, scale2, shift2) @ low(up) + low(bias_up), approximate=True)
        return x + tf.cast(inner @ low(down) + low(bias_down), tf.float32)

    @tf.function
    def step(x: Any, target: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((block(x) - target) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(RATE * gradient)
        return loss

    x, target = tf.constant(data.x), tf.constant(data.target)
    return data.run(lambda: step(x, target), lambda: variables)


def with_torch(data: Problem, compiled: bool) -> Run:
    import torch

    functional = torch.nn.functional
    dtype = getattr(torch, data.dtype)
    weights = [torch.tensor(array, requires_grad=True) for array in data.weights]
    x, target = torch.tensor(data.x), torch.tensor(data.target)

    def norm(x: Any, scale: Any, shift: Any) -> Any:
        return functional.layer_norm(x, x.shape[-1:], scale, shift, EPSILON).to(dtype)

    def loss_of(x: Any, target: Any) -> Any:
        scale1, shift1, *low, down, bias_down = weights
        into, out, scale2, shift2, up, bias_up = low
        parts = (norm(x, scale1, shift1) @ into.to(dtype)).reshape(data.heads_shape)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2)
        x = x + seen.reshape(x.shape) @ out.to(dtype)
        inner = norm(x, scale2, shift2) @ up.to(dtype) + bias_up.to(dtype)
        x = x + functional.gelu(inner, approximate="tanh") @ down.to(dtype) + bias_down.to(dtype)
        return torch.mean((x - target) ** 2)

    chosen = torch.compile(loss_of) if compiled else loss_of

    def step() -> Any:
        loss = chosen(x, target)
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            torch._foreach_add_(weights, gradients, alpha=-RATE)
        return loss.detach()

    return data.run(step, lambda: weights)


def _norm(x: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> Any:
    """A normalisation, and its gradient for x, scale and shift."""
    centred = x - x.mean(-1, keepdims=True)
    factor = 1 / np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(EPSILON))
    unit = centred * factor

    def back(slope: np.ndarray) -> Any:
        inner = slope * scale
        mean, along = inner.mean(-1, keepdims=True), (inner * unit).mean(-1, keepdims=True)
        return factor * (inner - mean - unit * along), (slope * unit).sum((0, 1)), slope.sum((0, 1))

    return unit * scale + shift, back


def _gelu(x: np.ndarray) -> Any:
    """The function and its slope."""
    root = np.float32(np.sqrt(2 / np.pi))
    tanh = np.tanh(root * (x + np.float32(0.044715) * x**3))
    slope = root * (1 + np.float32(3 * 0.044715) * x * x)
    return x * (1 + tanh) / 2, (1 + tanh) / 2 + x * (1 - tanh * tanh) * slope / 2


def _outer(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The gradient of a matrix: the sum of outer products over batches and tokens."""
    return a.reshape(-1, a.shape[-1]).T @ b.reshape(-1, b.shape[-1])


def with_numpy(data: Problem) -> Run:
    """All in float32."""
    weights = [array.copy() for array in data.weights]
    x, target = data.x, data.target
    root = np.float32(data.heads_shape[-1] ** 0.5)

    def step() -> Any:
        scale1, shift1, into, out, scale2, shift2, up, bias_up, down, bias_down = weights
        first, back_first = _norm(x, scale1, shift1)
        q, k, v = (first @ into).reshape(data.heads_shape).transpose(2, 0, 3, 1, 4)
        scores = q @ k.swapaxes(-1, -2) / root
        chances = np.exp(scores - scores.max(-1, keepdims=True))
        chances /= chances.sum(-1, keepdims=True)
        seen = (chances @ v).transpose(0, 2, 1, 3).reshape(x.shape)
        middle = x + seen @ out
        second, back_second = _norm(middle, scale2, shift2)
        inner, slope_inner = _gelu(second @ up + bias_up)
        difference = middle + inner @ down + bias_down - target
        slope = difference * np.float32(2 / difference.size)
        s_hidden = (slope @ down.T) * slope_inner
        s_middle, s_scale2, s_shift2 = back_second(s_hidden @ up.T)
        s_middle = s_middle + slope
        s_seen = (s_middle @ out.T).reshape(*x.shape[:2], data.heads, -1).transpose(0, 2, 1, 3)
        s_chances = s_seen @ v.swapaxes(-1, -2)
        s_scores = chances * (s_chances - (chances * s_chances).sum(-1, keepdims=True)) / root
        heads = np.stack([s_scores @ k, s_scores.swapaxes(-1, -2) @ q, chances.swapaxes(-1, -2) @ s_seen])
        s_parts = heads.transpose(1, 3, 0, 2, 4).reshape(*x.shape[:2], -1)
        _, s_scale1, s_shift1 = back_first(s_parts @ into.T)
        slopes = [s_scale1, s_shift1, _outer(first, s_parts), _outer(seen, s_middle), s_scale2, s_shift2]
        slopes += [_outer(second, s_hidden), s_hidden.sum((0, 1)), _outer(inner, slope), slope.sum((0, 1))]
        for weight, found in zip(weights, slopes):
            weight -= np.float32(RATE) * found
        return np.mean(difference * difference)

    return data.run(step, lambda: weights)


def row(name: str, dtype: str, tolerance: float, **sizes: int) -> Row:
    """The row of a dtype; sizes are those of `problem`."""
    shown = {"batch": 8, "tokens": 512, "width": 768} | sizes
    return Row(
        name,
        f"transformer block, batch {shown['batch']}, {shown['tokens']} tokens, width {shown['width']}, {dtype}, SGD",
        lambda tiny: problem(tiny, dtype, **sizes),
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
        tolerance=tolerance,
        large=True,
    )


transformer = row("transformer", "float32", 1e-3)
transformer_bf16 = row("transformer-bf16", "bfloat16", 0.1)
