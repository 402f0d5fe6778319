"""Variables that one thread's calls assign, whose memory they use again, while other threads read and assign them."""

import contextlib
import threading

import numpy as np
import pytest

import autograph as ag

SIZE = 20_000


@pytest.mark.parametrize("where", ["cpu", "cpu:0"])
def test_reads_while_other_threads_assign(where: str) -> None:
    errors: list[BaseException] = []
    done = threading.Event()

    def reader() -> None:
        try:
            while not done.is_set():
                held = v.value()
                first = np.array(held.numpy())
                assert np.ptp(first) == 0
                assert np.ptp(v.numpy()) == 0
                assert np.array_equal(held.numpy(), first)
        except BaseException as error:
            errors.append(error)

    with contextlib.nullcontext() if where == "cpu" else ag.device(where):
        v = ag.Variable(np.zeros(SIZE))

        @ag.function(backend="xla")
        def grow(n):
            for _ in range(n):
                v.assign_add(ag.ops.ones((SIZE,), dtype=ag.float64))

        grow(ag.constant(3))
        thread = threading.Thread(target=reader)
        thread.start()
        for _ in range(60):
            grow(ag.constant(10))
        done.set()
        thread.join()
    assert errors == []
    assert v.numpy()[0] == 603
