"""Data-parallel steps over several devices, and over two processes, give what one device gives."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograph as ag
from autograph.errors import DeviceError, ShapeError
from tests.backends.xla.training import training_step

pytestmark = pytest.mark.skipif("cpu:3" not in ag.config.list_devices(), reason="jax was imported with one device")


def test_a_data_parallel_step_gives_the_losses_of_one_device():
    alone, wanted_weights, x, y = training_step()
    step, weights, _, _ = training_step()
    wanted = [float(alone(ag.constant(x), ag.constant(y))) for _ in range(5)]
    with ag.distribute.Mesh().data_parallel():
        losses = [step(ag.constant(x), ag.constant(y)) for _ in range(5)]
    np.testing.assert_allclose([float(loss) for loss in losses], wanted, rtol=1e-5)
    np.testing.assert_allclose(weights.numpy(), wanted_weights.numpy(), rtol=1e-5)
    assert len(weights._raw.devices()) == 4  # the same on each
    assert losses[0].device == "cpu:0, cpu:1, cpu:2, cpu:3"
    assert float(step(ag.constant(x), ag.constant(y))) < wanted[-1]  # and back on one


def test_the_batch_is_split():
    @ag.function
    def double(x):
        return x * 2.0

    with ag.distribute.Mesh({"batch": 2, "model": 2}).data_parallel():
        made = double(ag.ops.ones((6, 2)))
    assert [shard.data.shape for shard in made.array.addressable_shards] == [(3, 2)] * 4
    np.testing.assert_allclose((made + 1.0).numpy(), np.full((6, 2), 3.0))


def test_control_flow_and_failures_on_a_mesh():
    total = ag.Variable(0.0)

    @ag.function
    def run(x, n):
        for i in range(n):
            if ag.ops.sum(x) > 100.0:
                raise ValueError(f"too large at {i}")
            x = x * 2.0
            total.assign_add(ag.ops.sum(x))
        return x

    with ag.distribute.Mesh({"batch": 4}).data_parallel():
        np.testing.assert_allclose(run(ag.ops.ones((8,)), ag.constant(np.int64(3))).numpy(), np.full(8, 8.0))
        with pytest.raises(ValueError, match="too large at 4"):
            run(ag.ops.ones((8,)), ag.constant(np.int64(9)))
    assert float(total.numpy()) == 8 * (2 + 4 + 8) + 8 * (2 + 4 + 8 + 16)


def test_equal_meshes_share_their_traces():
    @ag.function
    def double(x):
        return x * 2.0

    for shape in ({"batch": 4}, {"batch": 4}, {"batch": 2, "model": 2}, {"batch": 4}):
        with ag.distribute.Mesh(shape).data_parallel():
            double(ag.ops.ones((8,)))
    assert double.trace_count == 2


def test_shard():
    mesh = ag.distribute.Mesh({"rows": 2, "columns": 2})
    x = ag.distribute.shard(ag.constant(np.arange(8.0).reshape(2, 4)), ("rows", "columns"), mesh)
    assert [shard.data.shape for shard in x.array.addressable_shards] == [(1, 2)] * 4
    np.testing.assert_array_equal(x.numpy(), np.arange(8.0).reshape(2, 4))
    with pytest.raises(ShapeError, match=r"cannot be split as \('rows',\)"):
        ag.distribute.shard(ag.ops.ones((3,)), ("rows",), mesh)
    with pytest.raises(DeviceError, match="has no axis 'batch'"):
        ag.distribute.shard(ag.ops.ones((2,)), ("batch",), mesh)
    with pytest.raises(DeviceError, match="needs a mesh"):
        ag.distribute.shard(ag.ops.ones((2,)), ("rows",))
    with pytest.raises(DeviceError, match="3 places for 4 devices"):
        ag.distribute.Mesh({"batch": 3})
    for shape, devices, problem in (
        ({"batch": 1}, ["gpu:7"], "no place for 'gpu:7'"),
        ({"batch": 2}, ["cpu:0", "cpu:0"], "twice"),
        ({"batch": -2, "model": -2}, None, "cannot have the shape"),
        ({"batch": 0}, [], "cannot have the shape"),
    ):
        with pytest.raises(DeviceError, match=problem):
            ag.distribute.Mesh(shape, devices)


def test_two_processes():
    """Each has a device of its own; gloo carries the gradients."""
    worker = Path(__file__).with_name("process.py")
    alone, _, x, y = training_step()
    wanted = [float(alone(ag.constant(x), ag.constant(y))) for _ in range(3)]
    port = str(20000 + int(np.random.default_rng().integers(20000)))
    command = [sys.executable, str(worker), port]
    with (
        subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first,
        subprocess.Popen([*command, "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as second,
    ):
        done = [(process, *process.communicate(timeout=120)) for process in (first, second)]
    for process, out, error in done:
        assert process.returncode == 0, error.decode()[-2000:]
        np.testing.assert_allclose(json.loads(out.decode().splitlines()[-1]), wanted, rtol=1e-5)
