"""Tensors, variables, ops and functions on devices; the host's processor stands in for several."""

import numpy as np
import pytest

import autograph as ag
from autograph.errors import DeviceError

pytestmark = pytest.mark.skipif("cpu:2" not in ag.config.list_devices(), reason="jax was imported with one device")


@pytest.fixture
def there():
    with ag.device("cpu:1"):
        yield ag.constant([1.0, 2.0, 3.0])


def test_tensors_live_where_they_are_made(there):
    assert there.device == "cpu:1"
    assert ag.ops.zeros((2,), device="cpu:2").device == "cpu:2"
    assert ag.ops.zeros((2,)).device == "cpu:1"
    assert there.to_device("cpu").device == "cpu"
    assert there.to_device("cpu:2").device == "cpu:2"


@pytest.mark.parametrize(
    "op",
    [
        lambda x: x * 2.0 + x,
        lambda x: ag.ops.sum(x * x),
        lambda x: x[ag.constant([2, 0])],
        lambda x: x[x > 1.5],
        lambda x: ag.ops.sort(-x),
        lambda x: x @ x,
        lambda x: ag.ops.nn.softmax(x),
        lambda x: ag.ops.split(x, 3)[1],
    ],
)
def test_eager_ops_run_on_the_device(op):
    here = ag.constant([1.0, 2.0, 3.0])
    there = here.to_device("cpu:1")
    made = op(there)
    assert made.device == "cpu:1"
    np.testing.assert_allclose(made.numpy(), op(here).numpy(), rtol=1e-6)


def test_eager_ops_raise_as_on_the_host(there):
    with pytest.raises(IndexError, match="index 7 is out of bounds"):
        there[ag.constant(7)]


def test_functions_run_on_the_device_of_the_block():
    with ag.device("cpu:2"):
        total = ag.Variable([1.0, 1.0])

    @ag.function
    def add(x):
        total.assign_add(x)
        return total * 2.0

    with ag.device("cpu:2"):
        made = add(ag.constant([1.0, 2.0]))
    assert made.device == "cpu:2"
    np.testing.assert_allclose(made.numpy(), [4.0, 6.0])
    with ag.device("cpu:1"):  # what lives elsewhere is copied
        assert add(made).device == "cpu:1"
    np.testing.assert_allclose(total.numpy(), [6.0, 9.0])
    assert add(ag.constant([0.0, 0.0])).device == "cpu"
    backends = [trace.backend for trace in add.explain().traces]
    assert backends == ["xla on cpu:2", "xla on cpu:1", "native"]


def test_gradients_of_what_lives_on_a_device(there):
    with ag.GradientTape() as tape:
        tape.watch(there)
        loss = ag.ops.sum(there * there)
    np.testing.assert_allclose(tape.gradient(loss, there).numpy(), [2.0, 4.0, 6.0])


def test_values_are_shared_through_dlpack_without_a_copy(there):
    array = np.from_dlpack(there)
    assert array.ctypes.data == there.array.unsafe_buffer_pointer()


def test_devices_that_do_not_exist():
    with pytest.raises(DeviceError, match=r"there is no device 'gpu:9'[\s\S]*use one of 'cpu'"), ag.device("gpu:9"):
        pass
    with pytest.raises(DeviceError):
        ag.constant(1.0).to_device("tpu:0")
    with pytest.raises(DeviceError):
        ag.ops.ones((2,), device="cpu:77")


def test_a_known_call_on_a_device_takes_the_short_path():
    function = ag.function(lambda x: x * 2.0)
    x = ag.constant([1.0, 2.0])
    found = []
    for name in ("cpu:0", "cpu:1", "cpu", "cpu:0", "cpu:1", "cpu"):
        with ag.device(name):
            found.append((name, function(x).device))
    assert found == [(name, name) for name, _ in found]
    assert function(x).device == "cpu"
    assert len({key[0] for key in function._short.known}) == 4
    with ag.device("cpu:0"), ag.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    assert tape.gradient(y, x).numpy().tolist() == [2.0, 2.0]
