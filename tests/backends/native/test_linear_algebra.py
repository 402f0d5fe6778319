"""Linear algebra by LAPACK: NumPy's results to the last bit, its errors, in stacks of any size."""

import numpy as np
import pytest

import autograph as ag
from tests.backends.native.compare import close, same

rng = np.random.default_rng(0)
linalg = ag.ops.linalg

FUNCTIONS = {
    "cholesky": lambda x: linalg.cholesky(x @ ag.ops.matrix_transpose(x) + ag.ops.eye(3, dtype=x.dtype)),
    "inv": linalg.inv,
    "det": linalg.det,
    "slogdet": lambda x: tuple(linalg.slogdet(x)),
    "eigh": lambda x: tuple(linalg.eigh(x)),
    "svd": lambda x: (*linalg.svd(x), *linalg.svd(x[..., :2], full_matrices=False)),
    "qr": lambda x: (*linalg.qr(x), *linalg.qr(x[..., :2], mode="complete"), *linalg.qr(x[..., :2, :])),
    "solve": lambda x: (linalg.solve(x, x + 1), linalg.solve(x, x[..., :1]), linalg.solve(x[:1], x)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_stacks(name, dtype):
    same(lambda x: FUNCTIONS[name](x), rng.normal(size=(4, 3, 3)).astype(dtype))


@pytest.mark.parametrize("name", ["det", "inv", "eigh"])
@pytest.mark.parametrize("shape", [(3, 3), (0, 3, 3), (1, 3, 3), (2, 2, 3, 3), (0, 0)])
def test_shapes(name, shape):
    same(lambda x: FUNCTIONS[name](x), rng.normal(size=shape), host=[name, "slogdet"] if 0 in shape else ())


def test_sizes_that_the_graph_knows():
    a = rng.normal(size=(2, 7, 7))
    run = lambda x: (linalg.inv(x), linalg.det(x), *linalg.qr(x), *linalg.svd(x), linalg.solve(x, x))  # noqa: E731
    same(run, a, open_sizes=True)


def test_operands_that_are_no_arrays():
    same(lambda x: linalg.solve(ag.ops.matrix_transpose(x) * 2, x[::-1, ::-1]), rng.normal(size=(5, 5)))


@pytest.mark.parametrize("backend", ["native", "numpy"])
@pytest.mark.parametrize(
    ("run", "text"),
    [
        (linalg.inv, "Singular"),
        (lambda x: linalg.solve(x, x), "Singular"),
        (linalg.cholesky, "not positive definite"),
    ],
)
def test_errors(run, text, backend):
    def asked(x):
        return run(x)

    with pytest.raises(np.linalg.LinAlgError, match=text):
        ag.function(asked, backend=backend)(ag.constant(np.array([[1.0, 2.0], [2.0, 4.0]]) - np.eye(2) * 0))


@pytest.mark.parametrize("backend", ["native", "numpy"])
def test_values_that_do_not_converge(backend):
    with pytest.raises(np.linalg.LinAlgError, match="did not converge"):
        ag.function(lambda x: linalg.eigh(x), backend=backend)(ag.constant(np.full((3, 3), np.nan)))


@pytest.mark.parametrize("name", ["cholesky", "inv", "slogdet", "eigh", "solve"])
def test_gradients(name):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            made = FUNCTIONS[name](x)
            made = made if isinstance(made, tuple) else (made,)
            loss = sum(ag.ops.sum(part * part) for part in made)
        return tape.gradient(loss, x)

    close(run, rng.normal(size=(2, 3, 3)) + 2 * np.eye(3), rtol=1e-9)
