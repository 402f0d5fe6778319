"""Rows of the layers and losses of `ag.ops.nn`, with plain loops as oracles."""

import itertools

import numpy as np

from tests.ops.functions.row import row

rng = np.random.default_rng(3)
LINE = rng.normal(size=(2, 7, 4))
IMAGE = rng.normal(size=(2, 6, 5, 4))
SOLID = rng.normal(size=(1, 4, 5, 3, 2))
K1 = rng.normal(size=(3, 4, 5))
K2 = rng.normal(size=(3, 2, 4, 3))
K2_GROUPS = rng.normal(size=(3, 2, 2, 6))
K3 = rng.normal(size=(2, 3, 2, 2, 3))
DEPTHWISE = rng.normal(size=(3, 2, 4, 2))
POINTWISE = rng.normal(size=(1, 1, 8, 3))
BACK1 = rng.normal(size=(3, 5, 4))
BACK2 = rng.normal(size=(3, 2, 3, 4))
SCALE, OFFSET = rng.uniform(0.5, 2, (4,)), rng.normal(size=(4,))
VARIANCE = rng.uniform(0.5, 2, (4,))
QUERY, KEY, VALUE = (rng.normal(size=(2, length, 4, 3)) for length in (5, 6, 6))
KEY_SHARED, VALUE_SHARED = (rng.normal(size=(2, 6, 2, 3)) for _ in range(2))
MASK = rng.random((2, 1, 5, 6)) > 0.3
PROBABILITIES = rng.dirichlet(np.ones(4), (3,))
TRUTH = rng.dirichlet(np.ones(4), (3,))


def numbers(value, rank):
    return (value,) * rank if isinstance(value, int) else tuple(value)


def pairs(padding, sizes, wide, strides):
    if padding == "valid":
        return [(0, 0)] * len(sizes)
    if padding != "same":
        return [(p, p) if isinstance(p, int) else p for p in numbers(padding, len(sizes))]
    totals = [max((-(-s // d) - 1) * d + w - s, 0) for s, w, d in zip(sizes, wide, strides, strict=True)]
    return [(t // 2, t - t // 2) for t in totals]


def conv(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """One output element at a time."""
    if data_format == "channels_first":
        return np.moveaxis(conv(np.moveaxis(x, 1, -1), kernel, strides, padding, None, dilation_rate), -1, 1)
    rank = x.ndim - 2
    strides, gaps = numbers(strides, rank), numbers(dilation_rate, rank)
    window, (depth, filters) = kernel.shape[:-2], kernel.shape[-2:]
    groups = x.shape[-1] // depth
    wide = [(w - 1) * g + 1 for w, g in zip(window, gaps, strict=True)]
    x = np.pad(x, [(0, 0), *pairs(padding, x.shape[1:-1], wide, strides), (0, 0)])
    sizes = [(s - w) // d + 1 for s, w, d in zip(x.shape[1:-1], wide, strides, strict=True)]
    out = np.zeros((x.shape[0], *sizes, filters))
    for place in itertools.product(*map(range, sizes)):
        for tap in itertools.product(*map(range, window)):
            at = tuple(p * s + t * g for p, s, t, g in zip(place, strides, tap, gaps, strict=True))
            for group in range(groups):
                ins = slice(group * depth, (group + 1) * depth)
                outs = slice(group * filters // groups, (group + 1) * filters // groups)
                out[(slice(None), *place, outs)] += x[(slice(None), *at, ins)] @ kernel[(*tap, slice(None), outs)]
    return out


def depthwise(x, kernel, **kw):
    parts = [conv(x[..., c : c + 1], kernel[..., c : c + 1, :], **kw) for c in range(x.shape[-1])]
    return np.concatenate(parts, -1)


def separable(x, depth, point, **kw):
    return conv(depthwise(x, depth, **kw), point)


def conv_transpose(x, kernel, strides=1, padding="valid", output_padding=None, dilation_rate=1):
    """By adding each input element times the kernel into the result, and cutting what "same" cuts."""
    rank = x.ndim - 2
    strides, gaps = numbers(strides, rank), numbers(dilation_rate, rank)
    wide = [(w - 1) * g + 1 for w, g in zip(kernel.shape, gaps, strict=False)]
    more = (None,) * rank if output_padding is None else numbers(output_padding, rank)
    sizes, lows = [], []
    for size, width, step, extra in zip(x.shape[1:-1], wide, strides, more, strict=True):
        reach = (size - 1) * step + width
        if padding == "valid":
            made = reach + (max(step - width, 0) if extra is None else extra)
            lows.append(0)
        else:
            made = size * step if extra is None else (size - 1) * step + width % 2 + extra
            lows.append(max(reach - made, 0) // 2)
        sizes.append(made)
    out = np.zeros((x.shape[0], *[s + 40 for s in sizes], kernel.shape[-2]))
    for place in itertools.product(*map(range, x.shape[1:-1])):
        for tap in itertools.product(*map(range, kernel.shape[:-2])):
            at = tuple(p * s + t * g for p, s, t, g in zip(place, strides, tap, gaps, strict=True))
            out[(slice(None), *at)] += x[(slice(None), *place)] @ kernel[tap].T
    return out[(slice(None), *[slice(low, low + size) for low, size in zip(lows, sizes, strict=True)])]


def pool(x, pool_size, strides=None, padding="valid", data_format=None, reduce=np.nanmax):
    if data_format == "channels_first":
        return np.moveaxis(pool(np.moveaxis(x, 1, -1), pool_size, strides, padding, None, reduce), -1, 1)
    rank = x.ndim - 2
    window = numbers(pool_size, rank)
    strides = window if strides is None else numbers(strides, rank)
    around = pairs(padding, x.shape[1:-1], window, strides)
    x = np.pad(x, [(0, 0), *around, (0, 0)], constant_values=np.nan)
    sizes = [(s - w) // d + 1 for s, w, d in zip(x.shape[1:-1], window, strides, strict=True)]
    out = np.zeros((x.shape[0], *sizes, x.shape[-1]))
    for place in itertools.product(*map(range, sizes)):
        cut = tuple(slice(p * s, p * s + w) for p, s, w in zip(place, strides, window, strict=True))
        out[(slice(None), *place)] = reduce(x[(slice(None), *cut)], axis=tuple(range(1, rank + 1)))
    return out


def mean_pool(x, pool_size, **kw):
    return pool(x, pool_size, reduce=np.nanmean, **kw)


def adaptive(x, output_size, reduce):
    for axis, count in enumerate(numbers(output_size, x.ndim - 2), 1):
        size = x.shape[axis]
        bounds = [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
        x = np.stack([reduce(np.take(x, range(*b), axis), axis) for b in bounds], axis)
    return x


def attention(q, k, v, bias=None, mask=None, scale=None, is_causal=False, attn_logits_soft_cap=None):
    shared = q.shape[2] // k.shape[2]
    out = np.zeros((*q.shape[:3], v.shape[3]))
    for b, t, h in np.ndindex(q.shape[:3]):
        scores = k[b, :, h // shared] @ q[b, t, h] * (1 / np.sqrt(q.shape[3]) if scale is None else scale)
        if attn_logits_soft_cap:
            scores = np.tanh(scores / attn_logits_soft_cap) * attn_logits_soft_cap
        seen = np.ones(k.shape[1], bool) if mask is None else np.broadcast_to(mask, (2, 4, 5, 6))[b, h, t]
        seen = seen & (np.arange(k.shape[1]) <= t) if is_causal else seen
        weights = np.where(seen, np.exp(scores), 0)
        out[b, t, h] = weights / weights.sum() @ v[b, :, h // shared]
    return out


def normalized(x, axes, epsilon):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def grouped(x, groups, gamma, beta, epsilon=1e-3):
    apart = x.reshape(*x.shape[:-1], groups, -1)
    axes = (*range(1, x.ndim - 1), x.ndim)
    return normalized(apart, axes, epsilon).reshape(x.shape) * gamma + beta


def depth_to_space(x, block):
    n, h, w, c = x.shape
    out = np.zeros((n, h * block, w * block, c // block**2))
    for i, j, a, b in itertools.product(range(h), range(w), range(block), range(block)):
        start = (a * block + b) * out.shape[-1]
        out[:, i * block + a, j * block + b] = x[:, i, j, start : start + out.shape[-1]]
    return out


def fold(x, output, size, dilation=1, padding=0, stride=1):
    """The transpose of `unfold`, by its columns."""
    batch, rows, _ = x.shape
    channels = rows // size**2
    units = np.eye(channels * output**2).reshape(-1, channels, output, output)
    columns = unfold(units, size, dilation, padding, stride).reshape(len(units), -1)
    return (x.reshape(batch, -1) @ columns.T).reshape(batch, channels, output, output)


def unfold(x, size, dilation=1, padding=0, stride=1):
    x = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    reach = (size - 1) * dilation + 1
    columns = []
    for i in range(0, x.shape[2] - reach + 1, stride):
        for j in range(0, x.shape[3] - reach + 1, stride):
            columns.append(x[:, :, i : i + reach : dilation, j : j + reach : dilation].reshape(x.shape[0], -1))
    return np.stack(columns, -1)


def nn(name, *args, oracle, **kw):
    return row(f"nn.{name}", *args, oracle=oracle, **kw)


SAME = {"padding": "same"}
NN_LAYERS = [
    nn("conv", LINE, K1, oracle=conv),
    nn("conv", LINE, K1, strides=2, padding="same", oracle=conv),
    nn("conv", IMAGE, K2, oracle=conv),
    nn("conv", IMAGE, K2, strides=(2, 1), padding="same", oracle=conv),
    nn("conv", IMAGE, K2, dilation_rate=2, padding=((2, 1), 3), oracle=conv),
    nn("conv", np.moveaxis(IMAGE, -1, 1).copy(), K2, data_format="channels_first", oracle=conv),
    nn("conv", IMAGE, K2_GROUPS, strides=2, padding=1, oracle=conv, open=False),
    nn("conv", SOLID, K3, strides=(1, 2, 1), padding="same", oracle=conv),
    nn("depthwise_conv", IMAGE, DEPTHWISE, oracle=depthwise, open=(0,)),
    nn("depthwise_conv", IMAGE, DEPTHWISE, strides=2, padding="same", oracle=depthwise, open=(0,)),
    nn("separable_conv", IMAGE, DEPTHWISE, POINTWISE, padding="same", oracle=separable, open=(0,)),
    *[
        nn("conv_transpose", LINE, BACK1, oracle=conv_transpose, **kw)
        for kw in ({}, SAME, {"strides": 2}, {"strides": 2, **SAME}, {"strides": 4}, {"strides": 5, **SAME})
    ],
    nn("conv_transpose", IMAGE, BACK2, strides=(2, 3), output_padding=1, oracle=conv_transpose),
    nn("conv_transpose", IMAGE, BACK2, strides=2, output_padding=1, oracle=conv_transpose, **SAME),
    nn("conv_transpose", IMAGE, BACK2, dilation_rate=2, oracle=conv_transpose),
    *[
        nn(name, x, 2, oracle=oracle, **kw)
        for name, oracle in (("max_pool", pool), ("average_pool", mean_pool))
        for x in (LINE, IMAGE, SOLID)
        for kw in ({}, {"strides": 1, **SAME})
    ],
    nn("max_pool", IMAGE, (3, 2), strides=(2, 1), padding="same", oracle=pool),
    nn("max_pool", IMAGE, 3, strides=2, padding=1, oracle=pool),
    nn("average_pool", IMAGE, (3, 2), strides=(2, 1), padding="same", oracle=mean_pool),
    nn("average_pool", np.moveaxis(IMAGE, -1, 1).copy(), 2, data_format="channels_first", oracle=mean_pool),
    nn("adaptive_max_pool", IMAGE, (3, 2), oracle=lambda x, n: adaptive(x, n, np.max), open=False),
    nn("adaptive_average_pool", IMAGE, (4, 1), oracle=lambda x, n: adaptive(x, n, np.mean), open=False),
    nn("adaptive_average_pool", LINE, 7, oracle=lambda x, n: x, open=False),
    nn("moments", IMAGE, (0, 2), oracle=lambda x, axes: (x.mean(axes), x.var(axes))),
    nn("moments", IMAGE, 1, True, oracle=lambda x, a, k: (x.mean(a, keepdims=True), x.var(a, keepdims=True))),
    nn("normalize", IMAGE, oracle=lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
    nn("normalize", LINE, axis=1, order=1, oracle=lambda x, axis, order: x / np.abs(x).sum(axis, keepdims=True)),
    nn(
        "batch_normalization", IMAGE, OFFSET, VARIANCE, -1, OFFSET, SCALE,
        oracle=lambda x, mean, var, axis, offset, scale: (x - mean) / np.sqrt(var + 1e-3) * scale + offset,
    ),
    nn("layer_normalization", IMAGE, oracle=lambda x: normalized(x, -1, 1e-7)),
    nn(
        "layer_normalization", IMAGE, SCALE, OFFSET, epsilon=0.1,
        oracle=lambda x, gamma, beta, epsilon: normalized(x, -1, epsilon) * gamma + beta,
    ),
    nn("layer_normalization", IMAGE, axis=(1, 2), oracle=lambda x, axis: normalized(x, axis, 1e-7)),
    nn(
        "rms_normalization", IMAGE, SCALE,
        oracle=lambda x, s: x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-7) * s,
    ),
    nn("group_normalization", IMAGE, 2, SCALE, OFFSET, oracle=grouped),
    nn("dot_product_attention", QUERY, KEY, VALUE, oracle=attention),
    nn("dot_product_attention", QUERY, KEY, VALUE, None, MASK, is_causal=True, oracle=attention),
    nn("dot_product_attention", QUERY, KEY_SHARED, VALUE_SHARED, oracle=attention, open=False),
    nn(
        "dot_product_attention", QUERY, KEY, VALUE, scale=2.0, attn_logits_soft_cap=1.5, oracle=attention
    ),
    nn("depth_to_space", IMAGE, 2, oracle=depth_to_space),
    nn("space_to_depth", depth_to_space(IMAGE, 2), 2, oracle=lambda x, n: IMAGE),
    nn("unfold", np.moveaxis(IMAGE, -1, 1).copy(), 3, oracle=unfold),
    nn("unfold", np.moveaxis(IMAGE, -1, 1).copy(), 2, 2, 1, 3, oracle=unfold),
    nn("fold", rng.normal(size=(2, 8, 9)), 4, 2, oracle=fold, open=False),
    nn("fold", rng.normal(size=(2, 12, 9)), 5, 2, 2, 1, 2, oracle=fold, open=False),
    nn("multi_hot", np.array([[0, 2], [1, 1]]), 4, oracle=lambda x, n: np.eye(n)[x].max(1)),
    nn("multi_hot", np.array([3, 1]), 4, oracle=lambda x, n: np.eye(n)[x].max(0)),
    nn("polar", SCALE, OFFSET, oracle=lambda r, a: r * np.exp(1j * a), grad=False),
    nn("psnr", PROBABILITIES, TRUTH, 1.0, oracle=lambda a, b, m: 10 * np.log10(m**2 / ((a - b) ** 2).mean())),
    nn("categorical_crossentropy", TRUTH, PROBABILITIES, oracle=lambda t, p: -(t * np.log(p)).sum(-1)),
    nn(
        "binary_crossentropy", TRUTH, PROBABILITIES,
        oracle=lambda t, p: -(t * np.log(p) + (1 - t) * np.log(1 - p)),
    ),
]  # fmt: skip
