"""Tensors, variables, ops and functions on devices; the host's processor stands in for several."""

import numpy as np
import pytest

import autograph as ag
from autograph.errors import DeviceError
from autograph.runtime import placement
from autograph.runtime.apply import _DeviceOps
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


@pytest.fixture
def kept(monkeypatch):
    """Tensors of devices may not come to the host."""

    def refuse(self):
        raise AssertionError("a value was copied to the host")

    with monkeypatch.context() as patch:
        patch.setattr(DeviceTensor, "_value", property(refuse))
        yield patch


def called(function, x):
    with ag.device("cpu:1"):
        return ag.function(function)(x)


def losses(x, weights):
    return [
        lambda: ag.ops.sum(x * x * 2),
        lambda: ag.ops.sum(ag.ops.nn.softmax(x @ weights) ** 2),
        lambda: ag.ops.max(ag.ops.stack([x, x[::-1]]) + weights[1]),
        lambda: called(lambda a: ag.ops.sum(a * weights), x),
    ]


@pytest.mark.parametrize("place", range(4))
def test_taped_ops_and_gradients_stay_on_the_device(there, kept, place):
    with ag.device("cpu:1"):
        weights = ag.Variable(np.arange(9, dtype=np.float32).reshape(3, 3))
    with ag.GradientTape() as tape:
        tape.watch(there)
        loss = losses(there, weights)[place]()
    slopes = [slope for slope in tape.gradient(loss, [there, weights]) if slope is not None]
    assert {x.device for x in (loss, *slopes)} == {"cpu:1"}
    kept.undo()
    x, held = ag.constant([1.0, 2.0, 3.0]), ag.Variable(weights.numpy())
    with ag.GradientTape() as tape:
        tape.watch(x)
        loss = losses(x, held)[min(place, 2)]() if place < 3 else ag.ops.sum(x * held)
    wanted = [slope for slope in tape.gradient(loss, [x, held]) if slope is not None]
    for got, slope in zip(slopes, wanted, strict=True):
        np.testing.assert_allclose(got.numpy(), slope.numpy(), rtol=1e-5)


def test_an_eager_training_step_stays_on_the_device(there, kept):
    with ag.device("cpu:1"):
        weights = ag.Variable([1.0, 1.0, 1.0])
    for _ in range(3):
        with ag.GradientTape() as tape:
            loss = ag.ops.sum((weights * there - 1.0) ** 2)
        weights.assign_sub(0.05 * tape.gradient(loss, weights))
    before = weights.value()
    weights.assign([0.0, 0.0, 0.0])
    assert weights.value().device == before.device == "cpu:1"
    assert ag.ops.zeros_like(there).device == ag.jvp(ag.ops.exp, (there,), (there,))[1].device == "cpu:1"
    there[0] = 5.0
    assert there.device == "cpu:1"
    kept.undo()
    np.testing.assert_allclose(there.numpy(), [5.0, 2.0, 3.0])
    assert before.numpy()[2] != 0.0 and not weights.numpy().any()


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


def test_lists_under_a_tape(there):
    with ag.GradientTape() as tape:
        tape.watch(there)
        kept = ag.ops.stack([x * x for x in there])
        loss = ag.ops.sum(kept[1:])
    assert tape.gradient(loss, there).numpy().tolist() == [0.0, 4.0, 6.0]

    @ag.function(backend="xla")
    def rows(x):
        kept = []
        for row in x:
            kept.append(row * row)
        return ag.ops.stack(kept)

    with ag.GradientTape() as tape:
        tape.watch(there)
        loss = ag.ops.sum(rows(there)[1:])
    assert tape.gradient(loss, there).numpy().tolist() == [0.0, 4.0, 6.0]


def test_results_of_a_gpu_stay_there(monkeypatch):
    monkeypatch.setattr("jax.default_backend", lambda: "gpu")
    monkeypatch.setattr(placement, "device_ops", _DeviceOps())
    monkeypatch.setattr("autograph.runtime.apply.device_ops", placement.device_ops)
    x = ag.constant([1.0, 2.0])
    assert placement.device_ops.run is None
    y = ag.function(lambda x: x + 1.0, backend="xla")(x)
    assert type(y * 2.0) is DeviceTensor
    assert type(x * 2.0) is ag.Tensor
