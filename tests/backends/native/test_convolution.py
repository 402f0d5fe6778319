"""Convolutions and both their gradients run natively, and give what NumPy gives, however places fall into blocks."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native import convolution, scattering

# Sizes of the input, of the window, strides, padding, dilation.
CASES = [
    ((9,), (3,), 1, "same", 1),
    ((11,), (2,), 3, "valid", 2),
    ((9, 7), (3, 2), 1, "same", 1),
    ((9, 7), (3, 3), 2, "same", 1),
    ((8, 9), (2, 3), 1, 2, 2),
    ((8, 8), (1, 1), 1, "valid", 1),
    ((9, 8), (2, 1), 3, "valid", 1),
    ((5, 6, 4), (3, 2, 2), 1, "same", 1),
    ((6, 5, 5), (2, 2, 3), 2, "valid", 1),
]


def build(case, dtype, backend, open_sizes):
    sizes, window, strides, padding, dilation = case

    def run(x, kernel):
        with ag.GradientTape() as tape:
            tape.watch((x, kernel))
            y = ag.ops.nn.conv(x, kernel, strides, padding, dilation_rate=dilation)
            loss = ag.ops.sum(ag.ops.sin(y))
        return y, *tape.gradient(loss, [x, kernel])

    rank = len(sizes)
    shapes = (2, *sizes, 3), (*window, 3, 4)
    if open_sizes:
        shapes = (None,) * (rank + 1) + (3,), (None,) * rank + (3, 4)
    return ag.function(run, backend=backend, input_signature=[ag.TensorSpec(shape, dtype) for shape in shapes])


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("open_sizes", [False, True], ids=["known", "open"])
def test_convolution_and_gradients(case, open_sizes, monkeypatch):
    for module in (convolution, scattering):
        monkeypatch.setattr(module, "_BLOCK_BYTES", 1 << 8)
        monkeypatch.setattr(module, "_LEAST_PLACES", 5)
    dtype = ag.float64 if open_sizes else ag.float32
    draw = np.random.default_rng(0)
    sizes, window, *_ = case
    x, kernel = [ag.constant(draw.normal(size=shape), dtype) for shape in ((2, *sizes, 3), (*window, 3, 4))]
    native, reference = [build(case, dtype, backend, open_sizes) for backend in ("native", "numpy")]
    for got, wanted in zip(native(x, kernel), reference(x, kernel), strict=True):
        wanted = wanted.numpy()
        near = 200 * np.finfo(wanted.dtype).eps * np.abs(wanted).max()
        np.testing.assert_allclose(got.numpy(), wanted, rtol=0, atol=near)
    assert "run by another backend" not in str(native.explain())


def test_many_blocks():
    """Patches of some blocks, against the sum over taps in plain NumPy."""
    draw = np.random.default_rng(1)
    x, kernel = draw.normal(size=(3, 70, 50, 4)), draw.normal(size=(3, 3, 4, 6))
    made = ag.function(lambda x, k: ag.ops.nn.conv(x, k, padding="same"))(ag.constant(x), ag.constant(kernel))
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    wanted = sum(padded[:, i : i + 70, j : j + 50] @ kernel[i, j] for i in range(3) for j in range(3))
    np.testing.assert_allclose(made.numpy(), wanted, rtol=1e-5, atol=1e-4)


def test_windows_that_do_not_fit():
    """Sizes of results that a check refuses are no sizes of arrays."""
    spec = ag.TensorSpec((None, None, 3), ag.float32)
    run = ag.function(
        lambda x, k: ag.ops.nn.conv(x, k, dilation_rate=3), input_signature=[spec, ag.TensorSpec((3, 3, 4), ag.float32)]
    )
    with pytest.raises(ag.errors.ShapeError, match="windows of 7 are larger"):
        run(np.ones((2, 3, 3), np.float32), np.ones((3, 3, 4), np.float32))


def test_results_beyond_all_memory():
    run = ag.function(lambda x: ag.ops.zeros((x.shape[0] * 2**40, 2**10)) + x[0, 0])
    run.get_concrete_function(ag.TensorSpec((None, 1), ag.float32))
    with pytest.raises((MemoryError, ValueError)):
        run(np.ones((2, 1), np.float32))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "complex64"])
@pytest.mark.parametrize("groups", [1, 2])
def test_zeros_around_the_input_meet_factors_that_are_not_finite(groups, dtype):
    """Zero times infinity is NaN, as it is where zeros are padded first."""
    draw = np.random.default_rng(3)
    x, kernel = draw.normal(size=(2, 5, 4, 4)), draw.normal(size=(3, 2, 4 // groups, 6))
    kernel[1, 1, 0, 0], kernel[0, 0, 0, 1], kernel[0, 1, 1, 5] = np.inf, np.nan, -np.inf
    x, kernel = [ag.constant(part, ag.runtime.dtypes.as_dtype(dtype)) for part in (x, kernel)]

    def run(x, kernel):
        return ag.ops.nn.conv(x, kernel, padding="same")

    got, wanted = [
        ag.ops.astype(ag.function(run, backend=backend)(x, kernel), ag.complex128).numpy()
        for backend in ("native", "numpy")
    ]
    np.testing.assert_array_equal(np.isnan(got), np.isnan(wanted))
    assert np.isnan(wanted).any() and np.isfinite(wanted).any()


def test_one_image_of_one_line():
    """Whose length is open, so that its work might be shared."""
    x, kernel = np.arange(14.0, dtype=np.float32).reshape(1, 7, 2), np.ones((3, 2, 2), np.float32)
    specs = [ag.TensorSpec((1, None, 2), ag.float32), ag.TensorSpec((3, 2, 2), ag.float32)]

    def run(x, kernel):
        return ag.ops.nn.conv(x, kernel, padding="same")

    native, wanted = [
        ag.function(run, backend=backend, input_signature=specs)(x, kernel).numpy() for backend in ("native", "numpy")
    ]
    np.testing.assert_array_equal(native, wanted)
