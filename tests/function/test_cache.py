"""The cache of a function: bounded, freed with what it is about, safe among threads."""

import gc
import linecache
import os
import subprocess
import sys
import threading
import warnings
import weakref
from pathlib import Path

import numpy as np
import pytest

import autograph as ag
from tests.sampling import LONG


@pytest.fixture
def limit():
    before = ag.config.settings.cache_limit
    yield ag.config.set_cache_limit
    ag.config.set_cache_limit(before)


def test_the_least_recently_used_trace_goes(limit):
    traced = []

    @ag.function
    def f(x, name):
        note(name)
        return x

    @ag.do_not_convert
    def note(name):
        traced.append(name)

    limit(2)
    x = np.ones(2)
    for name in "abacab":
        f(x, name)
    assert "".join(traced) == "abcb"
    assert f.trace_count == 2


def test_wrong_limit():
    with pytest.raises(ValueError, match="at least 1"):
        ag.config.set_cache_limit(0)


def test_clear_cache():
    @ag.function
    def f(x):
        return x

    f(np.ones(2))
    graph = weakref.ref(f._cache.entries[0].concrete.graph)
    f.clear_cache()
    gc.collect()
    assert f.trace_count == 0
    assert graph() is None
    f(np.ones(2))
    assert f.trace_count == 1


def test_functions_that_go_take_their_graphs_along():
    def make(k):
        @ag.function
        def f(x):
            return x * k

        return f

    f = make(3.0)
    f(np.ones(2))
    graph = weakref.ref(f._cache.entries[0].concrete.graph)
    del f
    gc.collect()
    assert graph() is None


def run_in_threads(count, body):
    errors = []
    barrier = threading.Barrier(count)

    def run(index):
        barrier.wait()
        try:
            body(index)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_many_threads_trace_once_a_signature():
    @ag.function
    def f(x, name):
        total = 0.0
        for value in x:
            if value > 0:
                total += value
        return total if name == "a" else -total

    def body(index):
        rng = np.random.default_rng(index)
        for k in range(20):
            x = rng.normal(size=4).astype((np.float32, np.float64)[k % 2])
            got = f(x, "ab"[k % 2])
            np.testing.assert_allclose(got, x[x > 0].sum() * (1, -1)[k % 2], rtol=1e-5, atol=1e-6)

    run_in_threads(8, body)
    assert f.trace_count == 2


def test_threads_with_tapes_and_variables_of_their_own():
    @ag.function
    def step(w, x):
        with ag.GradientTape() as tape:
            loss = ag.ops.sum((w * x) ** 2)
        (g,) = tape.gradient(loss, [w])
        w.assign_sub(0.1 * g)
        return loss

    def body(index):
        w, x = ag.Variable(np.full(2, 1.0 + index)), np.array([1.0, 0.5])
        wanted = np.full(2, 1.0 + index)
        for _ in range(10):
            step(w, x)
            wanted = wanted - 0.1 * 2 * wanted * x * x
        np.testing.assert_allclose(w.numpy(), wanted)

    run_in_threads(6, body)
    assert step.trace_count == 1


def test_threads_and_sizes_that_change():
    @ag.function
    def f(x, k):
        return ag.ops.sum(x) * k

    def body(index):
        for n in range(2, 9):
            assert f(np.ones(n + index), n).item() == (n + index) * n

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ag.errors.RetraceWarning)
        run_in_threads(4, body)
    assert f.trace_count <= 4


def test_an_error_while_tracing_leaves_the_cache_as_it_was():
    @ag.function
    def f(x, bad):
        if bad:
            raise ValueError("bad")
        return x

    with pytest.raises(ValueError, match="bad"):
        f(np.ones(2), True)
    assert f.trace_count == 0
    f(np.ones(2), False)
    assert f.trace_count == 1


def test_memory_returns():
    """Many functions, and many signatures of one, leave nothing behind."""
    source, file, x = "def f(x, k):\n    return x * k if x[0] > k else x - k\n", "<many functions>", np.ones(2)
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)

    @ag.function(reduce_retracing=False)
    def many(x, k):
        return x * k

    def rounds(start, count):
        for i in range(start, start + count):
            space = {}
            exec(compile(source, file, "exec"), space)
            ag.function(space["f"])(x, 2.0)
            many(x, float(i))

    def blocks():
        for _ in range(3):
            gc.collect()
        return sys.getallocatedblocks()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rounds(0, 150)
        before = blocks()
        count = 5000 if LONG else 50
        rounds(1000, count)
        grown = blocks() - before
    assert many.trace_count == ag.config.settings.cache_limit
    assert grown < 2500 + 2 * count  # a graph that is kept takes some 300 blocks


def test_nothing_is_said_when_the_interpreter_ends(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import autograph as ag\n"
        "@ag.function\n"
        "def f(x, g):\n"
        "    return g(x) if x > 0 else x\n"
        "print(f(ag.constant(1.0), lambda x: x + 1))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(ag.__file__).parent.parent)}
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, env=env, check=True)
    assert (done.stdout, done.stderr) == ("2.0\n", "")
