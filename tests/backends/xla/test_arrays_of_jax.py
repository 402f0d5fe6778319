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


state, kept = ag.Variable(np.zeros(3)), ag.constant(np.ones(3))


@ag.function(backend="xla")
def stepped(x):
    state.assign_add(x)
    return state * ag.random.uniform()


@ag.function(backend="xla")
def read(x):
    return state + x


@pytest.mark.parametrize("call", [stepped, read], ids=lambda call: call.name)
@pytest.mark.parametrize("transform", [jax.jit, jax.vmap, lambda f: jax.grad(lambda x: f(x).sum())])
@pytest.mark.parametrize("traced", [True, False])
def test_calls_while_jax_traces_are_refused(
    call: Callable[..., Any], transform: Callable[..., Any], traced: bool
) -> None:
    state.assign(np.zeros(3))
    stepped(kept)

    def run(x):
        call(x if traced else kept)
        return x

    if traced or transform is jax.jit:
        with pytest.raises(StagingError, match="while JAX traces"):
            transform(run)(jax.numpy.ones(3))
    else:
        transform(run)(jax.numpy.ones(3))
    before = state.numpy()
    stepped(kept)
    np.testing.assert_array_equal(state.numpy(), before + 1)
