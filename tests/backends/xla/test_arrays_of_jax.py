"""Arrays of JAX as arguments, and calls while JAX traces a function."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograph as ag
from autograph.errors import DTypeError, StagingError

jax = pytest.importorskip("jax")
BACKENDS = ["numpy", "native", "xla"]


def powers(x, n):
    found = []
    while len(found) < n:
        x = x * 2
        found.append(x)
    return found, x


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["float32", "int32", "bfloat16", "complex64"])
def test_arrays_of_jax_are_tensors(backend: str, dtype: str) -> None:
    f = ag.function(lambda d, n: powers(d["x"], n), backend=backend)
    for k in (1, 2):
        host = np.arange(3).astype(ag.as_dtype(dtype).numpy)
        given = {"x": jax.numpy.asarray(host)}
        found = f(given, jax.numpy.int32(k))
        wanted = f({"x": host}, np.int32(k))
        assert len(found[0]) == k
        assert found[1].dtype is wanted[1].dtype
        np.testing.assert_array_equal(found[1].numpy(), wanted[1].numpy())
    assert f.trace_count == 1


class Shared:
    """An array of some library, which has nothing but DLPack."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("backend", BACKENDS)
def test_arrays_with_dlpack_are_tensors(backend: str) -> None:
    f = ag.function(powers, backend=backend)
    for size in (2, 3, 4):
        assert f(Shared(np.arange(float(size))), 2)[1].numpy().tolist() == [4.0 * i for i in range(size)]
    assert f.trace_count == 2


def test_what_no_tensor_can_be_is_refused() -> None:
    with pytest.raises(DTypeError, match="cannot be a tensor"):
        ag.function(powers)(jax.numpy.ones(3, "float8_e4m3fn"), 2)


kept = ag.constant(np.ones(3))
TRANSFORMS = [jax.jit, jax.vmap, lambda f: jax.grad(lambda x: f(x).sum())]


def stepping(state: ag.Variable) -> Any:
    """A function that adds to a variable."""

    @ag.function(backend="xla")
    def stepped(x):
        state.assign_add(x)
        return state * ag.random.uniform()

    return stepped


def reading(state: ag.Variable) -> Any:
    """A function that reads a variable."""

    @ag.function(backend="xla")
    def read(x):
        return state + x

    return read


@pytest.mark.parametrize("make", [stepping, reading])
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("first", [True, False])
def test_values_that_jax_traces_are_refused(
    make: Callable[..., Any], transform: Callable[..., Any], first: bool
) -> None:
    state = ag.Variable(np.zeros(3))
    call = make(state)
    if not first:
        call(kept)
    before = state.numpy()
    with pytest.raises(StagingError, match="while JAX traces"):
        transform(lambda x: call(x).array)(jax.numpy.ones(3))
    np.testing.assert_array_equal(state.numpy(), before)
    np.testing.assert_array_equal(reading(state)(kept).numpy(), before + 1)


@pytest.mark.parametrize("make", [stepping, reading])
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("first", [True, False])
def test_calls_without_traced_values_run_at_once_while_jax_traces(
    make: Callable[..., Any], transform: Callable[..., Any], first: bool
) -> None:
    state, found, kept = ag.Variable(np.zeros(3)), [], ag.constant(np.ones(3))
    call = make(state)
    if not first:
        call(kept)
    before = state.numpy()

    def run(x):
        found.append(call(kept))
        return x * 2.0

    np.testing.assert_array_equal(transform(run)(jax.numpy.ones(3)), 2.0)
    after = before + (make is stepping)
    np.testing.assert_array_equal(state.numpy(), after)
    assert isinstance(found[0].numpy(), np.ndarray)
    np.testing.assert_array_equal(reading(state)(kept).numpy(), after + 1)


def test_calls_of_any_size_run_at_once_too() -> None:
    state, found = ag.Variable(np.zeros(3)), []

    @ag.function(backend="xla", input_signature=[ag.TensorSpec([None], ag.float64)])
    def total(x):
        state.assign_add(x.sum())
        return state * x.sum()

    def run(x):
        found.append(total(kept))
        return x

    total(kept)
    jax.jit(run)(jax.numpy.ones(3))
    np.testing.assert_array_equal(found[0].numpy(), 18.0)
    np.testing.assert_array_equal(total(kept).numpy(), 27.0)
