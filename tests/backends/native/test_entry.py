"""Arguments of every form reach native code as they are, and nothing that passes through it is leaked."""

import gc
import resource
import sys

import numpy as np
import pytest

import autograph as ag


class Sub(np.ndarray):
    pass


def native(function):
    return ag.function(function, backend="native")


@native
def double(x):
    return x * 2


READ_ONLY = np.arange(6.0)
READ_ONLY.flags.writeable = False
FORMS = {
    "contiguous": np.arange(6.0).reshape(2, 3),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "strided": np.arange(12.0)[::2],
    "negative strides": np.arange(6.0)[::-1],
    "broadcast": np.broadcast_to(np.array([1.0, 2.0]), (3, 2)),
    "unaligned": np.frombuffer(b"\0" + np.arange(4.0).tobytes(), np.uint8)[1:].view(np.float64),
    "read-only": READ_ONLY,
    "no dimensions": np.array(1.5),
    "NumPy scalar": np.float32(1.5),
    "subclass": np.arange(6.0).view(Sub),
    "empty": np.zeros((0, 3)),
    "empty and strided": np.zeros((4, 0, 3))[::2],
    "bool": np.array([True, False]),
    "float16": np.arange(6).astype(np.float16)[::2],
    "complex": (np.arange(6) + 1j)[::2],
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_arguments(form):
    given = FORMS[form]
    wanted = np.asarray(given) * 2
    for _ in range(2):
        got = double(given).numpy()
        np.testing.assert_array_equal(got, wanted)
        assert type(got) in (np.ndarray, type(wanted))
        got = double(ag.constant(given)).numpy()
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("x", [np.arange(6.0).astype(">f8"), np.array([None]), np.array(["a"])])
def test_arrays_that_hold_no_numbers_of_this_machine_are_refused(x):
    with pytest.raises(ag.errors.DTypeError, match="cannot be tensors"):
        double(x)


def test_python_numbers_of_other_types():
    for x in (1, True, 2.5, 2**61):
        fresh = native(double.python_function)
        assert np.asarray(fresh(x)) == x * 2
        assert np.asarray(fresh(ag.ops.asarray(x))) == x * 2
    fresh = native(double.python_function)
    assert fresh(3) + fresh(4) == 14
    with pytest.raises(OverflowError):
        fresh(2**62)


@native
def checked(x, n):
    y = x * 2.0
    assert n > 0, "n is to be positive"
    return y, y[n - 1], n + 1, [x, y]


def leaked(call, times):
    """How many kilobytes of memory calls keep, after some to warm up."""
    for _ in range(times // 4):
        call()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(times):
        call()
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def failing():
    with pytest.raises(AssertionError):
        checked(X, ZERO)


X, ONE, ZERO = ag.constant(np.ones(2000)), ag.constant(1), ag.constant(0)
CALLS = {
    "array": (lambda: double(X), 40_000),
    "several": (lambda: checked(X, ONE), 4_000),
    "failing": (failing, 2_000),
    "scalar": (lambda: double(ONE), 100_000),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls_keep_no_memory(name):
    call, times = CALLS[name]
    assert leaked(call, times) < 4000  # of 16 kB a result, 40,000 would be 640,000


def test_results_have_one_owner():
    found = double(X)
    array = found._value
    assert sys.getrefcount(array) == 3  # the tensor's, `array` and the argument
    given = X._value
    before = sys.getrefcount(given)
    for _ in range(10):
        double(X)
        checked(X, ONE)
        failing()
    gc.collect()
    assert sys.getrefcount(given) == before


def test_functions_that_are_dropped_free_their_code():
    def compile_one():
        function = native(lambda x: ag.ops.sum(x * 2.0))
        function(X)

    assert leaked(compile_one, 120) < 20_000
