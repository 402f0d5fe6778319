"""Floats of 16 bits and complex numbers, in registers, in memory, through branches, loops, calls and variables."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.dtypes import as_dtype
from tests.backends.native.compare import close, same

DTYPES = ["float16", "bfloat16", "complex64", "complex128"]


def numbers(dtype, *shape):
    rng = np.random.default_rng(3)
    values = rng.normal(size=shape) * 3 + (1j * rng.normal(size=shape) if dtype.startswith("c") else 0)
    return values.astype(as_dtype(dtype).numpy)


def arithmetic(x, y):
    z = (x + y) * x - y / (x * x + 2)
    return z, -z, ag.ops.where(ag.ops.real(z) > 0, z, y), z == x, ag.ops.permute_dims(z, (1, 0))[::-1] + 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements(dtype):
    check = same if dtype in ("float16", "bfloat16") else close
    check(arithmetic, numbers(dtype, 5, 7), numbers(dtype, 7), open_sizes=True)


@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_in_control_flow(dtype):
    scale = ag.Variable(numbers(dtype, 2)[0])

    def run(x, n):
        total, i = x, n * 0
        while i < n:
            if ag.ops.abs(total) > 2:
                total = total * scale
            else:
                total = total + x * 0.5
            scale.assign(scale * 0.5 + x)
            i += 1
        kept = [total]
        while len(kept) < n:
            kept.append(kept[-1] + x)
        return total, kept[n - 1], scale.value()

    start, results = scale.numpy(), []
    for backend in ("native", "numpy"):
        scale.assign(start)
        function = ag.function(run, backend=backend)
        results.append([out.numpy() for out in function(ag.constant(numbers(dtype, 1)[0]), ag.constant(4))])
    for got, wanted in zip(*results, strict=True):
        assert got.dtype == wanted.dtype
        kind = np.complex128 if dtype.startswith("c") else np.float64
        np.testing.assert_allclose(got.astype(kind), wanted.astype(kind), rtol=1e-5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_reductions(dtype):
    x = numbers(dtype, 6, 5)
    run = lambda x: (ag.ops.sum(x), ag.ops.sum(x, 0), ag.ops.prod(x[:, 0]), ag.ops.mean(x, 1))  # noqa: E731
    for got, wanted in zip(*natively_as_wide(run, x), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=0.02 if "float16" in dtype else 1e-5, atol=0.1)


def natively_as_wide(run, x):
    kind = np.complex128 if x.dtype.kind == "c" else np.float64
    made = [ag.function(run, backend=backend)(ag.constant(x)) for backend in ("native", "numpy")]
    return [[out.numpy().astype(kind) for out in outs] for outs in made]


def test_every_rounding():
    """All numbers between two neighbours, from float64 and float32, to the nearest, and the even one of two."""
    base = np.arange(2**16, dtype=np.uint16).view(np.float16)
    base = base[np.isfinite(base)].astype(np.float64)
    wide = np.concatenate([base, base * (1 + 2.0**-11), base * (1 + 2.0**-12 + 2.0**-40), [1e38, -np.inf, np.nan]])
    run = lambda x: tuple(ag.ops.astype(x, dtype) for dtype in (ag.float16, ag.bfloat16))  # noqa: E731
    same(run, wide.astype(np.float32))
    same(lambda x: ag.ops.astype(x, ag.float16), wide)
