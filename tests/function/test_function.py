"""Signatures, the cache, methods, variables, captures, and what wrong calls get."""

import collections
import gc
import threading
import weakref

import numpy as np
import pytest

import autograph as ag


def test_one_trace_a_signature():
    @ag.function
    def f(x, k=1):
        return x * k

    a, b = ag.constant([1.0, 2.0]), ag.constant([3.0, 4.0])
    f(a)
    f(b)
    assert f.trace_count == 1
    f(ag.constant([1.0]))
    f(a, k=2)
    f(a, 2)
    assert f.trace_count == 3
    f.clear_cache()
    assert f.trace_count == 0


def test_python_numbers_never_share_a_trace():
    @ag.function
    def f(x, k):
        return x / k if k else x

    x = ag.constant(1.0)
    with pytest.warns(ag.errors.RetraceWarning):
        for k in (1, 1.0, True, 0.0, -0.0):
            f(x, k)
    assert f.trace_count == 5


def test_input_signature_serves_all_sizes():
    @ag.function(input_signature=[ag.TensorSpec([None, 2], ag.float32)])
    def f(x):
        return ag.ops.sum(x, axis=1) + x.shape[0]

    for n in (2, 3, 17):
        x = np.ones((n, 2), np.float32)
        np.testing.assert_array_equal(f(x).numpy(), np.full(n, 2 + n, np.float32))
    assert f.trace_count == 1
    np.testing.assert_array_equal(f(np.ones((1, 2), np.float32)).numpy(), [3])
    assert f.trace_count == 2  # a size of 1 broadcasts, so it has a trace of its own


def test_named_sizes_must_agree():
    @ag.function(input_signature=[ag.TensorSpec(["b", 2], ag.float32), ag.TensorSpec(["b"], ag.float32)])
    def f(x, y):
        return x[:, 0] + y

    assert f(np.ones((4, 2), np.float32), np.ones(4, np.float32)).shape == (4,)
    with pytest.raises(ag.errors.SignatureError, match="argument 'y'.*wanted TensorSpec.*got"):
        f(np.ones((4, 2), np.float32), np.ones(5, np.float32))


@pytest.mark.parametrize("wrong", [np.ones(3), np.ones((3, 2), np.float32), "text"])
def test_signature_mismatch(wrong):
    @ag.function(input_signature=[ag.TensorSpec([None], ag.float32)])
    def f(x):
        return x

    with pytest.raises(ag.errors.SignatureError, match="wanted TensorSpec") as caught:
        f(wrong)
    assert "test_function.py" in str(caught.value)


def test_structures():
    Pair = collections.namedtuple("Pair", "a b")

    @ag.function
    def f(batch):
        return {"sum": batch["x"] + batch["p"].a, "rest": [batch["p"].b, None, "text"]}

    out = f({"x": ag.constant(1.0), "p": Pair(ag.constant(2.0), 5)})
    assert out["sum"].item() == 3.0
    assert type(out["rest"]) is list
    assert out["rest"][1:] == [None, "text"]


def test_get_concrete_function():
    @ag.function
    def f(x, n):
        return x * n

    concrete = f.get_concrete_function(ag.TensorSpec([None], ag.float32), 3)
    assert [tuple(map(str, out.shape)) for out in [concrete.structured_outputs]] == [("d00",)]
    np.testing.assert_array_equal(concrete(ag.constant([1.0, 2.0])).numpy(), [3, 6])
    assert "func f(%x: f32[d00])" in str(concrete.graph)
    with pytest.raises(ag.errors.SignatureError):
        concrete(ag.constant([1]))


def test_variables_are_updated_by_the_graph():
    v = ag.Variable(1.0)

    @ag.function
    def f(n):
        i = 0
        while i < n:
            v.assign_add(2.0)
            i += 1
        return v * 1

    assert f(ag.constant(3)).item() == 7.0
    assert v.numpy() == 7.0
    v.assign(0.0)
    assert f(ag.constant(1)).item() == 2.0
    assert f.trace_count == 1
    concrete = f.get_concrete_function(ag.constant(3))
    assert concrete.variables == (v,)


def test_writes_before_a_failure_stay():
    v = ag.Variable(0)

    @ag.function
    def f(x):
        v.assign_add(1)
        assert x > 0
        v.assign_add(10)

    with pytest.raises(AssertionError):
        f(ag.constant(-1))
    assert v.numpy() == 1


def test_bad_input_changes_nothing():
    v = ag.Variable([1.0, 2.0])

    @ag.function
    def f(x):
        v.assign_add(x)
        return v @ ag.ops.zeros((3, 3))

    with pytest.raises(ag.errors.ShapeError):
        f(ag.constant([1.0, 1.0]))
    np.testing.assert_array_equal(v.numpy(), [1, 2])


def test_captured_tensors_are_read_at_each_call():
    scale = ag.constant([2.0, 3.0])

    @ag.function
    def f(x):
        return x * scale

    x = ag.constant([1.0, 1.0])
    f(x)
    scale[0] = 10.0
    np.testing.assert_array_equal(f(x).numpy(), [10, 3])
    assert f.trace_count == 1


def test_item_assignment_reaches_the_caller():
    @ag.function
    def f(x):
        x[0] = 5.0

    x = ag.constant([1.0, 2.0])
    f(x)
    np.testing.assert_array_equal(x.numpy(), [5, 2])


def test_methods_have_a_cache_each():
    class Model(ag.Module):
        def __init__(self, k):
            self.w = ag.Variable(float(k))

        @ag.function
        def __call__(self, x):
            return x * self.w

        @ag.function
        def step(self, x):
            return self(x) + 1

    a, b = Model(2), Model(3)
    x = ag.constant(4.0)
    assert (a.step(x).item(), b.step(x).item()) == (9.0, 13.0)
    assert a.step.trace_count == 1
    gone = weakref.ref(a)
    del a
    gc.collect()
    assert gone() is None


def test_functions_call_functions():
    @ag.function
    def inner(x):
        return x * 2 if x > 0 else x

    @ag.function
    def outer(x):
        return inner(x) + inner(-x)

    assert outer(ag.constant(3.0)).item() == 3.0


def test_run_eagerly():
    seen = []

    @ag.function
    def f(x):
        seen.append(x.is_graph)
        return x

    ag.config.run_functions_eagerly(True)
    try:
        f(ag.constant(1.0))
    finally:
        ag.config.run_functions_eagerly(False)
    assert seen == [False]


def test_lasting_changes_are_refused_and_undone():
    calls = []

    @ag.function
    def f(x):
        calls.append(1)
        return x

    with pytest.raises(ag.errors.StagingError, match="exists outside") as caught:
        f(ag.constant(1.0))
    assert "calls.append(1)" in str(caught.value)
    assert calls == []


class Answering:
    """Gives something for every attribute, as wrappers of libraries do."""

    __slots__ = ()

    def __getattr__(self, name):
        return object()


ANSWERING = Answering()


def test_objects_that_answer_for_all_attributes_are_passed_over():
    calls = []

    @ag.function
    def f(x):
        calls.append(1)
        return x if ANSWERING else -x

    with pytest.raises(ag.errors.StagingError, match="exists outside"):
        f(ag.constant(1.0))


def test_unknown_backend():
    with pytest.raises(ag.errors.UnknownBackendError, match="nonsense"):
        ag.function(lambda x: x, backend="nonsense")
    with pytest.raises(ag.errors.UnknownBackendError):
        ag.config.set_backend("nonsense")


def test_threads_trace_once():
    @ag.function
    def f(x):
        return x + 1

    threads = [threading.Thread(target=lambda: f(ag.constant(1.0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert f.trace_count == 1


def test_symbolic_sizes_checked_at_run_time():
    @ag.function(input_signature=[ag.TensorSpec([None], ag.float32), ag.TensorSpec([None], ag.float32)])
    def f(x, y):
        return x + y

    assert f(np.ones(3, np.float32), np.ones(3, np.float32)).shape == (3,)
    with pytest.raises(ag.errors.ShapeError, match="do not broadcast"):
        f(np.ones(3, np.float32), np.ones(4, np.float32))


def test_weak_integers_overflow_loudly():
    @ag.function
    def f(n):
        x = 1
        i = 0
        while i < n:
            x = x * 10
            i += 1
        return x

    assert f(ag.constant(18)).item() == 10**18
    with pytest.raises(OverflowError):
        f(ag.constant(19))


@pytest.mark.parametrize("of_numpy", [True, False])
def test_an_argument_that_is_written_to_is_passed_once(of_numpy):
    seen = ag.Variable(0)

    @ag.function
    def first(x, y):
        seen.assign_add(1)
        x[0] = 5.0
        return y[0] + 0.0

    def made():
        return np.zeros(4) if of_numpy else ag.constant(np.zeros(4))

    x = made()
    for _ in range(3):  # the third is a known call
        assert first(x, made()).item() == 0.0
        with pytest.raises(ag.errors.StagingError, match="passed twice"):
            first(x, x)
    if of_numpy:
        with pytest.raises(ag.errors.StagingError, match="shares memory"):
            first(x, x[1:])
        assert first(x[::2], x[1::2]).item() == 0.0
    assert seen.numpy() == 3 + of_numpy
