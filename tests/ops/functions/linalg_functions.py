"""Rows of `ag.ops.linalg` beyond the array API standard, with NumPy and SciPy as oracles."""

import numpy as np
import scipy.linalg

import autograph as ag
from tests.ops.functions.row import row

rng = np.random.default_rng(8)
SQUARE = rng.normal(size=(4, 4))
STACK = rng.normal(size=(2, 3, 3))
POSITIVE = STACK @ np.swapaxes(STACK, -1, -2) + np.eye(3)
TALL, WIDE = rng.normal(size=(5, 3)), rng.normal(size=(3, 5))
VECTOR = rng.normal(size=3)
FACTOR = np.tril(SQUARE) + 3 * np.eye(4)
COMPLEX = SQUARE + 1j * rng.normal(size=(4, 4))


def linalg(name, *args, oracle=None, **kw):
    return row(f"linalg.{name}", *args, oracle=oracle or getattr(np.linalg, name), **kw)


def lu(x):
    found = [scipy.linalg.lu_factor(matrix) for matrix in x.reshape(-1, *x.shape[-2:])]
    factors, pivots = [np.stack(parts) for parts in zip(*found, strict=True)]
    return factors.reshape(x.shape), pivots.reshape(x.shape[:-1]).astype(np.int64)


def triangular(a, b, lower=False):
    return scipy.linalg.solve_triangular(a, b, lower=lower)


LINALG_FUNCTIONS = [
    linalg("lu_factor", SQUARE, oracle=lu),
    linalg("lu_factor", STACK, oracle=lu),
    linalg("expm", SQUARE, oracle=scipy.linalg.expm),
    linalg("expm", STACK, oracle=scipy.linalg.expm),
    linalg("logdet", POSITIVE, oracle=lambda x: np.log(np.linalg.det(x))),
    linalg("solve_triangular", FACTOR, SQUARE, lower=True, oracle=triangular),
    linalg("solve_triangular", FACTOR.T.copy(), SQUARE[0], oracle=triangular),
    linalg("cholesky_inverse", FACTOR, oracle=lambda x: np.linalg.inv(x @ x.T)),
    linalg("cholesky_inverse", FACTOR.T.copy(), True, oracle=lambda x, upper: np.linalg.inv(x.T @ x)),
    linalg("lstsq", TALL, SQUARE[:, :1].repeat(2, 1)[:1].repeat(5, 0) + TALL[:, :2],
           oracle=lambda a, b: np.linalg.lstsq(a, b)[0]),
    linalg("lstsq", WIDE, VECTOR, oracle=lambda a, b: np.linalg.lstsq(a, b)[0]),
    *[linalg("norm", TALL, ord) for ord in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)],
    *[linalg("norm", VECTOR, ord) for ord in (None, 0, 1, 2, 3, np.inf, -np.inf)],
    linalg("norm", STACK),
    linalg("norm", STACK, axis=1, keepdims=True),
    linalg("norm", STACK, 2, axis=(0, 2), keepdims=True),
    linalg("svd", TALL, compute_uv=False),
    linalg("eigvals", POSITIVE, oracle=lambda x: np.linalg.eig(x)[0].astype(complex), grad=False),
    linalg("eig", SQUARE, oracle=lambda x: [part.astype(complex) for part in np.linalg.eig(x)], grad=False),
    linalg("eig", COMPLEX, grad=False),
]  # fmt: skip


def eigen_invariants(x):
    """What of eigenvalues and eigenvectors does not depend on the vectors' phases."""
    values, vectors = ag.ops.linalg.eig(x)
    sizes = ag.ops.abs(vectors)
    return ag.ops.real(values * values), ag.ops.imag(values), sizes * sizes
