"""Tensors put together from parts at slices: covered once, more than once, or not everywhere."""

import numpy as np
import pytest

import autograph as ag

WINDOWS = [(2, 2, "valid"), (3, 2, "valid"), (2, 3, "valid"), (3, 3, "same"), (2, 1, "same")]


@pytest.mark.parametrize("open_sizes", [False, True], ids=["known", "open"])
@pytest.mark.parametrize(("width", "stride", "padding"), WINDOWS)
def test_gradient_of_windows(width, stride, padding, open_sizes):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.sin(ag.ops.nn.max_pool(x, width, stride, padding))
        return tape.gradient(y, x)

    x = np.random.default_rng(0).integers(0, 4, (2, 8, 7, 3)).astype(np.float32)  # with equal ones
    spec = ag.TensorSpec((None, None, None, 3) if open_sizes else x.shape, ag.float32)
    native, reference = [ag.function(run, backend=name, input_signature=[spec]) for name in ("native", "numpy")]
    np.testing.assert_allclose(native(x).numpy(), reference(x).numpy(), rtol=1e-6, atol=1e-6)


def test_slices_of_one_tensor():
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = ag.ops.sum(x[::2] * x[1::2] + x[::2] * 0.0)
        return tape.gradient(y, x)

    x = np.array([-0.0, 1.0, 2.0, -3.0], np.float32)
    native, reference = [ag.function(run, backend=name)(x).numpy() for name in ("native", "numpy")]
    assert native.tobytes() == reference.tobytes()


def test_a_tensor_written_from_itself():
    def run(x):
        y = x * 2
        y[::2] = y[1::2] + 1
        y[1:] = y[:-1] * 3
        return y

    x = np.arange(6.0, dtype=np.float32)
    wanted = x * 2
    wanted[::2] = wanted[1::2] + 1
    wanted[1:] = wanted[:-1] * 3
    np.testing.assert_array_equal(ag.function(run)(x).numpy(), wanted)
