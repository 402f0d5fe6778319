"""Rows of the functions that have NumPy's names, with NumPy as the oracle."""

import itertools

import numpy as np

from tests.ops.functions.row import row

rng = np.random.default_rng(4)
X = rng.normal(size=(3, 4))
Y = rng.normal(size=(3, 4))
CUBE = rng.normal(size=(2, 3, 4))
V, W, LONG = rng.normal(size=4), rng.normal(size=3), rng.normal(size=7)
POSITIVE = rng.uniform(0.5, 3, (3, 4))
INTS = np.array([[12, 7, -9], [4, 0, 30]])
COUNTS = np.array([0, 3, 1, 3, 5])
HOLES = np.array([[1.0, np.nan, 3.0, -2.0], [np.nan, 5.0, 0.5, 4.0], [2.5, 1.5, np.nan, np.nan]])
EMPTY_LANE = np.array([[1.0, np.nan], [2.0, np.nan]])
ODD = np.array([np.nan, np.inf, -np.inf, 2.0, 0.0])
NEAR = np.array([1.0, 2.0, np.nan, np.inf, -np.inf])
NEARLY = np.array([1.0 + 1e-7, 2.1, np.nan, np.inf, np.inf])
COMPLEX = rng.normal(size=3) + 1j * rng.normal(size=3)
EDGES = np.array([-1.0, 0.0, 0.5, 2.0])
INDICES = np.array([0, 5, 11])
fixed = {"grad": False}


def no_nan(x1, x2):
    return np.where(x2 == 0, 0, x1 / np.where(x2 == 0, 1, x2))


def filled_diff(name):
    """NumPy's NaN function; warnings about empty lanes are not meant."""

    def oracle(*args, **kwargs):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(np, name)(*args, **kwargs)

    return oracle


def initial(name):
    """NumPy's extreme, whose third argument is another."""
    return lambda x, axis, keepdims, initial: getattr(np, name)(x, axis, keepdims=keepdims, initial=initial)


def in_top_k(targets, predictions, k):
    return np.array([(p > p[t]).sum() < k for t, p in zip(targets, predictions, strict=True)])


def scatter(indices, values, shape):
    out = np.zeros(shape)
    np.add.at(out, tuple(np.moveaxis(indices, -1, 0)), values)
    return out


def scatter_update(x, indices, updates, reduction=None):
    out = x.copy()
    key = tuple(np.moveaxis(indices, -1, 0))
    if reduction is None:
        out[key] = updates
    else:
        np.add.at(out, key, updates)
    return out


def slice_update(x, start, block):
    out = x.copy()
    out[tuple(slice(s, s + n) for s, n in zip(start, block.shape, strict=True))] = block
    return out


def segment(start, join):
    def oracle(data, ids, count):
        out = np.full((count, *data.shape[1:]), start, data.dtype)
        for item, place in zip(data, ids, strict=True):
            out[place] = join(out[place], item)
        return out

    return oracle


def segment_mean(data, ids, count):
    sums = segment(0.0, np.add)(data, ids, count)
    return sums / np.maximum(np.bincount(ids, minlength=count), 1)[:, None]


def sized_unique(x, size, fill_value=None):
    values = np.unique(x)[:size]
    return np.append(values, np.full(size - len(values), values[0] if fill_value is None else fill_value))


UNARY = [
    *[row(name, X) for name in ("exp2", "cbrt", "deg2rad", "rad2deg", "sinc", "absolute", "arctan", "arcsinh")],
    row("sinc", np.array([0.0, 1.0, 0.25])),
    row("i0", X),
    row("rsqrt", POSITIVE, oracle=lambda x: 1 / np.sqrt(x)),
    row("angle", COMPLEX),
    row("angle", X, **fixed),
    row("isreal", np.array([1.0, 2j])),
    *[row(name, ODD, grad=False, narrow=False) for name in ("isneginf", "isposinf", "nan_to_num")],
    row("nan_to_num", ODD, nan=1.0, posinf=2.0, neginf=3.0, grad=False),
    row("nan_to_num", INTS),
    row("bitwise_count", INTS),
    row("round", X, 2, grad=False),
    row("round", X * 100, -1, grad=False),
    row("copy", X),
    row("view", X.astype(np.float32), np.int32, oracle=lambda x, d: x.view(d), **fixed),
    row("view", X, np.float32, oracle=lambda x, d: x.view(d), narrow=False, **fixed),
    row("view", X.astype(np.float32), np.float64, oracle=lambda x, d: x.view(d), **fixed),
]

BINARY = [
    row("logaddexp2", X, Y),
    row("ldexp", X, np.array([1, -2, 0, 3])),
    row("divide_no_nan", np.array([1.0, 2.0]), np.array([0.0, 4.0]), oracle=no_nan, grad=False),
    row("divide_no_nan", X, POSITIVE, oracle=no_nan),
    row("heaviside", np.array([-1.0, 0.0, 2.0, np.nan]), 0.5, grad=False),
    row("isclose", NEAR, NEARLY),
    row("isclose", NEAR, NEARLY, equal_nan=True),
    row("isclose", X, X + 1e-6, rtol=1e-3),
    row("allclose", X, X + 1e-6),
    row("allclose", X, X + 1e-12),
    row("gcd", INTS, np.array([8, 14, 6])),
    row("lcm", INTS, np.array([8, 14, 6])),
    row("power", POSITIVE, Y),
    row("mod", X, POSITIVE, grad=False),
    row("true_divide", X, POSITIVE),
    row("arctan2", X, Y),
    row("left_shift", np.array([1, 2]), np.array([3, 1])),
    row("bitwise_not", INTS),
    row("fabs", X),
    row("fabs", INTS),
    *[row(name, np.array([1.0, np.nan, 2.0, np.nan]), NEAR[:4], grad=False) for name in ("fmax", "fmin")],
    *[row(name, X, Y) for name in ("fmax", "fmin", "fmod")],
    row(
        "fmod",
        np.array([5.0, -5.0, 5.0, -5.0, 1e300, -1e-20, np.inf, 2.0]),
        np.array([3.0, 3, -3, -3, 7, 1, 1, np.inf]),
        grad=False,
        narrow=False,
    ),
    row("fmod", INTS, np.array([5, -4, 7])),
]

REDUCTIONS = [
    *[
        row(name, HOLES, axis=axis, keepdims=keepdims)
        for name in ("nansum", "nanprod", "nanmax", "nanmin", "nanmean", "nanvar", "nanstd", "nanmedian")
        for axis, keepdims in ((None, False), (0, False), (1, True))
    ],
    *[row(name, EMPTY_LANE, axis=0, oracle=filled_diff(name), **fixed) for name in ("nanmax", "nanmean", "nanmedian")],
    row("nanvar", HOLES, axis=1, ddof=1),
    *[
        row(name, X, axis, keepdims, -0.1, oracle=initial(name))
        for name in ("max", "min")
        for axis, keepdims in ((None, False), (1, True))
    ],
    *[row(name, X[:0], 0, False, -0.1, oracle=initial(name)) for name in ("max", "min")],
    *[row(name, HOLES, axis=axis) for name in ("nanargmax", "nanargmin") for axis in (None, 0, 1)],
    *[row(name, HOLES, axis=axis) for name in ("nancumsum", "nancumprod") for axis in (None, 0, 1)],
    *[row(name, X, axis=axis) for name in ("cumsum", "cumprod") for axis in (None, 0, 1)],
    row("cumsum", INTS),
    *[row(name, CUBE, axis=axis) for name in ("ptp", "median", "amax", "amin") for axis in (None, 1, (0, 2))],
    row("ptp", X, axis=1, keepdims=True),
    row("average", X),
    row("average", X, 1, POSITIVE[0]),
    row("average", X, 0, POSITIVE),
    row("average", INTS, axis=0),
    row("cov", X),
    row("cov", X, rowvar=False),
    row("cov", V),
    row("corrcoef", X),
    *[
        row("quantile", CUBE, q, axis=axis, keepdims=keepdims)
        for q in (0.3, np.array([0.1, 0.55, 0.95]))
        for axis, keepdims in ((None, False), (1, False), ((0, 2), True))
    ],
    *[
        row("quantile", LONG, np.array([0.2, 0.55]), method=method)
        for method in ("lower", "higher", "nearest", "midpoint")
    ],
    row("quantile", HOLES, 0.5, axis=0, grad=False),
    row("percentile", X, np.array([10.0, 90.0]), axis=1),
    row("nanquantile", HOLES, np.array([0.1, 0.45]), axis=1),
    row("nanpercentile", HOLES, 75.0, axis=0),
    row("median", INTS, axis=1),
    row("trapezoid", X),
    row("trapezoid", X, axis=0, dx=0.5),
    row("trapezoid", X, np.array([0.0, 1.0, 1.5, 4.0])),
]

SHAPES = [
    *[row("transpose", CUBE, axes) for axes in (None, (1, 2, 0))],
    row("swapaxes", CUBE, 0, -1),
    row("ravel", CUBE),
    row("fliplr", CUBE),
    row("flipud", CUBE),
    *[row("rot90", CUBE, k, axes) for k in range(-1, 4) for axes in ((0, 1), (2, 0))],
    row("squeeze", X[None, :, None]),
    row("split", LONG[:6], 3),
    row("split", X, [1, 3], 1),
    row("split", X, [1, -1, 9], 1, open=False),
    row("array_split", LONG, 3, open=False),
    row("hsplit", X, 2),
    row("hsplit", LONG[:6], 2),
    row("vsplit", X, [2]),
    row("dsplit", CUBE, 2),
    *[row(name, [X, Y]) for name in ("hstack", "vstack", "dstack", "concatenate")],
    *[row(name, [V, V]) for name in ("hstack", "vstack", "dstack")],
    row("hstack", [X, X[:, :1]], open=False),
    row("append", X, Y),
    row("append", X, Y, axis=0),
    row("diagonal", CUBE, 1, 1, 2),
    row("diagonal", CUBE),
    row("trace", CUBE, 0, 2, 1),
    row("trace", INTS),
    *[row(name, x, k) for name, x in (("diag", V), ("diag", X), ("diagflat", X)) for k in (-1, 0, 2)],
    row("vander", W),
    row("vander", W, 2, increasing=True),
    row("vander", np.array([1, 2, 3])),
    *[row("pad", CUBE, width) for width in (1, (1, 2), ((0, 1), (2, 0), (1, 1)), ((1, 2),), {0: 2, -1: (1, 3)})],
    *[row("pad", X, ((5, 0), (1, 9)), mode) for mode in ("edge", "reflect", "symmetric", "wrap")],
    row("pad", X, 1, constant_values=5.0),
    row("pad", X, 2, constant_values=((1.0, 2.0), (3.0, 4.0))),
    row("where", X > 0, X, Y),
    row("select", [X > 0, Y > 0], [X, Y], -1.0),
    row("meshgrid", V, W),
    row("kron", X, CUBE),
    row("kron", V, X),
]

PRODUCTS = [
    row("dot", V, V),
    row("dot", X, V),
    row("dot", CUBE, Y.T.copy()),
    row("dot", V, 2.0),
    row("inner", CUBE, X),
    row("inner", V, V),
    row("vdot", X, Y),
    row("vdot", COMPLEX, COMPLEX),
    row("cross", X[:, :3], Y[:, :3]),
    row("cross", Y[:, :3], X.T[1:4].copy(), axisb=0, axisc=0, open=False, oracle=lambda a, b, **k: np.cross(a, b, **k)),
    row("cross", X[:, :2], Y[:, :2], open=False, oracle=lambda a, b: a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]),
    *[
        row(name, a, b, mode=mode, oracle=getattr(np, name))
        for name in ("correlate", "convolve")
        for a, b in ((LONG, W), (LONG, V))
        for mode in ("valid", "same", "full")
    ],
    *[row(name, W, LONG, mode=mode, open=False) for name in ("correlate", "convolve") for mode in ("valid", "full")],
    row("correlate", V, LONG, mode="same", open=False),
    row("convolve", V, LONG, mode="same", open=False),
    row("correlate", np.tile(COMPLEX, 2), COMPLEX, mode="full"),
]

EINSUMS = [
    row("einsum", text, *operands, open=False)
    for text, *operands in (
        ("ij,kj->ik", X, Y),
        ("ij,ij", X, Y),
        ("ij->ji", X),
        ("ij->", X),
        ("ba", X),
        ("ij,ij->ij", X, Y),
        ("i,j->ij", V, W),
        ("ijk,lk->lij", CUBE, X),
        ("bij,bjk->bik", CUBE, rng.normal(size=(2, 4, 3))),
        ("...j,kj->...k", CUBE, X),
        ("b...,b...", CUBE, CUBE),
        ("i...->...", CUBE),
        ("ii->i", CUBE[:, :2, 0]),
        ("ii", CUBE[:, :2, 0]),
        ("iji->j", CUBE[:, :, :2]),
        ("ij,jk,kl->il", X, Y.T.copy(), X),
        ("a,b,c->abc", V, W, V),
        ("ij,j->", X, V),
        ("ij,kj->ik", X, np.ones((3, 1))),
        ("ij, jk -> ik", X, Y.T.copy()),
        ("ij,ij->i", INTS, INTS),
        ("ij,j", COMPLEX[None], COMPLEX),
    )
] + [row("einsum", "bij,bkj->bik", CUBE, CUBE), row("einsum", "ij,jk,kl", X, Y.T.copy(), X)]

COUNTING = [
    row("bincount", COUNTS),
    row("bincount", COUNTS, minlength=9),
    row("bincount", COUNTS, weights=COUNTS * 0.5, oracle=np.bincount),
    *[row("digitize", X, EDGES, right) for right in (False, True)],
    row("digitize", X, EDGES[::-1].copy(), open=False, oracle=np.digitize),
    row("histogram", X),
    row("histogram", X, 4, range=(-1.0, 1.5)),
    row("histogram", X, EDGES, grad=False),
    row("histogram", np.ones(3), 2, grad=False),
    row("histogram", INTS, 5),
    row("interp", X, EDGES, V),
    row("interp", X, EDGES, V, left=7.0, right=8.0),
    row("top_k", X, 2, oracle=lambda x, k: (-np.sort(-x)[:, :k], np.argsort(-x)[:, :k])),
    row(
        "top_k",
        X,
        1,
        axis=0,
        mode="smallest",
        oracle=lambda x, k, axis, mode: (np.sort(x, axis)[:k], np.argsort(x, axis)[:k]),
    ),
    row("in_top_k", np.array([0, 2, 3]), X, 2, oracle=in_top_k),
    row("argpartition", X, 1, oracle=lambda x, k: np.argsort(x, kind="stable")),
    row("unique", INTS.ravel(), oracle=np.unique),
    row("unique", COUNTS, return_index=True, return_counts=True, oracle=lambda x, **k: np.unique(x, **k)),
    *[row("unique", COUNTS, size=size, oracle=sized_unique) for size in (2, 4, 6)],
    row("unique", W, size=6, fill_value=9.0, oracle=sized_unique),
    row("unravel_index", INDICES, (3, 4), oracle=np.unravel_index),
    row("take_along_axis", X, np.array([[1, 0], [2, 3], [0, 0]]), 1),
]

PLACES = np.array([[0, 1], [2, 3], [0, 1]])
SCATTERED = [
    row("scatter", PLACES, W, (3, 4), oracle=scatter, open=(1,)),
    row("scatter", PLACES[:, :1], X, (4, 4), oracle=scatter, open=False),
    row("scatter_update", X, PLACES[:2], W[:2], oracle=scatter_update, open=(0, 2)),
    row("scatter_update", X, PLACES, W, "add", oracle=scatter_update, open=(0, 2)),
    row("slice", X, np.array([1, 0]), (2, 3), oracle=lambda x, s, n: x[1:3, :3], open=(0,)),
    row("slice", X, (0, 2), (3, 2), oracle=lambda x, s, n: x[:, 2:]),
    row("slice_update", X, np.array([1, 0]), Y[:2, :3], oracle=slice_update, open=(0, 2)),
    *[
        row(f"segment_{name}", data, np.array([2, 0, 2]), 4, oracle=segment(start, join), grad=start in (0, 1))
        for name, start, join in (
            ("sum", 0, np.add), ("prod", 1, np.multiply), ("max", -np.inf, np.maximum), ("min", np.inf, np.minimum)
        )
        for data in (X, W)
    ],
    row("segment_max", X, np.array([1, 0, 1]), 2, oracle=segment(-np.inf, np.maximum)),
    row("segment_min", X, np.array([1, 0, 1]), 2, oracle=segment(np.inf, np.minimum)),
    row("expand_dims", X, (0, -1, 2)),
    row("segment_max", X[0, :3] > 9, np.array([0, 1, 1]), 3, oracle=lambda *_: np.zeros(3, bool)),
    row("segment_min", X[0, :3] > 9, np.array([0, 1, 1]), 3, oracle=lambda *_: np.array([False, False, True])),
    row("segment_prod", np.array([2.0, 0.0, 3.0]), np.array([0, 0, 0]), 1, oracle=segment(1, np.multiply)),
    row("segment_mean", X, np.array([2, 0, 2]), 4, oracle=segment_mean),
    row("segment_sum", INTS, np.array([1, 1]), 2, oracle=segment(0, np.add)),
]  # fmt: skip

ROWS_AGAIN = np.array([[1, 2, 0], [0, 5, 1], [1, 2, 0], [0, 4, 1]])
AXES = [
    row("unique", ROWS_AGAIN, axis=0, return_index=True, return_inverse=True, return_counts=True),
    row("unique", ROWS_AGAIN * 0.5, axis=1),
    row(
        "unique",
        ROWS_AGAIN * 0.5,
        axis=0,
        size=4,
        grad=False,
        oracle=lambda x, axis, size: np.unique(x, axis=0)[[0, 1, 2, 0]],
    ),
    row("unique", ROWS_AGAIN, axis=0, size=2, oracle=lambda x, axis, size: np.unique(x, axis=0)[:2]),
    row("std", X, 0, True, oracle=lambda x, axis, keepdims: x.std(axis, keepdims=keepdims)),
    row("var", X, 1, oracle=lambda x, axis: x.var(axis)),
    row("diff", X, 2, 0),
    row("tril", X, 1),
    row("triu", X, -1),
]

RANGES = [
    row("eye", 3, 4, 1),
    row("linspace", 0.0, 1.0, 4, False),
    *[row(name, n) for name in ("bartlett", "blackman", "hamming", "hanning") for n in (0, 1, 8)],
    row("kaiser", 8, 3.0),
    row("linspace", X[0], Y[0], 5),
    row("linspace", 0.0, X, 4, endpoint=False),
    row("linspace", X, 1.0, 4, axis=1),
    row("linspace", X[0], 2.0, 4, True, True),
    row("linspace", 0.0, 1.0, 4, False, True),
    row("logspace", X[0], Y[0], 3, axis=-1),
    row("geomspace", POSITIVE[0], POSITIVE[1], 4, axis=1),
    row("logspace", X[0], Y[0], 3),
    row("logspace", 0.0, 2.0, 5, base=2.0),
    row("geomspace", POSITIVE[0], POSITIVE[1], 4),
    row("geomspace", 1.0, 1000.0, 4),
    row("tri", 3, 4, 1),
    row("identity", 3),
]

NUMPY_FUNCTIONS = list(
    itertools.chain(UNARY, BINARY, REDUCTIONS, SHAPES, PRODUCTS, EINSUMS, COUNTING, SCATTERED, AXES, RANGES)
)
