"""Large loops and products give the same bits on any number of threads, after forks and in several calls at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograph as ag

draw = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _same_threads_after():
    before = ag.config.threads()
    yield
    ag.config.set_threads(before)


def elements(x, y):
    return ag.ops.exp(x) * y, ag.ops.permute_dims(x, (1, 0)) * 2, ag.ops.sum(x * y, 1), ag.ops.max(x, 0)


def products(x, y):
    return x @ y, ag.ops.permute_dims(x, (1, 0)) @ y + x, ag.ops.reshape(x, (8, -1, 64)) @ y[:64, :32]


def windows(x, y):
    images, kernel = ag.ops.reshape(x, (-1, 32, 32, 8)), ag.ops.reshape(y[:9, :96], (3, 3, 8, 12))
    with ag.GradientTape() as tape:
        tape.watch((images, kernel))
        made = ag.ops.nn.max_pool(ag.ops.nn.conv(images, kernel, padding="same"), 2)
        loss = ag.ops.sum(ag.ops.sin(made))
    return made, *tape.gradient(loss, [images, kernel])


@pytest.mark.parametrize("open_sizes", [False, True], ids=["known", "open"])
@pytest.mark.parametrize("program", [elements, products, windows], ids=lambda f: f.__name__)
def test_threads_do_not_change_results(program, open_sizes):
    x, y = [draw.normal(size=(512, 512)).astype(np.float32) for _ in range(2)]
    shape = (None, 512) if open_sizes else (512, 512)
    specs = [ag.TensorSpec(shape, ag.float32), ag.TensorSpec((512, 512), ag.float32)]
    run = ag.function(program, input_signature=specs)
    found = []
    for count in (1, 2, 5):
        ag.config.set_threads(count)
        found.append([out.numpy() for out in run(x, y)])
    reference = [out.numpy() for out in ag.function(program, backend="numpy")(x, y)]
    for place, wanted in enumerate(reference):
        assert len({outs[place].tobytes() for outs in found}) == 1
        near = 1e-4 * np.abs(wanted).max()
        np.testing.assert_allclose(found[0][place], wanted, rtol=1e-4, atol=near)


def test_calls_at_once():
    ag.config.set_threads(3)
    x, y = [draw.normal(size=(512, 512)).astype(np.float32) for _ in range(2)]
    run = ag.function(products)
    wanted = [out.numpy().tobytes() for out in run(x, y)]
    with ThreadPoolExecutor(4) as pool:
        for outs in pool.map(lambda _: run(x, y), range(12)):
            assert [out.numpy().tobytes() for out in outs] == wanted


def test_numbers_of_threads_are_checked():
    for count in (0, -1, 1000):
        with pytest.raises(ValueError, match=f"there cannot be {count} threads"):
            ag.config.set_threads(count)


SCRIPT = """
import os, signal, sys, time, warnings
import numpy as np
import autograph as ag
warnings.simplefilter("ignore")
ag.config.set_threads(3)
run = ag.function(lambda x: (ag.ops.exp(x) * 2, x @ x), autograph=False)
x = np.random.default_rng(0).normal(size=(600, 600))
wanted = [out.numpy().tobytes() for out in run(x)]
child = os.fork()
if child == 0:
    same = [[out.numpy().tobytes() for out in run(x)] == wanted for _ in range(5)]
    os._exit(0 if all(same) else 1)
assert os.waitpid(child, 0)[1] == 0
assert [out.numpy().tobytes() for out in run(x)] == wanted
signal.signal(signal.SIGALRM, lambda *_: 1 / 0)
signal.setitimer(signal.ITIMER_REAL, 0.2)
start = time.monotonic()
try:
    time.sleep(20)
except ZeroDivisionError:
    assert time.monotonic() - start < 10
    print("fine")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forks_and_signals():
    """A forked process has threads of its own, and signals reach the main thread."""
    made = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=100, check=False)
    assert (made.stdout, made.returncode) == ("fine\n", 0), made.stderr
