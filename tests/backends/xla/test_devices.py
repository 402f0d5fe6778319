"""Tensors, variables, ops and functions on devices; the host's processor stands in for several."""

import numpy as np
import pytest

import autograph as ag
from autograph.errors import DeviceError
from autograph.runtime import placement
from autograph.runtime.device_tensor import DeviceTensor

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


class OnGpu:
    """What a library's array on a GPU shows of itself, over JAX's array."""

    def __init__(self, array):
        self.array, self.dtype, self.shape = array, array.dtype, array.shape

    def __dlpack_device__(self):
        return 2, 0

    def __dlpack__(self, **asked):
        return "capsule", asked


def test_values_of_a_gpu_are_shared_there(there, monkeypatch):
    tensor = DeviceTensor(OnGpu(there.array))
    assert tensor.__dlpack_device__() == (2, 0)
    capsule, asked = tensor.__dlpack__(stream=7, copy=False)
    assert (capsule, asked["stream"], asked["copy"]) == ("capsule", 7, False)
    import jax

    monkeypatch.setattr(jax.numpy, "from_dlpack", lambda given, copy: given.array)
    taken = ag.ops.from_dlpack(OnGpu(there.array))
    assert taken.array.unsafe_buffer_pointer() == there.array.unsafe_buffer_pointer()
    assert (taken + 1.0).device == "cpu:1"
    monkeypatch.setattr(placement.state.devices, "names", list)
    with pytest.raises(DeviceError, match="a OnGpu lives on a device, and there are none here"):
        ag.ops.from_dlpack(OnGpu(there.array))


def test_devices_that_do_not_exist():
    with pytest.raises(DeviceError, match=r"there is no device 'gpu:9'[\s\S]*use one of 'cpu'"), ag.device("gpu:9"):
        pass
    with pytest.raises(DeviceError):
        ag.constant(1.0).to_device("tpu:0")
    with pytest.raises(DeviceError):
        ag.ops.ones((2,), device="cpu:77")
