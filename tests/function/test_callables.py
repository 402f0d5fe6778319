"""What can be decorated: methods of all kinds, callable objects, partials; copies and pickles."""

import copy
import functools
import gc
import pickle
import weakref

import numpy as np
import pytest

import autograph as ag

ones = np.ones(2)


class Base:
    factor = 2.0

    def __init__(self, k=1.0):
        self.k = k

    @ag.function
    def scale(self, x, by=1.0):
        return x * self.k * by

    @classmethod
    @ag.function
    def of_class(cls, x):
        return x * cls.factor

    @staticmethod
    @ag.function
    def static(x):
        return x + 1

    @ag.function
    @staticmethod
    def static_inside(x):
        return x + 2

    @ag.function
    def overridden(self, x):
        return x - self.k


class Child(Base):
    factor = 3.0

    @ag.function
    def overridden(self, x):
        return super().overridden(x) * 10


class Adder:
    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        return x + self.k


@ag.function
def module_level(x):
    return x * 3


def test_methods_have_a_cache_each():
    a, b = Base(2.0), Base(3.0)
    np.testing.assert_array_equal(a.scale(ones), ones * 2)
    np.testing.assert_array_equal(b.scale(ones, by=2.0), ones * 6)
    np.testing.assert_array_equal(a.scale(ones), ones * 2)
    assert (a.scale.trace_count, b.scale.trace_count) == (1, 1)
    assert a.scale == a.scale
    assert a.scale.__self__ is a


def test_a_cache_does_not_keep_its_object():
    a = Base(2.0)
    a.scale(ones)
    graph, dead = weakref.ref(a.scale._cache.entries[0].concrete.graph), weakref.ref(a)
    del a
    gc.collect()
    assert dead() is None
    assert graph() is None
    assert Base.scale._methods == {}


def test_inherited_and_overridden():
    c = Child(4.0)
    np.testing.assert_array_equal(c.scale(ones), ones * 4)
    np.testing.assert_array_equal(c.overridden(ones), ones * -30)
    np.testing.assert_array_equal(Base.overridden(c, ones), ones - 4)


def test_class_and_static_methods():
    for _ in range(2):
        np.testing.assert_array_equal(Base.of_class(ones), ones * 2)
        np.testing.assert_array_equal(Child.of_class(ones), ones * 3)
        np.testing.assert_array_equal(Child().of_class(ones), ones * 3)
        np.testing.assert_array_equal(Base.static(ones), ones + 1)
        np.testing.assert_array_equal(Base().static_inside(ones), ones + 2)


def test_callable_objects_and_partials():
    adder = Adder(2.0)
    f = ag.function(adder)
    np.testing.assert_array_equal(f(ones), ones + 2)
    adder.k = 5.0
    np.testing.assert_array_equal(f(ones), ones + 5)
    assert f.trace_count == 2
    g = ag.function(functools.partial(lambda x, y, z: x * y + z, z=3.0))
    np.testing.assert_array_equal(g(ones, 2.0), ones * 5)
    np.testing.assert_array_equal(Base(3.0).scale(ones), ones * 3)
    h = ag.function(functools.partial(Base(3.0).scale.python_function, by=2.0))
    np.testing.assert_array_equal(h(ones), ones * 6)
    table = [1.0, 2.0]
    k = ag.function(functools.partial(lambda x, t: x * t[0], t=table))
    np.testing.assert_array_equal(k(ones), ones)
    table[0] = 4.0
    np.testing.assert_array_equal(k(ones), ones * 4)


def test_bound_methods_as_functions():
    adder = Base(4.0)
    f = ag.function(adder.scale.python_function)
    np.testing.assert_array_equal(f(ones), ones * 4)


def test_metadata():
    assert module_level.__name__ == "module_level"
    assert module_level.__wrapped__ is module_level.python_function
    assert repr(ag.function(lambda x: x)) == "<ag.function <lambda>, 0 traces>"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_copies_are_the_function_itself(again):
    assert again(module_level) is module_level


def test_pickled_callable_object():
    f = pickle.loads(pickle.dumps(ag.function(Adder(2.0), reduce_retracing=False)))
    np.testing.assert_array_equal(f(ones), ones + 2)
    assert not f.reduce_retracing


def test_objects_with_methods_can_be_copied():
    a = Base(2.0)
    a.scale(ones)
    b = copy.deepcopy(a)
    b.k = 7.0
    np.testing.assert_array_equal(b.scale(ones), ones * 7)
    np.testing.assert_array_equal(a.scale(ones), ones * 2)
    assert pickle.loads(pickle.dumps(a)).k == 2.0


def test_local_functions_are_not_pickled_either():
    f = ag.function(lambda x: x)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(f)
