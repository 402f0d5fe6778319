"""Linear algebra: gradients through compositions, complex factors, open sizes, second order, refusals."""

import numpy as np
import pytest

import autograph as ag
from tests.ops.functions import linalg_functions

rng = np.random.default_rng(3)
REAL = rng.normal(size=(3, 3))
COMPLEX = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
TALL_COMPLEX = rng.normal(size=(4, 3)) + 1j * rng.normal(size=(4, 3))
la, xp = ag.ops.linalg, ag.ops


def differences(f, x):
    """The gradient of a real function by central differences; of complex operands, as cotangents pair."""
    out = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        for unit in (1, 1j) if x.dtype.kind == "c" else (1,):
            ends = []
            for step in (1e-6, -1e-6):
                moved = x.copy()
                moved[place] += step * unit
                ends.append(float(f(ag.constant(moved))))
            slope = (ends[0] - ends[1]) / 2e-6
            out[place] += slope if unit == 1 else -1j * slope
    return out


def real_sum(x):
    return xp.sum(xp.real(x)) + xp.sum(xp.imag(x)) * 0.5


W = ag.constant(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))
V = ag.constant(rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)))


def hermitian(x):
    return x + xp.conj(xp.matrix_transpose(x))


def eigen_projector(x):
    values, vectors = la.eigh(hermitian(x))
    one = vectors[:, :1]
    return real_sum(one @ xp.conj(xp.matrix_transpose(one)) * W) + xp.sum(values * values[::-1] * 0.3)


def singular_projector(x):
    u, s, vh = la.svd(x, full_matrices=False)
    outer = u[:, :2] @ vh[:2]
    return real_sum(outer * W) + s[0] * s[2]


def tall_projector(x):
    u, s, vh = la.svd(x, full_matrices=False)
    return real_sum(u @ vh * V[:, :3]) + real_sum(u[:, :1] @ xp.conj(xp.matrix_transpose(u[:, :1])) * V) + xp.sum(s**3)


LOSSES = [
    (eigen_projector, REAL),
    (eigen_projector, COMPLEX),
    (singular_projector, REAL),
    (singular_projector, COMPLEX),
    (tall_projector, TALL_COMPLEX),
    (lambda x: tall_projector(xp.matrix_transpose(x)), TALL_COMPLEX.T.copy()),
    (lambda x: xp.sum(la.svdvals(x) ** 2), np.eye(3)),
    (lambda x: xp.sum(la.eigvalsh(hermitian(x)) ** 2), np.eye(3)),
    (lambda x: real_sum(la.cholesky(x @ xp.conj(x.T) + xp.eye(3), upper=True) * W), COMPLEX),
    (lambda x: real_sum(la.matrix_power(x, 3) * W), COMPLEX),
    (lambda x: real_sum(la.matrix_power(x, -2) * W), REAL),
    (lambda x: xp.sum(la.vector_norm(x, axis=1)), COMPLEX),
    (lambda x: la.matrix_norm(x, ord="nuc") + la.matrix_norm(x) + la.matrix_norm(x, ord=1), REAL),
    (lambda x: real_sum(la.cross(x, x[::-1])), REAL),
    (lambda x: real_sum(la.solve(x, W)), REAL),
    (lambda x: la.slogdet(x).logabsdet + la.trace(x) ** 2 + xp.sum(la.diagonal(x, offset=1) ** 2), REAL),
    (lambda x: xp.sum(xp.tensordot(x, x, axes=((0,), (1,))) ** 2) + xp.sum(la.outer(x[0], x[1]) ** 2), REAL),
    (lambda x: xp.sum(xp.abs(xp.fft.fftn(x, s=(4, 2))) ** 2), REAL),
    (lambda x: xp.sum(xp.abs(xp.fft.rfftn(x)) ** 3), REAL),
    (lambda x: xp.sum(xp.fft.irfftn(x, s=(5, 4)) ** 3), COMPLEX),
    (lambda x: xp.sum(xp.fft.hfft(x, n=5) ** 3), COMPLEX),
    (lambda x: real_sum(xp.fft.ihfft(x, axis=0) * W[:2]), REAL),
    (lambda x: xp.sum(xp.cumulative_prod(x, axis=1) ** 2) + xp.sum(xp.diff(x, axis=0) ** 3), REAL),
    (lambda x: xp.sum(xp.roll(x, 1, axis=0) * x) + xp.sum(xp.tile(x, (2, 1)) ** 2), REAL),
    (lambda x: xp.sum(xp.triu(x) ** 2) + xp.sum(xp.sort(x, axis=0) * xp.arange(3.0, dtype=xp.float64)), REAL),
]


OPEN = [*range(6, 21), 22, 23, 24]  # that hold for open sizes


@pytest.mark.parametrize("case", range(len(LOSSES)))
def test_gradients(case):
    loss, x = LOSSES[case]
    wanted = differences(loss, x)
    dtype = ag.as_dtype(x.dtype)
    open_sizes = ag.function(loss, input_signature=[ag.TensorSpec([None, None], dtype)])
    for f in (loss, ag.function(loss), *([open_sizes] if case in OPEN else [])):
        np.testing.assert_allclose(ag.grad(f)(ag.constant(x)).numpy(), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "f", [lambda x: xp.sum(la.inv(x) ** 2), la.det, lambda x: xp.sum(la.svdvals(x) ** 3), lambda x: xp.sum(la.pinv(x))]
)
def test_second_derivatives(f):
    first = ag.grad(f)
    got = ag.grad(lambda x: xp.sum(first(x) * ag.constant(REAL.T.copy())))(ag.constant(REAL)).numpy()
    wanted = differences(lambda x: xp.sum(first(x) * ag.constant(REAL.T.copy())), REAL)
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)


def test_gradient_of_a_zero_vector_s_length_is_zero():
    np.testing.assert_array_equal(ag.grad(la.vector_norm)(ag.constant([0.0, 0.0])).numpy(), [0, 0])
    np.testing.assert_array_equal(ag.grad(lambda x: xp.hypot(x[0], x[1]))(ag.constant([0.0, 0.0])).numpy(), [0, 0])


def test_norms_and_ranks_of_nothing_are_zero():
    for order in ("fro", "nuc", 1, 2, np.inf):
        assert la.matrix_norm(xp.zeros((2, 0, 3)), ord=order).numpy().tolist() == [0, 0]
        assert la.matrix_norm(xp.zeros((0, 3)), ord=order, keepdims=True).shape == (1, 1)
    for order in (0, 1, 2, 3, np.inf):
        assert la.vector_norm(xp.zeros((2, 0)), ord=order, axis=1).numpy().tolist() == [0, 0]
    assert la.matrix_rank(xp.zeros((2, 0, 3))).numpy().tolist() == [0, 0]


@pytest.mark.parametrize(
    ("f", "word"),
    [
        (lambda x: xp.sum(la.svd(x).U), "full_matrices=False"),
        (lambda x: xp.sum(la.qr(x, mode="complete").Q), "mode='reduced'"),
    ],
)
def test_gradients_that_do_not_exist(f, word):
    with pytest.raises(ag.errors.GradientError, match=word):
        ag.grad(f)(ag.constant(np.ones((4, 3)) + np.eye(4, 3)))


@pytest.mark.parametrize(
    ("run", "error", "word"),
    [
        (lambda x: la.inv(x), ag.errors.ShapeError, "inv of .* not square"),
        (lambda x: la.det(x[0]), ag.errors.ShapeError, "no matrix"),
        (lambda x: la.cholesky(xp.astype(x, ag.float16)), ag.errors.DTypeError, "cholesky of float16"),
        (lambda x: la.solve(x[:, :2], x[:1]), ag.errors.ShapeError, "solve"),
        (lambda x: la.cross(x[:, :2], x[:, :2]), ag.errors.ShapeError, "3 elements"),
        (lambda x: xp.fft.fft(x > 0), ag.errors.DTypeError, "fft of bool"),
        (lambda x: xp.fft.fft(x, axis=4), ag.errors.ShapeError, "axis 4"),
        (lambda x: xp.roll(x, (1, 2), axis=0), ag.errors.ShapeError, "shifts"),
        (lambda x: xp.moveaxis(x, (0, 1), 0), ag.errors.ShapeError, "moveaxis"),
        (lambda x: xp.take_along_axis(x, xp.asarray([0])), ag.errors.ShapeError, "ranks differ"),
        (lambda x: xp.searchsorted(x, x), ag.errors.ShapeError, "searchsorted"),
        (lambda x: xp.astype(x * 1j, ag.float64), ag.errors.DTypeError, "complex numbers become float64"),
        (lambda x: xp.nonzero(x[0, 0]), ag.errors.ShapeError, "nonzero"),
    ],
)
def test_refusals_name_the_user_s_line(run, error, word):
    x = np.random.default_rng(0).normal(size=(2, 3))
    for call in (run, ag.function(autograph=False)(run)):
        with pytest.raises(error, match=word) as caught:
            call(ag.constant(x))
        assert "test_linalg.py" in str(caught.value)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (la.inv, np.zeros((2, 2))),
        (la.cholesky, -np.eye(2)),
        (lambda x: la.solve(x, x), np.ones((2, 2))),
        (la.svdvals, np.full((2, 2), np.nan)),
    ],
)
def test_numpy_s_own_errors(f, x):
    for call in (f, ag.function(f)):
        with pytest.raises(np.linalg.LinAlgError):
            call(ag.constant(x))


def test_linalg_of_open_sizes():
    spec = [ag.TensorSpec([None, None, None], ag.float64)]
    x = rng.normal(size=(5, 4, 4))
    for f in (la.det, la.inv, la.pinv, la.matrix_rank, la.svdvals, la.trace, la.diagonal, xp.fft.rfft, xp.tril):
        np.testing.assert_allclose(
            ag.function(lambda x: f(x), input_signature=spec)(ag.constant(x)).numpy(),
            f(ag.constant(x)).numpy(),
            rtol=1e-9,
        )
    shifted = ag.function(lambda x: xp.fft.fftshift(xp.roll(x, 2, axis=1)), input_signature=spec)
    np.testing.assert_array_equal(shifted(ag.constant(x)).numpy(), np.fft.fftshift(np.roll(x, 2, axis=1)))


@pytest.mark.parametrize("name", ["SQUARE", "COMPLEX"])
def test_gradient_of_eigenvectors(name):
    x = getattr(linalg_functions, name)
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=4), rng.normal(size=4), rng.normal(size=(4, 4))]

    def loss(x):
        parts = linalg_functions.eigen_invariants(x)
        return sum(ag.ops.sum(part * weight) for part, weight in zip(parts, weights, strict=True))

    grad = ag.grad(loss)(ag.constant(x)).numpy()
    step = rng.normal(size=x.shape) + (1j * rng.normal(size=x.shape) if name == "COMPLEX" else 0)
    high, low = [float(loss(ag.constant(x + h * step))) for h in (1e-6, -1e-6)]
    assert np.sum(grad * step).real == pytest.approx((high - low) / 2e-6, rel=1e-5)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # NumPy's, of the determinants themselves
def test_determinants_of_what_is_not_finite():
    """Their derivatives are NaN, like themselves, and those of others in the stack are not."""
    x = ag.constant(np.stack([np.diag([2.0, 0.0]), [[np.nan, 1.0], [1.0, 2.0]]]))
    gradient = ag.grad(lambda x: xp.sum(la.det(x)))
    np.testing.assert_array_equal(gradient(x).numpy(), [[[0, 0], [0, 2]], np.full((2, 2), np.nan)])
    hessian = ag.jacobian(gradient)(x).numpy()
    mixed = [[[[0, 0], [0, 1]], [[0, 0], [-1, 0]]], [[[0, -1], [0, 0]], [[1, 0], [0, 0]]]]
    np.testing.assert_allclose(hessian[0, :, :, 0], mixed, atol=1e-12)
    assert np.isnan(hessian[1, :, :, 1]).all()
