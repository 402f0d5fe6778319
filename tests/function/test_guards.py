"""Python values that a trace has read: a change retraces instead of answering with the old value."""

import types

import numpy as np
import pytest

import autograph as ag

ones = np.ones(2)
SCALE = 2.0
TABLE = [1.0, 2.0]
OPTIONS = {"rate": 1.0}
NESTED = {"a": [1.0, {"b": 2.0}]}
SMALL = np.array([1.0, 2.0])
LARGE = np.ones(1000)
MODULE = types.ModuleType("settings")
MODULE.rate = 1.0


def helper(x):
    return x * SCALE


class Model:
    rate = 2.0
    __slots__ = ("__dict__", "slot")

    def __init__(self):
        self.k, self.inner, self.slot = 3.0, Inner(), 1.0

    @property
    def doubled(self):
        return 2 * self.inner.value

    def scaled(self, x):
        return x * self.k


class Inner:
    def __init__(self):
        self.value = 1.0


def check(f, args, wanted, traces):
    np.testing.assert_allclose(f(*args), wanted, rtol=0)
    np.testing.assert_allclose(f(*args), wanted, rtol=0)
    assert f.trace_count == traces


def test_globals(monkeypatch):
    @ag.function
    def f(x):
        return helper(x) + SCALE

    check(f, (ones,), [4, 4], 1)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    check(f, (ones,), [6, 6], 2)
    monkeypatch.setitem(globals(), "SCALE", 2.0)
    check(f, (ones,), [4, 4], 2)


def test_functions_that_are_replaced(monkeypatch):
    @ag.function
    def f(x):
        return helper(x)

    check(f, (ones,), [2, 2], 1)
    monkeypatch.setitem(globals(), "helper", lambda x: x - 1)
    check(f, (ones,), [0, 0], 2)


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        (lambda: TABLE.append(4.0), TABLE.pop),
        (lambda: TABLE.__setitem__(0, 5.0), lambda: TABLE.__setitem__(0, 1.0)),
        (lambda: OPTIONS.update(rate=7.0), lambda: OPTIONS.update(rate=1.0)),
        (lambda: OPTIONS.update(more=7.0), lambda: OPTIONS.pop("more")),
        (lambda: NESTED["a"][1].update(b=9.0), lambda: NESTED["a"][1].update(b=2.0)),
        (lambda: SMALL.__setitem__(1, 9.0), lambda: SMALL.__setitem__(1, 2.0)),
        (lambda: setattr(MODULE, "rate", 9.0), lambda: setattr(MODULE, "rate", 1.0)),
    ],
    ids=["append", "item", "dict item", "new key", "nested", "array", "module"],
)
def test_changed_in_place(change, undo):
    def plain(x):
        x = x * sum(TABLE) * OPTIONS["rate"] * len(OPTIONS) * NESTED["a"][1]["b"] * SMALL[1] * MODULE.rate
        return x + SMALL

    f = ag.function(plain)
    check(f, (ones,), plain(ones), 1)
    change()
    try:
        check(f, (ones,), plain(ones), 2)
    finally:
        undo()
    check(f, (ones,), plain(ones), 2)


def test_large_arrays_are_read_at_each_call():
    @ag.function
    def f(x):
        return x * ag.ops.sum(LARGE) + ag.ops.sum(ag.constant(LARGE, ag.float64))

    check(f, (ones,), [2000, 2000], 1)
    LARGE[0] = 11
    try:
        check(f, (ones,), [2020, 2020], 1)
    finally:
        LARGE[0] = 1


def test_closures():
    k = 2.0

    @ag.function
    def f(x):
        return x * k

    check(f, (ones,), [2, 2], 1)
    k = 5.0
    check(f, (ones,), [5, 5], 2)


def test_defaults():
    def add(x, k=1.0, *, more=0.0):
        return x + k + more

    @ag.function
    def f(x):
        return add(x)

    check(f, (ones,), [2, 2], 1)
    add.__defaults__ = (2.0,)
    check(f, (ones,), [3, 3], 2)
    add.__kwdefaults__ = {"more": 4.0}
    check(f, (ones,), [7, 7], 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: setattr(m, "k", 4.0),
        lambda m: setattr(m.inner, "value", 4.0),
        lambda m: setattr(m, "inner", type("Other", (), {"value": 4.0})()),
        lambda m: setattr(m, "rate", 4.0),
        lambda m: setattr(m, "slot", 4.0),
        lambda m: setattr(m, "extra", 4.0),
        lambda m: setattr(m, "scaled", lambda x: x * 100),
    ],
    ids=["attribute", "inner attribute", "object", "class attribute", "slot", "asked for", "method"],
)
def test_attributes(change):
    def plain(m, x):
        return m.scaled(x) * m.rate + m.doubled + m.slot + getattr(m, "extra", 0.0)

    f, m = ag.function(plain), Model()
    inner = m.inner
    check(f, (m, ones), plain(m, ones), 1)
    change(m)
    assert inner.value
    check(f, (m, ones), plain(m, ones), 2)


def test_attributes_of_classes():
    def plain(m, x):
        return x * m.rate

    f, m = ag.function(plain), Model()
    check(f, (m, ones), [2, 2], 1)
    Model.rate = 3.0
    try:
        check(f, (m, ones), [3, 3], 2)
    finally:
        Model.rate = 2.0


def test_attributes_of_self():
    class Layer:
        def __init__(self):
            self.k, self.sizes = 2.0, [1, 2]

        @ag.function
        def run(self, x):
            return x * self.k * len(self.sizes)

    layer = Layer()
    check(layer.run, (ones,), [4, 4], 1)
    layer.k = 3.0
    check(layer.run, (ones,), [6, 6], 2)
    layer.sizes.append(3)
    check(layer.run, (ones,), [9, 9], 3)


def test_values_equal_but_of_another_type(monkeypatch):
    @ag.function
    def f(x):
        return x * 0.5 if isinstance(SCALE, int) else x

    check(f, (ones,), [1, 1], 1)
    monkeypatch.setitem(globals(), "SCALE", 2)
    check(f, (ones,), [0.5, 0.5], 2)


def test_what_is_not_read_does_not_matter(monkeypatch):
    @ag.function
    def f(m, x):
        return x * m.k

    m = Model()
    check(f, (m, ones), [3, 3], 1)
    m.other, m.slot = 1, 9.0
    monkeypatch.setitem(globals(), "SCALE", 9.0)
    check(f, (m, ones), [3, 3], 1)


@pytest.mark.parametrize(
    "plain",
    [
        lambda x: x * LARGE[3],
        lambda x: x * 2 if LARGE[3] > 5 else x,
        lambda x: x * ag.ops.sum(LARGE[:4]),
        lambda x: x * ag.ops.sum(LARGE * 2),
        lambda x: x * LARGE.mean(),
    ],
    ids=["element", "condition", "part", "computed", "reduced"],
)
def test_python_reads_of_large_arrays(plain):
    f = ag.function(plain)
    check(f, (ones,), plain(ones), 1)
    LARGE[3] = 11
    try:
        np.testing.assert_allclose(f(ones), plain(ones), rtol=0)
    finally:
        LARGE[3] = 1
