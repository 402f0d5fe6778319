"""`fn.explain()` says why each trace was made; a warning says so when it goes on."""

import re
import warnings

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.backend import get_backend, register_backend

RATE = 1.0


def test_reasons(monkeypatch):
    @ag.function
    def step(x, scale=1.0, *, name="a"):
        return (x[0] if isinstance(x, list) else x) * scale * RATE

    step(np.ones(2))
    step(np.ones(2), name="b")
    step(np.ones(3))
    step(np.ones((2, 2)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        step(np.ones(2, np.float32))
        monkeypatch.setitem(globals(), "RATE", 2.0)
        step(np.ones(2))
        step([np.ones(2)])
    causes = [trace.cause for trace in step.explain().traces]
    assert causes[0] == "first call"
    assert causes[1] == "argument 'name': was 'a', is 'b'"
    assert causes[2] == "argument 'x': size 0 was 2, is 3"
    assert causes[3] == "argument 'x': number of dimensions was 1, is 2"
    assert causes[4] == "argument 'x': dtype was float64, is float32"
    assert causes[5] == "global 'RATE' was 1.0, is 2.0"
    assert causes[6].startswith("the structure of the arguments was")
    assert [trace.call for trace in step.explain().traces] == [1, 2, 3, 4, 5, 6, 7]


def test_text_and_table():
    @ag.function
    def f(x):
        return x + 1

    assert str(f.explain()) == "f: 0 traces"
    f(np.ones(2))
    text = str(f.explain())
    wanted = (
        r"f: 1 trace\n1\. first call \(call 1\)\n   arguments \(f64\[2\]\); 3 nodes; traced in [\d.]+ ms, compiled in"
    )
    assert re.match(wanted, text)
    assert "<td>first call<td>(f64[2])" in f.explain()._repr_html_()
    f.clear_cache()
    assert "no longer kept" in str(f.explain())


def test_times_and_nodes():
    @ag.function
    def f(x):
        return x * x

    f(ag.constant(1.0))
    (trace,) = f.explain().traces
    assert trace.nodes == 1
    assert 0 < trace.seconds < 10
    assert 0 < trace.compile_seconds < 10


def test_warning_once_a_cause():
    @ag.function
    def f(x, name):
        return x

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for k in range(30):
            f(np.ones(2), str(k))
    (warning,) = caught
    assert issubclass(warning.category, ag.errors.RetraceWarning)
    assert warning.filename == __file__
    text = str(warning.message)
    assert "f was traced 5 times in its last 5 calls" in text
    assert "argument 'name': was '3', is '4'" in text
    assert "pass tensors instead of Python values" in text


def test_no_warning_for_traces_far_apart():
    @ag.function
    def f(x, name):
        return x

    for k in range(8):
        for _ in range(4):
            f(np.ones(2), str(k))
    assert f.trace_count == 8


def test_advice_for_values_from_outside():
    state = {"step": 0}

    @ag.function
    def f(x):
        return x * state["step"]

    with pytest.warns(ag.errors.RetraceWarning, match="keep it in an ag.Variable"):
        for k in range(5):
            state["step"] = k
            f(np.ones(2))


def test_fallbacks_of_a_backend():
    class WithFallbacks:
        """The NumPy backend, in place of which another one runs products."""

        name = "with_fallbacks"

        def compile(self, graph):
            inner = get_backend("numpy").compile(graph)

            class Run:
                fallbacks = {"multiply": sum(node.op.name == "multiply" for node in graph.body.nodes)}

                def __call__(self, raws):
                    return inner(raws)

            return Run()

    register_backend(WithFallbacks())

    @ag.function(backend="with_fallbacks")
    def f(x):
        return x * x + x * 2

    f(np.ones(2))
    assert str(f.explain()).endswith("for with_fallbacks; run by another backend: 2 multiply")
