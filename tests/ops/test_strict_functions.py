"""Everything but elementwise functions, for all dtypes, as array_api_strict has it."""

import array_api_strict as strict
import numpy as np
import pytest

import autograph as ag
from tests.ops.strict_comparison import ALL, COMPLEX, FLOATS, INTS, UINTS, compare, special_values

rng = np.random.default_rng(0)
NUMBERS = rng.integers(1, 9, (2, 3, 4))


def numbers(dtype, shape=(2, 3, 4)):
    """Small numbers, some equal, some 0."""
    made = rng.integers(0, 5, shape)
    if np.dtype(dtype).kind == "c":
        return (made + 1j * rng.integers(0, 5, shape)).astype(dtype)
    return made.astype(dtype)


CUBE = {
    "all": [lambda xp, x: xp.all(x), lambda xp, x: xp.all(x, axis=1, keepdims=True)],
    "any": [lambda xp, x: xp.any(x), lambda xp, x: xp.any(x, axis=(0, -1))],
    "argmax": [lambda xp, x: xp.argmax(x), lambda xp, x: xp.argmax(x, axis=-1, keepdims=True)],
    "argmin": [lambda xp, x: xp.argmin(x, keepdims=True), lambda xp, x: xp.argmin(x, axis=0)],
    "argsort": [
        lambda xp, x: xp.argsort(x),
        lambda xp, x: xp.argsort(x, axis=0, descending=True),
        lambda xp, x: xp.argsort(x, axis=1, stable=True),
    ],
    "broadcast_to": [lambda xp, x: xp.broadcast_to(x, (5, 2, 3, 4)), lambda xp, x: xp.broadcast_to(x[0, 0, :], (2, 4))],
    "broadcast_arrays": [lambda xp, x: xp.broadcast_arrays(x, x[0, :, :], x[0, :, :1])],
    "broadcast_shapes": [lambda xp, x: tuple(xp.broadcast_shapes(x.shape, (1, 4), (7, 1, 1, 1)))],
    "concat": [
        lambda xp, x: xp.concat([x, x], axis=-1),
        lambda xp, x: xp.concat((x, x[0, :, :]), axis=None),
        lambda xp, x: xp.concat((x, x[:, :0, :]), axis=1),
    ],
    "count_nonzero": [lambda xp, x: xp.count_nonzero(x), lambda xp, x: xp.count_nonzero(x, axis=1, keepdims=True)],
    "cumulative_sum": [
        lambda xp, x: xp.cumulative_sum(x, axis=1),
        lambda xp, x: xp.cumulative_sum(x, axis=-1, include_initial=True),
        lambda xp, x: xp.cumulative_sum(x, axis=0, dtype=xp.float64),
        lambda xp, x: xp.cumulative_sum(x[0, 0, :]),
    ],
    "cumulative_prod": [
        lambda xp, x: xp.cumulative_prod(x, axis=1),
        lambda xp, x: xp.cumulative_prod(x, axis=-1, include_initial=True),
        lambda xp, x: xp.cumulative_prod(x, axis=0, dtype=xp.float64),
    ],
    "diff": [
        lambda xp, x: xp.diff(x),
        lambda xp, x: xp.diff(x, axis=1, n=2),
        lambda xp, x: xp.diff(x, n=0),
        lambda xp, x: xp.diff(x, axis=0, n=3),
        lambda xp, x: xp.diff(x, prepend=x[..., :2], append=x[..., 1:]),
    ],
    "expand_dims": [lambda xp, x: xp.expand_dims(x, axis=0), lambda xp, x: xp.expand_dims(x, axis=-1)],
    "flip": [lambda xp, x: xp.flip(x), lambda xp, x: xp.flip(x, axis=(0, -1)), lambda xp, x: xp.flip(x, axis=1)],
    "full_like": [
        lambda xp, x: xp.full_like(x, 1),
        lambda xp, x: xp.full_like(x, 2, dtype=xp.float32),
        lambda xp, x: xp.ones_like(x),
        lambda xp, x: xp.zeros_like(x, dtype=xp.int8),
        lambda xp, x: xp.empty_like(x).shape,
    ],
    "isin": [lambda xp, x: xp.isin(x, x[0, 0, :]), lambda xp, x: xp.isin(x, x[0, :1, :2])],
    "matrix_transpose": [lambda xp, x: xp.matrix_transpose(x), lambda xp, x: x.mT, lambda xp, x: x[0, :, :].T],
    "max": [lambda xp, x: xp.max(x), lambda xp, x: xp.max(x, axis=(0, 2)), lambda xp, x: xp.max(x, axis=-1)],
    "mean": [lambda xp, x: xp.mean(x), lambda xp, x: xp.mean(x, axis=1, keepdims=True)],
    "meshgrid": [
        lambda xp, x: xp.meshgrid(x[0, 0, :], x[0, 0, :2]),
        lambda xp, x: xp.meshgrid(x[0, 0, :], indexing="ij"),
    ],
    "min": [lambda xp, x: xp.min(x), lambda xp, x: xp.min(x, axis=0, keepdims=True)],
    "moveaxis": [lambda xp, x: xp.moveaxis(x, 0, -1), lambda xp, x: xp.moveaxis(x, (0, 1), (-1, 0))],
    "nonzero": [lambda xp, x: xp.nonzero(x), lambda xp, x: xp.nonzero(x[0, 0, :])],
    "permute_dims": [lambda xp, x: xp.permute_dims(x, (2, 0, 1))],
    "prod": [lambda xp, x: xp.prod(x), lambda xp, x: xp.prod(x, axis=1), lambda xp, x: xp.prod(x, dtype=xp.int16)],
    "repeat": [
        lambda xp, x: xp.repeat(x, 2),
        lambda xp, x: xp.repeat(x, 3, axis=1),
        lambda xp, x: xp.repeat(x, xp.asarray([1, 0, 2]), axis=1),
        lambda xp, x: xp.repeat(x, xp.asarray([2]), axis=1),
    ],
    "reshape": [lambda xp, x: xp.reshape(x, (6, -1)), lambda xp, x: xp.reshape(x, (-1,), copy=True)],
    "roll": [
        lambda xp, x: xp.roll(x, 2),
        lambda xp, x: xp.roll(x, -1, axis=1),
        lambda xp, x: xp.roll(x, (1, 9), axis=(0, -1)),
        lambda xp, x: xp.roll(x, 1, axis=(0, 1)),
    ],
    "searchsorted": [
        lambda xp, x: xp.searchsorted(xp.sort(x[0, 0, :]), x),
        lambda xp, x: xp.searchsorted(xp.sort(x[0, 0, :]), x, side="right"),
        lambda xp, x: xp.searchsorted(x[0, 0, :], x, sorter=xp.argsort(x[0, 0, :])),
    ],
    "sort": [lambda xp, x: xp.sort(x), lambda xp, x: xp.sort(x, axis=0, descending=True)],
    "squeeze": [lambda xp, x: xp.squeeze(x[:1, :, :1], axis=(0, 2)), lambda xp, x: xp.squeeze(x[:1, :, :], axis=0)],
    "stack": [lambda xp, x: xp.stack([x, x]), lambda xp, x: xp.stack((x, x), axis=-1)],
    "std": [lambda xp, x: xp.std(x), lambda xp, x: xp.std(x, axis=1, correction=1.0)],
    "sum": [
        lambda xp, x: xp.sum(x),
        lambda xp, x: xp.sum(x, axis=(0, 1), keepdims=True),
        lambda xp, x: xp.sum(x, dtype=xp.int8),
        lambda xp, x: xp.sum(x[:, :0, :], axis=1),
    ],
    "take": [
        lambda xp, x: xp.take(x, xp.asarray([1, 0, 1]), axis=1),
        lambda xp, x: xp.take(x[0, 0, :], xp.asarray([3])),
        lambda xp, x: xp.take_along_axis(x, xp.asarray([[[1], [0], [3]]]), axis=-1),
    ],
    "tensordot": [lambda xp, x: xp.tensordot(x, x, axes=((0, 1), (0, 1))), lambda xp, x: xp.tensordot(x, x, axes=0)],
    "tile": [lambda xp, x: xp.tile(x, (2,)), lambda xp, x: xp.tile(x, (2, 1, 1, 3)), lambda xp, x: xp.tile(x, ())],
    "tril": [lambda xp, x: xp.tril(x), lambda xp, x: xp.tril(x, k=-1), lambda xp, x: xp.triu(x, k=1)],
    "unique": [
        lambda xp, x: xp.unique_values(x),
        lambda xp, x: list(xp.unique_all(x)),
        lambda xp, x: list(xp.unique_counts(x)),
        lambda xp, x: list(xp.unique_inverse(x)),
    ],
    "unstack": [lambda xp, x: xp.unstack(x), lambda xp, x: xp.unstack(x, axis=-1)],
    "var": [lambda xp, x: xp.var(x), lambda xp, x: xp.var(x, axis=(0, 1), correction=1.0, keepdims=True)],
    "vecdot": [lambda xp, x: xp.vecdot(x, x), lambda xp, x: xp.vecdot(x, x[:, :1, :], axis=-1)],
    "matmul": [lambda xp, x: x @ x.mT, lambda xp, x: xp.matmul(x, x[0, 0, :]), lambda xp, x: x[0, 0, :] @ x[0, 0, :]],
    "indexing": [
        lambda xp, x: x[1, ..., 2],
        lambda xp, x: x[None, :, ::-1, 1:3],
        lambda xp, x: x[x != x[0, 0, 0]],
        lambda xp, x: x[xp.asarray([1, 0]), xp.asarray([2, 0]), 1],
        lambda xp, x: x[xp.asarray([[1], [0]]), xp.asarray([1]), xp.asarray([2, 0])],
        lambda xp, x: x[...],
    ],
    "tensor": [
        lambda xp, x: (x.ndim, x.size, x.shape, bool(x[0, 0, 0])),
        lambda xp, x: float(x[0, 0, 1]),
        lambda xp, x: [10, 20, 30, 40, 50][x[0, 0, 2].__index__()],
        lambda xp, x: [int(x[0, 0, 1]), complex(x[0, 1, 1])],
    ],
}
LINALG = {
    "cross": [lambda la, x: la.cross(x, x[..., ::-1]), lambda la, x: la.cross(x.mT, x.mT, axis=-2)],
    "det": [lambda la, x: la.det(x)],
    "diagonal": [
        lambda la, x: la.diagonal(x),
        lambda la, x: la.diagonal(x, offset=-1),
        lambda la, x: la.diagonal(x[:, :2, :], offset=1),
    ],
    "eigh": [lambda la, x: la.eigvalsh(x + x.mT), lambda la, x: la.eigh(x + x.mT).eigenvalues],
    "inv": [lambda la, x: la.inv(x)],
    "matrix_norm": [lambda la, x, o=o: la.matrix_norm(x, ord=o) for o in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)],
    "matrix_norm kept": [
        lambda la, x, o=o: la.matrix_norm(x[:, :2, :], ord=o, keepdims=True) for o in ("fro", "nuc", 1, 2)
    ],
    "matrix_power": [lambda la, x, n=n: la.matrix_power(x, n) for n in (0, 1, 2, 5, -1, -3)],
    "matrix_rank": [lambda la, x: la.matrix_rank(x), lambda la, x: la.matrix_rank(x, rtol=0.5)],
    "outer": [lambda la, x: la.outer(x[0, 0, :], x[0, 1, :2])],
    "pinv": [lambda la, x: la.pinv(x), lambda la, x: la.pinv(x[:, :2, :]), lambda la, x: la.pinv(x, rtol=0.4)],
    "qr": [lambda la, x: list(la.qr(x)), lambda la, x: list(la.qr(x.mT[..., :2], mode="complete"))],
    "slogdet": [lambda la, x: list(la.slogdet(x))],
    "solve": [
        lambda la, x: la.solve(x, x[0, :, :]),
        lambda la, x: la.solve(x, x[0, 0, :]),
        lambda la, x: la.solve(x, x[..., :1]),
    ],
    "svd": [
        lambda la, x: la.svdvals(x),
        lambda la, x: la.svd(x[:, :2, :]).S,
        lambda la, x: [a.shape for a in la.svd(x[:, :2, :])],
        lambda la, x: [a.shape for a in la.svd(x[:, :2, :], full_matrices=False)],
    ],
    "trace": [lambda la, x: la.trace(x), lambda la, x: la.trace(x, offset=1)],
    "vector_norm": [lambda la, x, o=o: la.vector_norm(x, ord=o) for o in (2, 1, 0, 3, 0.5, np.inf, -np.inf, -1)],
    "vector_norm axes": [
        lambda la, x: la.vector_norm(x, axis=1, keepdims=True),
        lambda la, x: la.vector_norm(x, axis=(0, 2), ord=1),
    ],
}
FFT = {
    **{
        name: [
            lambda f, x, name=name: getattr(f, name)(x),
            lambda f, x, name=name: getattr(f, name)(x, n=3, axis=0, norm="ortho"),
            lambda f, x, name=name: getattr(f, name)(x, n=6, norm="forward"),
        ]
        for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
    },
    **{
        name: [
            lambda f, x, name=name: getattr(f, name)(x),
            lambda f, x, name=name: getattr(f, name)(x, axes=(0, 2), norm="ortho"),
            lambda f, x, name=name: getattr(f, name)(x, s=(3, 5), axes=(1, 0), norm="forward"),
        ]
        for name in ("fftn", "ifftn", "rfftn", "irfftn")
    },
    "fftshift": [
        lambda f, x: f.fftshift(x),
        lambda f, x: f.ifftshift(x, axes=1),
        lambda f, x: f.fftshift(x, axes=(0, 2)),
    ],
}


@pytest.mark.parametrize("name", CUBE)
def test_main_namespace(name):
    exact = name not in ("mean", "std", "var", "vecdot", "tensordot", "matmul", "sum", "prod")
    for f in CUBE[name]:
        defined = []
        for dtype in ALL:
            defined.append(compare(f, numbers(dtype), exact=exact))
        assert any(defined)


@pytest.mark.parametrize("name", LINALG)
def test_linalg(name):
    for f in LINALG[name]:
        defined = []
        for dtype in [*INTS, *UINTS, *FLOATS, *COMPLEX]:
            x = numbers(dtype, (2, 3, 3)) + np.eye(3, dtype=dtype) * 5
            defined.append(compare(lambda xp, x: f(xp.linalg, x), x, exact=False))
        assert any(defined)


@pytest.mark.parametrize("name", FFT)
def test_fft(name):
    for f in FFT[name]:
        defined = [compare(lambda xp, x: f(xp.fft, x), numbers(dtype), exact=False) for dtype in [*FLOATS, *COMPLEX]]
        assert any(defined)


@pytest.mark.parametrize("dtype", FLOATS)
def test_special_values_in_reductions(dtype):
    x = special_values(dtype)
    for name in ("max", "min", "sum", "prod", "mean", "argmax", "argmin", "sort"):
        compare(lambda xp, x: getattr(xp, name)(x), x)
    assert compare(lambda xp, x: xp.unique_values(x), x[1:])  # which of equal zeros is not said
    for name in ("sum", "prod", "max", "min", "mean"):
        compare(lambda xp, x: getattr(xp, name)(x), x[~np.isnan(x)])
    for name in ("sum", "prod", "any", "all", "unique_values"):
        assert compare(lambda xp, x: getattr(xp, name)(x), x[:0])


def test_variances_without_freedom_are_nan():
    for correction in (2, 3, 4.0):
        assert np.isnan(ag.ops.var(ag.constant([1.0, 2.0]), correction=correction).item())
        staged = ag.function(
            lambda x: ag.ops.var(x, correction=correction), input_signature=[ag.TensorSpec([None], ag.float32)]
        )
        assert np.isnan(staged(ag.constant([1.0, 2.0])).item())
        np.testing.assert_allclose(
            staged(ag.ops.arange(6.0)).item(), np.var(np.arange(6.0), ddof=correction), rtol=1e-6
        )


CREATION = [
    *[lambda xp, n=n: xp.arange(n, dtype=xp.int64) for n in (0, 1, 5, -3)],
    lambda xp: xp.arange(2, 10, 3),
    lambda xp: xp.arange(10, 2, -3),
    lambda xp: xp.arange(0.5, 3.0, 0.75, dtype=xp.float64),
    lambda xp: xp.arange(5, dtype=xp.uint8),
    *[lambda xp, k=k: xp.eye(3, 4, k=k, dtype=xp.int16) for k in (-4, -1, 0, 2, 5)],
    lambda xp: xp.eye(3, dtype=xp.float32),
    *[lambda xp, d=d: xp.full((2, 3), 1, dtype=getattr(xp, d)) for d in ALL],
    *[lambda xp, d=d: xp.zeros((2, 0), dtype=getattr(xp, d)) for d in ALL],
    *[lambda xp, d=d: xp.ones(4, dtype=getattr(xp, d)) for d in ALL],
    *[lambda xp, d=d: xp.asarray([[0, 1], [1, 0]], dtype=getattr(xp, d)) for d in ALL],
    lambda xp: xp.full((2,), 3),
    lambda xp: xp.full((), True),
    lambda xp: xp.asarray([]).shape,
    lambda xp: xp.asarray(5),
    lambda xp: xp.asarray([[True], [False]]),
    lambda xp: xp.linspace(0, 1, 5, dtype=xp.float64),
    lambda xp: xp.linspace(0, 1, 5, dtype=xp.float64, endpoint=False),
    lambda xp: xp.linspace(3, -7, 1, dtype=xp.float32),
    lambda xp: xp.linspace(0, 10, 0, dtype=xp.float32),
    lambda xp: xp.linspace(1j, 2 + 3j, 4, dtype=xp.complex128),
    lambda xp: xp.fft.fftfreq(5, d=0.5, dtype=xp.float64),
    lambda xp: xp.fft.fftfreq(6, dtype=xp.float32),
    lambda xp: xp.fft.rfftfreq(5, d=2.0, dtype=xp.float64),
]


def test_creation():
    for f in CREATION:
        assert compare(f)


REFUSED = [
    lambda xp: xp.zeros((2,)) + xp.zeros((3,)),
    lambda xp: xp.sum(xp.zeros((2,)), axis=1),
    lambda xp: xp.sum(xp.zeros((2, 2)), axis=(0, 0)),
    lambda xp: xp.max(xp.zeros((0,))),
    lambda xp: xp.argmin(xp.zeros((0,))),
    lambda xp: xp.reshape(xp.zeros((2,)), (3,)),
    lambda xp: xp.expand_dims(xp.zeros((2,)), axis=3),
    lambda xp: xp.squeeze(xp.zeros((2,)), axis=0),
    lambda xp: xp.concat([xp.zeros((2, 1)), xp.zeros((2, 2))]),
    lambda xp: xp.stack([xp.zeros((2,)), xp.zeros((3,))]),
    lambda xp: xp.cumulative_sum(xp.zeros((2, 2))),
    lambda xp: xp.cumulative_prod(xp.zeros((2, 2))),
    lambda xp: xp.nonzero(xp.asarray(1.0)),
    lambda xp: xp.take(xp.zeros((2, 2)), xp.asarray([0])),
    lambda xp: xp.take(xp.zeros((2,)), xp.asarray([5])),
    lambda xp: xp.zeros((2,))[2],
    lambda xp: xp.zeros((2,))[0, 0],
    lambda xp: xp.tril(xp.zeros((2,))),
    lambda xp: xp.matrix_transpose(xp.zeros((2,))),
    lambda xp: xp.matmul(xp.zeros((2, 3)), xp.zeros((2, 3))),
    lambda xp: xp.matmul(xp.asarray(1.0), xp.zeros((2, 3))),
    lambda xp: xp.vecdot(xp.zeros((2,)), xp.zeros((3,))),
    lambda xp: xp.tensordot(xp.zeros((2, 3)), xp.zeros((2, 3))[:1]),
    lambda xp: xp.broadcast_to(xp.zeros((2,)), (3,)),
    lambda xp: xp.permute_dims(xp.zeros((2, 2)), (0, 0)),
    lambda xp: xp.isdtype(xp.int8, "words"),
    lambda xp: xp.astype(xp.asarray(1j), xp.float64),
    lambda xp: xp.bitwise_and(xp.zeros((2,)), xp.zeros((2,))),
    lambda xp: xp.linalg.cross(xp.zeros((2,)), xp.zeros((2,))),
    lambda xp: xp.linalg.inv(xp.zeros((2, 3))),
    lambda xp: xp.linalg.inv(xp.zeros((2, 2))),
    lambda xp: xp.linalg.cholesky(xp.zeros((2, 2)) - 1),
    lambda xp: xp.linalg.solve(xp.zeros((2, 2)), xp.zeros((3,))),
    lambda xp: xp.linalg.outer(xp.zeros((2, 2)), xp.zeros((2,))),
    lambda xp: xp.linalg.diagonal(xp.zeros((2,))),
    lambda xp: xp.linalg.matrix_norm(xp.zeros((2, 2)), ord="big"),
    lambda xp: xp.fft.fft(xp.zeros((2,)), norm="half"),
    lambda xp: xp.fft.fft(xp.zeros((2,)), n=0),
    lambda xp: xp.fft.rfft(xp.asarray([1j])),
    lambda xp: xp.fft.fftn(xp.zeros((2, 2)), s=(1,), axes=(0, 1)),
    lambda xp: xp.broadcast_shapes((2,), (3,)),
    lambda xp: xp.roll(xp.zeros((2, 2)), (1, 2, 3), axis=(0, 1)),
    lambda xp: xp.repeat(xp.zeros((2,)), xp.asarray([1, -1])),
    lambda xp: xp.zeros((2,)).__array_namespace__(api_version="1999.01"),
    lambda xp: bool(xp.zeros((2,))),
    lambda xp: float(xp.asarray(1j)),
    lambda xp: xp.asarray(1.5).__index__(),
]


@pytest.mark.parametrize("f", REFUSED)
def test_both_refuse(f):
    for namespace in (strict, ag.ops):
        with pytest.raises((ValueError, TypeError, IndexError)), np.errstate(all="ignore"):
            f(namespace)
