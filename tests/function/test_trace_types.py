"""What makes calls share a trace: counted traces for each kind of argument."""

import collections
import dataclasses
import enum
import gc
import weakref

import numpy as np
import pytest

import autograph as ag

Point = collections.namedtuple("Point", "x y")
ones = np.ones(3, np.float32)


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Pair:
    left: ag.Tensor
    scale: float


class Tagged:
    """Calls may share a trace when tags are equal."""

    def __init__(self, tag, other):
        self.tag, self.other = tag, other

    def __autograph_spec__(self):
        return self.tag


class Box:
    def __init__(self, value):
        self.value = value


def counted(body, *calls, **options):
    """How many traces these calls of a function make."""
    f = ag.function(body, **options)
    for args, kwargs in calls:
        f(*args, **kwargs)
    return f.trace_count


def call(*args, **kwargs):
    return args, kwargs


def test_tensors_by_dtype_and_rank():
    def f(x):
        return x + x

    assert counted(f, call(ones), call(ones * 2), call(ag.constant(ones))) == 1
    assert counted(f, call(ones), call(ones.astype(np.float64)), call(ones[None])) == 3


def test_weak_and_strong_scalars_differ():
    def f(x, y):
        return x * y

    x = ag.constant(2.0)
    assert counted(f, call(x, 0.5), call(x, ag.constant(0.5, ag.float64))) == 2


def test_keywords_in_any_order():
    def f(x, *, a, b):
        return x + a - b

    assert counted(f, call(ones, a=1, b=2), call(ones, b=2, a=1), call(x=ones, b=2, a=1)) == 1


def test_defaults_are_filled_in():
    def f(x, k=2):
        return x * k

    assert counted(f, call(ones), call(ones, 2), call(ones, k=2), call(k=2, x=ones)) == 1


def test_variables_by_spec_and_aliasing():
    def f(v, w):
        v.assign_add(w)
        return v + w

    v, w, u, t = (ag.Variable(np.full(3, k, np.float32)) for k in (1, 2, 3, 4))
    run = ag.function(f)
    np.testing.assert_array_equal(run(v, w), [5, 5, 5])
    np.testing.assert_array_equal(run(u, t), [11, 11, 11])
    assert run.trace_count == 1
    np.testing.assert_array_equal(run(v, v), [12, 12, 12])
    assert run.trace_count == 2
    np.testing.assert_array_equal((v.numpy()[0], w.numpy()[0], u.numpy()[0]), [6, 2, 7])
    np.testing.assert_array_equal(run(w, t), [10, 10, 10])
    assert run.trace_count == 2
    run(ag.Variable(1.0), ag.Variable(2.0))
    assert run.trace_count == 3


def test_a_variable_that_is_an_argument_and_the_functions_own():
    own = ag.Variable(1.0)

    @ag.function
    def f(v):
        own.assign_add(1.0)
        return v + own

    other = ag.Variable(10.0)
    assert f(other).item() == 12.0
    assert f(own).item() == 6.0
    assert f(other).item() == 14.0
    assert f.trace_count == 2


def test_structures():
    def f(p):
        return p

    pairs = [Point(ones, 2), (ones, 2), [ones, 2], {"x": ones, "y": 2}]
    assert counted(f, *[call(p) for p in pairs * 2]) == 4


def test_dataclasses_are_structures():
    def f(p):
        return dataclasses.replace(p, left=p.left * p.scale)

    run = ag.function(f)
    for k in (1.0, 2.0):
        got = run(Pair(ones * k, 3.0))
        assert type(got) is Pair
        np.testing.assert_array_equal(got.left, ones * k * 3)
    assert run.trace_count == 1


@pytest.mark.parametrize("values", [(Color.RED, Color.BLUE), ("a", "b"), (True, False), (b"a", b"b"), (None, "a")])
def test_literals_have_a_trace_each(values):
    def f(x, k):
        return x + (1 if k == values[0] else 2)

    run = ag.function(f)
    for k, wanted in zip(values * 2, (2, 3, 2, 3), strict=True):
        np.testing.assert_array_equal(run(ones, k), ones * 0 + wanted)
    assert run.trace_count == 2


def test_equal_numbers_of_different_types():
    def f(x, k):
        return x / k if k else (x, k)

    x = ag.constant(1.0)
    run = ag.function(f, reduce_retracing=False)
    results = [run(x, k) for k in (1, True)] + [run(x, 1.0)]
    assert run.trace_count == 3
    assert all(r.item() == 1 for r in results)
    with pytest.warns(ag.errors.RetraceWarning):
        assert [np.signbit(run(x, k)[1]) for k in (0.0, -0.0)] == [False, True]
    assert run.trace_count == 5


def test_spec_protocol():
    def f(x, t):
        return x + len(t.tag)

    tags = [Tagged("a", 1), Tagged("a", 2), Tagged("bb", 1)]
    assert counted(f, *[call(ones, t) for t in tags]) == 2


def test_functions_by_code_and_cells():
    def scaled_by(k):
        return lambda x: x * k

    def f(x, g):
        return g(x)

    run = ag.function(f)
    np.testing.assert_array_equal(run(ones, scaled_by(2)), ones * 2)
    np.testing.assert_array_equal(run(ones, scaled_by(2)), ones * 2)
    assert run.trace_count == 1
    np.testing.assert_array_equal(run(ones, scaled_by(3)), ones * 3)
    assert run.trace_count == 2


def test_objects_by_identity_and_not_kept_alive():
    @ag.function
    def f(x, box):
        return x * box.value

    boxes = [Box(2.0), Box(3.0)]
    for box in boxes:
        np.testing.assert_array_equal(f(ones, box), ones * box.value)
        np.testing.assert_array_equal(f(ones, box), ones * box.value)
    assert f.trace_count == 2
    graph = weakref.ref(f._cache.entries[0].concrete.graph)
    dead = weakref.ref(boxes[0])
    del boxes[0], box
    gc.collect()
    assert dead() is None
    assert graph() is None
    assert f.trace_count == 1


def test_modules_change_without_a_new_trace_of_variables():
    class Layer(ag.Module):
        def __init__(self):
            self.w = ag.Variable(ones)
            self.scale = 2.0

    @ag.function
    def f(layer, x):
        return layer.w * x * layer.scale

    layer = Layer()
    np.testing.assert_array_equal(f(layer, ones), ones * 2)
    layer.w.assign(ones * 5)
    np.testing.assert_array_equal(f(layer, ones), ones * 10)
    assert f.trace_count == 1
    layer.w = ag.Variable(ones * 7)
    np.testing.assert_array_equal(f(layer, ones), ones * 14)
    assert f.trace_count == 2


def test_backends_have_traces_of_their_own():
    @ag.function
    def f(x):
        return x + 1

    f(ones)
    ag.config.set_backend("native")
    f(ones)
    assert f.trace_count == 1
    ag.config.set_backend("numpy")
    try:
        f(ones)
        assert f.trace_count == 2
    finally:
        ag.config.set_backend("native")
