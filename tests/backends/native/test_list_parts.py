"""Slices of lists that the graph grows, and where items are, as Python's lists have them."""

import itertools

import numpy as np
import pytest

import autograph as ag

BOUNDS = [None, 0, 1, 3, -2, -9, 9]
STEPS = [1, 2, -1, -3]


def grown(n, scale):
    items = []
    i = ag.constant(0)
    while i < n:
        items.append(ag.ops.astype(i, ag.float64) * scale)
        i += 1
    return items


def check(run, *args):
    function = ag.function(run, backend="native")
    got = function(*[ag.constant(x) for x in args])
    for trace in function.explain().traces:
        assert not trace.fallbacks
    return got


@pytest.mark.parametrize("step", STEPS)
def test_slices(step):
    wanted = [float(i) * 2 for i in range(5)]

    def run(n):
        items = grown(n, 2.0)
        return [items[a:b:step] for a, b in itertools.product(BOUNDS, BOUNDS)]

    got = check(run, 5)
    for part, (a, b) in zip(got, itertools.product(BOUNDS, BOUNDS), strict=True):
        assert [float(x) for x in part] == wanted[a:b:step]


def test_parts_of_tensors():
    def run(n, x):
        items = []
        i = ag.constant(0)
        while i < n:
            items.append(x * ag.ops.astype(i, ag.float64))
            i += 1
        return items[1:], items[::-2], items[2:1]

    x = np.array([1.0, 2.0])
    tail, back, none = check(run, 5, x)
    np.testing.assert_array_equal([item.numpy() for item in tail], [x * i for i in range(1, 5)])
    np.testing.assert_array_equal([item.numpy() for item in back], [x * 4, x * 2, x * 0])
    assert len(none) == 0


def test_where_items_are():
    def run(n, x):
        items = grown(n, 2.0)
        return items.index(x), items.count(x), x in items, 3 in items, 4 in items, items.count(6.0)

    found = [x.item() for x in check(run, 5, 8.0)]
    assert found == [4, 1, True, False, True, 1]


def test_gradient_of_a_slice():
    def run(x, n):
        with ag.GradientTape() as tape:
            tape.watch(x)
            part = grown(n, x)[3:0:-1]
            total = part[0] * part[2]
        return tape.gradient(total, x)

    assert float(check(run, 1.5, 5)) == 2 * 3 * 1 * 1.5
