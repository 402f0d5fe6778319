"""Programs that are compiled ahead of their calls: what they are called with decides as it does for `jax.jit`."""

from typing import Any

import numpy as np
import pytest

import autograph as ag

jax = pytest.importorskip("jax")

from autograph.backends.xla.ahead import Ahead  # noqa: E402


class Doubling:
    """x -> (2 x x,) as a program; it counts how often JAX traces it."""

    def __init__(self) -> None:
        self.traces = 0
        self.ahead = Ahead(jax.jit(self._run))

    def _run(self, x: Any) -> Any:
        self.traces += 1
        return (x @ (x * 2),)


def on(device: Any, dtype: str = "float64") -> Any:
    with jax.enable_x64(True):
        return jax.device_put(np.arange(3, dtype=dtype), device)


def test_types_of_64_bits_need_no_setting() -> None:
    made = Doubling()
    for given, run in [(on(None), made.ahead.run), (np.arange(3.0), made.ahead), (on(None), made.ahead.run)]:
        (found,) = run(given)
        assert found.dtype == np.float64 and np.asarray(found) == 10
    assert made.traces == 1
    assert jax.numpy.ones(3).dtype == np.float32


def test_other_operands_go_through_jit() -> None:
    made = Doubling()
    assert np.asarray(made.ahead.run(on(None))[0]) == 10
    with pytest.raises(TypeError, match="float32"):
        made.ahead.run(on(None, "float32"))
    (found,) = made.ahead(on(None, "float32"))
    assert found.dtype == np.float32 and np.asarray(found) == 10
    assert made.ahead.run(on(None))[0].dtype == np.float64


@pytest.mark.skipif(len(jax.devices()) < 2, reason="needs two devices")
def test_operands_say_where_it_runs() -> None:
    made = Doubling()
    for device in [*jax.devices()[:2], jax.devices()[0]]:
        (found,) = made.ahead(on(device))
        assert np.asarray(found) == 10 and found.devices() == {device}


def test_the_precision_of_products_may_change() -> None:
    made = Doubling()
    for precision, traces in [(None, 1), ("highest", 2), (None, 2), ("highest", 2)]:
        with jax.default_matmul_precision(precision):
            assert np.asarray(made.ahead.run(on(None))[0]) == 10
        assert made.traces == traces


def test_errors_of_a_program_are_its_own() -> None:
    made = Doubling()
    x = on(None)
    made.ahead.run(x)
    x.delete()
    with pytest.raises(RuntimeError, match="deleted"):
        made.ahead.run(x)
    assert np.asarray(made.ahead.run(on(None))[0]) == 10


def test_a_call_takes_no_setting_of_the_thread() -> None:
    """What a call pays for is the compiled program, not JAX's settings."""
    x = ag.constant(np.arange(3.0))
    call = ag.function(lambda x: x * 2.0, backend="xla")
    call(x)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jax, "enable_x64", None)
        np.testing.assert_array_equal(call(x).numpy(), [0, 2, 4])
        np.testing.assert_array_equal(call(call(x)).numpy(), [0, 4, 8])


def test_calls_of_the_host_leave_no_setting_behind() -> None:
    """They may run in the thread that calls the program."""

    @ag.function(backend="xla")
    def decoded(frames):
        return ag.ops.nn.ctc_decode(frames, ag.constant([3]), "beam_search", beam_width=2)[0]

    for _ in range(3):
        decoded(ag.constant(np.zeros((1, 3, 2)))).numpy()
        assert jax.numpy.asarray(3).dtype == np.int32
