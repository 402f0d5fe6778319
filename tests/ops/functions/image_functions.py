"""Rows of `ag.ops.image`, with SciPy, `colorsys` and plain loops as oracles."""

import colorsys
import itertools

import numpy as np
import scipy.ndimage

from tests.ops.functions.row import row

rng = np.random.default_rng(6)
IMAGE = rng.uniform(0, 1, (5, 6, 2))
BATCH = rng.uniform(0, 1, (2, 5, 6, 2))
COLORS = rng.uniform(0.05, 1, (2, 3, 4, 3))
PLANE = rng.normal(size=(5, 6))
PLACES = rng.uniform(-3, 8, (2, 7))
VOLUME = rng.normal(size=(1, 4, 3, 4, 2))
FIRST = np.moveaxis(BATCH, -1, 1).copy()
SHIFT = np.array([1.0, 0.2123, -0.6171, 0.1041, 0.9177, 0.4139, 0.0, 0.0])
TILTED = np.stack([SHIFT, [0.9013, 0.0117, 0.3131, 0.2031, 1.1021, -0.5113, 0.0201, -0.0107]])
SQUARE = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])
MOVED = SQUARE + np.array([[0.3, 0.2], [-0.5, 0.1], [0.4, -0.6], [0.2, 0.7]])
SCIPY_MODES = {"constant": "grid-constant", "wrap": "grid-wrap"}


def image(name, *args, oracle, **kw):
    return row(f"image.{name}", *args, oracle=oracle, **kw)


def coordinates(x, places, order, fill_mode="constant", fill_value=0):
    mode = SCIPY_MODES.get(fill_mode, fill_mode)
    return scipy.ndimage.map_coordinates(x, places, order=order, mode=mode, cval=fill_value, prefilter=False)


def kernel(name, x):
    x = np.abs(x)
    if name == "bilinear":
        return np.maximum(1 - x, 0)
    if name == "bicubic":
        return np.where(x < 1, 1.5 * x**3 - 2.5 * x**2 + 1, np.where(x < 2, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2, 0))
    radius = int(name[-1])
    return np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0)


def resized_axis(x, axis, count, interpolation, antialias):
    """Each new element as a weighted mean of old ones."""
    size = x.shape[axis]
    moved = np.moveaxis(x, axis, 0)
    out = []
    for i in range(count):
        at = (i + 0.5) * size / count - 0.5
        if interpolation == "nearest":
            out.append(moved[min(int((i + 0.5) * size / count), size - 1)])
            continue
        wide = max(size / count, 1) if antialias else 1
        weights = kernel(interpolation, (at - np.arange(size)) / wide)
        out.append(np.tensordot(weights / weights.sum(), moved, 1))
    return np.moveaxis(np.stack(out), 0, axis)


def resize(x, size, interpolation="bilinear", antialias=False, data_format=None, **crop):
    if data_format == "channels_first":
        return np.moveaxis(resize(np.moveaxis(x, 1, -1), size, interpolation, antialias), -1, 1)
    height = x.ndim - 3
    for axis, count in zip((height, height + 1), size, strict=True):
        x = resized_axis(x, axis, count, interpolation, antialias)
    return x


def warped(x, a, interpolation="bilinear", fill_mode="constant", fill_value=0):
    single = x.ndim == 3
    images, numbers = (x[None] if single else x), np.broadcast_to(a, (1 if single else len(x), 8))
    out = np.zeros(images.shape)
    for n, i, j in np.ndindex(*images.shape[:3]):
        a0, a1, a2, b0, b1, b2, c0, c1 = numbers[n]
        far = c0 * j + c1 * i + 1
        place = [[(b0 * j + b1 * i + b2) / far], [(a0 * j + a1 * i + a2) / far]]
        for c in range(images.shape[3]):
            order = int(interpolation == "bilinear")
            out[n, i, j, c] = coordinates(images[n, :, :, c], place, order, fill_mode, fill_value)[0]
    return out[0] if single else out


def perspective(x, start, end):
    rows = []
    for (u, v), (s, t) in zip(start, end, strict=True):
        rows += [[s, t, 1, 0, 0, 0, -s * u, -t * u, u], [0, 0, 0, s, t, 1, -s * v, -t * v, v]]
    rows = np.array(rows)
    return warped(x, np.linalg.solve(rows[:, :8], rows[:, 8]))


def blur(x, kernel_size=(3, 3), sigma=(1.0, 1.0)):
    for axis, (size, width) in enumerate(zip(kernel_size, sigma, strict=True), x.ndim - 3):
        weights = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * width**2))
        x = scipy.ndimage.correlate1d(x, weights / weights.sum(), axis, mode="constant")
    return x


def sobel(x):
    axes = (x.ndim - 3, x.ndim - 2)
    return np.stack([scipy.ndimage.sobel(x, axis, mode="mirror") for axis in axes], -1) if x.ndim == 2 else planes(x)


def planes(x):
    out = np.zeros((*x.shape, 2))
    for index in np.ndindex(*x.shape[:-3]):
        for c in range(x.shape[-1]):
            for k in (0, 1):
                out[(*index, ..., c, k)] = scipy.ndimage.sobel(x[(*index, ..., c)], k, mode="mirror")
    return out


def ssim(a, b, max_val, filter_size=11, filter_sigma=1.5):
    weights = np.exp(-((np.arange(filter_size) - (filter_size - 1) / 2) ** 2) / (2 * filter_sigma**2))
    window = np.outer(weights, weights) / weights.sum() ** 2
    total = []
    for i in range(a.shape[0] - filter_size + 1):
        for j in range(a.shape[1] - filter_size + 1):
            for c in range(a.shape[2]):
                x, y = [v[i : i + filter_size, j : j + filter_size, c] for v in (a, b)]
                mx, my = (window * x).sum(), (window * y).sum()
                vx, vy = (window * (x - mx) ** 2).sum(), (window * (y - my) ** 2).sum()
                together = (window * (x - mx) * (y - my)).sum()
                c1, c2 = (0.01 * max_val) ** 2, (0.03 * max_val) ** 2
                light = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
                total.append(light * (2 * together + c2) / (vx + vy + c2))
    return np.mean(total)


def colors(convert):
    return lambda x: np.apply_along_axis(lambda pixel: convert(*pixel), -1, x)


def patches(x, size, strides=None, dilation_rate=1, padding="valid"):
    strides = size if strides is None else strides
    reach = (size - 1) * dilation_rate + 1
    rank = x.ndim - 2
    if padding == "same":
        totals = [max((-(-s // strides) - 1) * strides + reach - s, 0) for s in x.shape[1:-1]]
        x = np.pad(x, [(0, 0), *[(t // 2, t - t // 2) for t in totals], (0, 0)])
    counts = [(s - reach) // strides + 1 for s in x.shape[1:-1]]
    out = np.zeros((x.shape[0], *counts, size**rank * x.shape[-1]))
    for place in itertools.product(*map(range, counts)):
        cut = tuple(slice(p * strides, p * strides + reach, dilation_rate) for p in place)
        out[(slice(None), *place)] = x[(slice(None), *cut)].reshape(x.shape[0], -1)
    return out


def translated(x, shape, scale, shift, axes, method):
    return scipy.ndimage.shift(x, [0, shift[0]], order=1, mode="constant")


IMAGE_FUNCTIONS = [
    *[
        image("map_coordinates", PLANE, PLACES, order, fill_mode=mode, oracle=coordinates)
        for order in (0, 1)
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect")
    ],
    image("map_coordinates", PLANE, PLACES, 1, fill_value=5.0, oracle=coordinates),
    *[
        image("resize", BATCH, size, name, oracle=resize)
        for name in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
        for size in ((8, 9), (3, 4))
    ],
    image("resize", BATCH, (3, 2), antialias=True, oracle=resize),
    image("resize", BATCH, (3, 2), "lanczos3", antialias=True, oracle=resize),
    image("resize", IMAGE, (7, 4), oracle=resize),
    image("resize", FIRST, (7, 4), data_format="channels_first", oracle=resize),
    image(
        "resize", IMAGE, (4, 4), crop_to_aspect_ratio=True, open=False,
        oracle=lambda x, size, **k: resize(x[:, :5], size),
    ),
    image(
        "resize", IMAGE, (4, 4), pad_to_aspect_ratio=True, fill_value=1.0, open=False,
        oracle=lambda x, size, **k: resize(np.pad(x, ((0, 1), (0, 0), (0, 0)), constant_values=1.0), size),
    ),
    image(
        "scale_and_translate", PLANE, (5, 6), np.array([1.0]), np.array([2.0]), (1,), "linear",
        oracle=translated, open=False, grad=False,
    ),
    image(
        "scale_and_translate", PLANE, (5, 6), np.array([1.3]), np.array([0.4]), (1,), "cubic", antialias=False,
        oracle=lambda x, n, s, t, *r, **k: np.stack([
            sum(x[:, i] * kernel("bicubic", ((j + 0.5) / 1.3 - 0.4 / 1.3 - 0.5) - i) for i in range(6))
            / sum(kernel("bicubic", ((j + 0.5) / 1.3 - 0.4 / 1.3 - 0.5) - i) for i in range(6))
            for j in range(6)
        ], 1),
        open=False,
    ),
    image("affine_transform", IMAGE, SHIFT, oracle=warped, open=(0,)),
    image("affine_transform", BATCH, TILTED, fill_mode="reflect", oracle=warped, open=(0,)),
    image("affine_transform", BATCH, SHIFT, "nearest", "nearest", oracle=warped, open=(0,)),
    image("perspective_transform", BATCH, SQUARE, MOVED, oracle=perspective, open=(0,)),
    image("gaussian_blur", BATCH, oracle=blur),
    image("gaussian_blur", IMAGE, (3, 5), (0.7, 1.4), oracle=blur),
    image("sobel_edges", BATCH, oracle=sobel),
    image("sobel_edges", IMAGE, oracle=sobel),
    image("ssim", IMAGE, IMAGE[::-1].copy(), 1.0, 4, oracle=ssim),
    image("crop_images", BATCH, 1, 2, target_height=3, target_width=2, oracle=lambda x, *a, **k: x[:, 1:4, 2:4]),
    image("crop_images", IMAGE, 1, 2, 1, 0, oracle=lambda x, *a: x[1:-1, 2:]),
    image(
        "pad_images", BATCH, 1, 2, target_height=8, target_width=9,
        oracle=lambda x, *a, **k: np.pad(x, ((0, 0), (1, 2), (2, 1), (0, 0))),
    ),
    image("rgb_to_grayscale", COLORS, oracle=lambda x: x @ np.array([[0.2989], [0.587], [0.114]])),
    image("rgb_to_hsv", COLORS, oracle=colors(colorsys.rgb_to_hsv)),
    image("rgb_to_hsv", np.array([[[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]]]), oracle=colors(colorsys.rgb_to_hsv), grad=False),
    image("hsv_to_rgb", COLORS, oracle=colors(colorsys.hsv_to_rgb)),
    image("extract_patches", BATCH, 2, oracle=patches),
    image("extract_patches", BATCH, 2, 1, 2, oracle=patches),
    image("extract_patches", BATCH, 3, 2, padding="same", oracle=patches),
    image("extract_patches_3d", VOLUME, 2, 1, oracle=patches),
    image("reconstruct_patches", patches(BATCH, 2, 1), 2, strides=1, oracle=lambda p, n, strides: BATCH, open=False),
    image(
        "reconstruct_patches", patches(BATCH, 3, 2, 1, "same"), 3, (5, 6), 2, "same", open=False,
        oracle=lambda p, *a: BATCH,
    ),
    image("reconstruct_patches_3d", patches(VOLUME, 2, 1), 2, strides=1, oracle=lambda *a, **k: VOLUME, open=False),
]  # fmt: skip
