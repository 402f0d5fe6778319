"""Lists of the graph, through the values that carry them at run time."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.vector import Vector


def test_vectors_do_not_change_each_other():
    empty = Vector()
    one = empty.append(1)
    two, other = one.append(2), one.append(3)
    assert (list(empty), list(one), list(two), list(other)) == ([], [1], [1, 2], [1, 3])
    rest, last = two.pop()
    assert (list(rest), last) == ([1], 2)
    assert list(two.replace(-1, 9)) == [1, 9]
    assert list(two) == [1, 2]
    assert two[-2] == 1
    for index in (2, -3):
        with pytest.raises(IndexError):
            two[index]
        with pytest.raises(IndexError):
            two.replace(index, 0)
    with pytest.raises(IndexError):
        empty.pop()


@ag.function
def work(xs, k):
    ys = []
    for x in xs:
        ys.append(x)
    ys[k] = ys[k] * 10
    last = ys.pop()
    return ag.ops.stack(ys), last, len(ys), ys[0]


def test_list_ops_in_a_graph():
    xs = np.array([1.0, 2.0, 3.0])
    stacked, last, length, first = work(ag.constant(xs), ag.constant(1))
    np.testing.assert_array_equal(stacked.numpy(), [1.0, 20.0])
    assert (last.item(), length.item(), first.item()) == (3.0, 2, 1.0)


def test_index_out_of_range_raises_at_the_users_line():
    with pytest.raises(IndexError) as caught:
        work(ag.constant(np.array([1.0])), ag.constant(5))
    assert caught.traceback[-1].path.name == "test_lists.py"


def test_gradient_of_list_ops():
    def f(xs):
        ys = []
        for x in xs:
            ys.append(x * x)
        i = ag.ops.sum(ag.ops.astype(xs > 0, ag.int64)) - 1
        ys[i] = ys[i] * 3
        last = ys.pop()
        return ag.ops.sum(ag.ops.stack(ys)) + 2 * last

    xs = ag.constant(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(ag.grad(ag.function(f))(xs).numpy(), [2.0, 4.0, 36.0])


def test_elements_promote_as_numbers_do():
    def f(n, x):
        ys = []
        for i in range(n):
            ys.append(i)
        ys.append(x)
        ys.append(0.5)
        ys[0] = 1.5
        return ys

    n, x = np.int64(3), np.int64(7)
    got = ag.function(f)(ag.constant(n), ag.constant(x))
    assert [y.numpy() for y in got] == f(n, x)
    assert all(y.dtype is ag.float64 and not y.type.weak for y in got)


def test_gradient_through_a_list_that_was_cast():
    def f(x):
        ys = [0.5]
        while len(ys) < 4:
            ys.append(ys[-1] * 2.0)
        ys.append(x)
        ys[1] = x * x
        return ys[0] + ys[1] * ys[4]

    x = np.float64(3.0)
    assert f(x) == ag.function(f)(ag.constant(x)).item()
    assert ag.grad(ag.function(f))(ag.constant(x)).item() == 3 * 9.0


def test_gradients_of_parts_of_lists():
    def f(xs, n):
        ys = []
        for x in xs:
            ys.append(x * x)
        zs = ys[1:] + [xs[0] * 5] + ys[::-1]
        zs.insert(n, xs[1] * 7)
        zs[0:1].append(xs[0])
        ys.reverse()
        return ag.ops.sum(ag.ops.stack(zs) * ag.ops.exp(ag.ops.stack(zs) / 10)) + ys[0] * ys[n]

    xs, n = np.array([1.0, 2.0, -1.5]), ag.constant(1)
    gradient = ag.grad(ag.function(lambda v: f(v, n)))(ag.constant(xs)).numpy()

    def plain(v):
        return float(np.asarray(f(ag.constant(v), 1)))

    step = 1e-6 * np.eye(3)
    wanted = [(plain(xs + d) - plain(xs - d)) / 2e-6 for d in step]
    np.testing.assert_allclose(gradient, wanted, rtol=1e-6)


def test_lists_are_searched_by_value():
    def f(xs, x):
        ys = []
        for item in xs:
            ys.append(item)
        return x in ys, ys.count(x), ys.index(x)

    xs = np.array([3, 1, 3])
    for x in (np.int64(3), np.int64(1)):
        got = ag.function(f)(ag.constant(xs), ag.constant(x))
        assert [part.item() for part in got] == list(f(xs, x))
    with pytest.raises(ValueError, match="is not in list"):
        ag.function(f)(ag.constant(xs), ag.constant(5))


def halves(x, n):
    """Sizes that follow from an input's."""
    items = [x[1:-1:2]]
    for _ in range(n):
        items.append(x[1:-1:2])
    total = items[0]
    for k in range(len(items)):
        total = total + items[k]
    return ag.ops.sum(total)


def chosen(x, n):
    """Sizes that follow from those that data decides."""
    items = [x[x > 0.5][::2]]
    for k in range(n):
        items.append(x[x > 0.1 * k][::2])
    total = 0.0
    for k in range(len(items)):
        total = total + ag.ops.sum(items[k] * 2.0)
    return total


@pytest.mark.parametrize("function", [halves, chosen])
@pytest.mark.parametrize("backend", ["native", "numpy"])
def test_items_of_sizes_that_follow_from_others(function, backend):
    x = np.linspace(0, 1, 9)[::-1].copy()
    specs = [ag.TensorSpec([None], "float64"), ag.TensorSpec([], "int64")]
    staged = ag.function(function, input_signature=specs, backend=backend)
    np.testing.assert_allclose(staged(x, np.int64(3)).numpy(), np.asarray(function(x, 3)), rtol=1e-14)
