"""Rows of the activations of `ag.ops.nn`, with their definitions as oracles."""

import numpy as np
import scipy.special as sp

from tests.ops.functions.row import row

X = np.array([[0.3, -0.7, 1.6, 0.9], [-1.2, 2.4, -0.4, 7.5]])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def nn(name, *args, oracle, **kw):
    return row(f"nn.{name}", *args, oracle=oracle, **kw)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def selu(x):
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def softmax(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis, keepdims=True)


def sparsemax(x, axis=-1):
    """By bisection of the limit at which the parts above it sum to 1."""
    low, high = x.min(axis, keepdims=True) - 1, x.max(axis, keepdims=True)
    for _ in range(100):
        middle = (low + high) / 2
        enough = np.maximum(x - middle, 0).sum(axis, keepdims=True) > 1
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.maximum(x - low, 0)


def sparse_plus(x):
    return np.where(x <= -1, 0.0, np.where(x < 1, (x + 1) ** 2 / 4, x))


def shrunk(x, threshold=0.5):
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0)


NN_ACTIVATIONS = [
    nn("relu", X, oracle=lambda x: np.maximum(x, 0)),
    nn("relu6", X, oracle=lambda x: np.clip(x, 0, 6)),
    nn("leaky_relu", X, oracle=lambda x, negative_slope=0.2: np.where(x > 0, x, negative_slope * x)),
    nn("leaky_relu", X, negative_slope=0.5, oracle=lambda x, negative_slope: np.where(x > 0, x, negative_slope * x)),
    nn("elu", X, oracle=elu),
    nn("elu", X, alpha=2.0, oracle=elu),
    nn("selu", X, oracle=selu),
    nn("celu", X, alpha=2.0, oracle=lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x / alpha) - 1))),
    nn("threshold", X, 0.5, 20.0, oracle=lambda x, t, v: np.where(x > t, x, v)),
    nn("soft_shrink", X, oracle=shrunk),
    nn("hard_shrink", X, threshold=1.0, oracle=lambda x, threshold: np.where(np.abs(x) > threshold, x, 0)),
    nn("tanh_shrink", X, oracle=lambda x: x - np.tanh(x)),
    nn("sparse_plus", X, oracle=sparse_plus),
    nn("sigmoid", X, oracle=sigmoid),
    nn("log_sigmoid", X, oracle=lambda x: np.log(sigmoid(x))),
    nn("hard_sigmoid", X, oracle=lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    nn("sparse_sigmoid", X, oracle=lambda x: np.clip((x + 1) / 2, 0, 1)),
    nn("hard_tanh", X, oracle=lambda x: np.clip(x, -1, 1)),
    nn("softplus", X, oracle=lambda x: np.log1p(np.exp(x))),
    nn("softsign", X, oracle=lambda x: x / (1 + np.abs(x))),
    nn("squareplus", X, b=2.0, oracle=lambda x, b: (x + np.sqrt(x * x + b)) / 2),
    nn("tanh", X, oracle=np.tanh),
    nn("silu", X, oracle=lambda x: x * sigmoid(x)),
    nn("swish", X, oracle=lambda x: x * sigmoid(x)),
    nn("hard_silu", X, oracle=lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    nn("mish", X, oracle=lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    nn("gelu", X, approximate=False, oracle=lambda x, approximate: x * sp.ndtr(x)),
    nn("gelu", X, oracle=lambda x: x * sp.ndtr(x), rtol=2e-3),
    nn("glu", X, oracle=lambda x: x[:, :2] * sigmoid(x[:, 2:])),
    nn("glu", X, axis=0, oracle=lambda x, axis: x[:1] * sigmoid(x[1:])),
    nn("softmax", X, oracle=softmax),
    nn("softmax", X, axis=0, oracle=softmax),
    nn("softmax", X, axis=(0, 1), oracle=softmax),
    nn("log_softmax", X, oracle=lambda x: np.log(softmax(x))),
    nn("sparsemax", X, oracle=sparsemax),
    nn("sparsemax", X, axis=0, oracle=sparsemax),
]
