"""Lists of tensors whose sizes only the running function knows lie in native code, as do stacks of loops' gradients."""

import numpy as np
import pytest

import autograph as ag
from tests.backends.native.compare import close

X = np.random.default_rng(0).normal(size=(5, 3))
W = np.random.default_rng(1).normal(size=(3, 3))


def states(x, w, n):
    kept = []
    h, i = x, n * 0
    while i < n:
        h = ag.ops.tanh(h @ w)
        kept.append(h)
        i += 1
    return kept


def run(function, *operands):
    specs = [ag.TensorSpec((None, 3) if np.ndim(x) else (), np.asarray(x).dtype) for x in operands]
    staged = ag.function(function, backend="native", input_signature=specs)
    found = staged(*[ag.constant(x) for x in operands])
    (trace,) = staged.explain().traces
    return staged, found, trace.fallbacks


def plain(x, w, n):
    found, h = [], x
    for _ in range(n):
        h = np.tanh(h @ w)
        found.append(h)
    return found


@pytest.mark.parametrize("n", [1, 4])
def test_lists_are_results(n):
    staged, found, fallbacks = run(states, X, W, n)
    assert not fallbacks
    for got, wanted in zip(found, plain(X, W, n), strict=True):
        np.testing.assert_allclose(got.numpy(), wanted, rtol=1e-12)
    again = staged(ag.constant(X[:2]), ag.constant(W), ag.constant(n))
    np.testing.assert_allclose(again[-1].numpy(), plain(X[:2], W, n)[-1], rtol=1e-12)


def test_items_and_parts():
    def function(x, w, n):
        kept = states(x, w, n)
        kept[0] = x
        last = kept.pop()
        return kept[1:], kept[n - 2], last, ag.ops.stack(kept), len(kept)

    _, (part, item, last, stack, count), fallbacks = run(function, X, W, 4)
    assert not fallbacks
    wanted = [X, *plain(X, W, 4)[1:]]
    np.testing.assert_allclose([p.numpy() for p in part], wanted[1:3], rtol=1e-12)
    np.testing.assert_allclose(item.numpy(), wanted[2], rtol=1e-12)
    np.testing.assert_allclose(last.numpy(), wanted[3], rtol=1e-12)
    np.testing.assert_allclose(stack.numpy(), wanted[:3], rtol=1e-12)
    assert int(count) == 3


def test_gradients_of_loops():
    def function(x, w, n):
        with ag.GradientTape() as tape:
            tape.watch((x, w))
            kept = states(x, w, n)
            loss = ag.ops.sum(kept[n - 1] * kept[0])
        return tape.gradient(loss, (x, w))

    close(function, X, W, np.int64(3), rtol=1e-9)
    _, found, fallbacks = run(function, X, W, np.int64(3))
    assert not fallbacks
    wanted = ag.function(function, backend="numpy")(*map(ag.constant, (X, W, np.int64(3))))
    for got, each in zip(found, wanted, strict=True):
        np.testing.assert_allclose(got.numpy(), each.numpy(), rtol=1e-9)


def test_lists_beside_calls():
    def doubled(x, n):
        if n <= 0:
            return x
        return doubled(x * 2, n - 1)

    def function(x, w, n):
        kept = states(x, w, n)
        kept.append(doubled(x, n))
        return kept

    _, found, fallbacks = run(function, X, W, 3)
    assert not fallbacks
    for got, wanted in zip(found, [*plain(X, W, 3), X * 8], strict=True):
        np.testing.assert_allclose(got.numpy(), wanted, rtol=1e-12)


def test_lists_are_arguments():
    staged = ag.function(lambda items, x: items[1] * x + items[0], backend="native")
    for rows in (4, 6, 7):
        x = np.ones((rows, 3))
        got = staged([ag.constant(x), ag.constant(x * 2)], ag.constant(x * 5))
        np.testing.assert_array_equal(got.numpy(), x * 11)


def test_parts_of_long_graphs_are_given_lists_before_their_sizes():
    def function(x, w, n):
        kept, total = states(x, w, n), 0.0
        for step in range(100):
            total = total + ag.ops.sum(kept[(n + step) % n])
        return total

    _, found, fallbacks = run(function, X, W, 3)
    assert not fallbacks
    wanted = plain(X, W, 3)
    np.testing.assert_allclose(found.numpy(), sum(np.sum(wanted[step % 3]) for step in range(100)), rtol=1e-12)


def table(x, w, n):
    """Lists of lists of tensors whose sizes are open."""
    rows, i = [], n * 0
    while i < n:
        rows.append(states(x * i, w, i + 1))
        i += 1
    return rows


def plain_table(x, w, n):
    return [plain(x * i, w, i + 1) for i in range(n)]


def same_nested(got, wanted):
    assert [len(row) for row in got] == [len(row) for row in wanted]
    for row, rows in zip(got, wanted, strict=True):
        for item, items in zip(row, rows, strict=True):
            np.testing.assert_allclose(item.numpy(), items, rtol=1e-12)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_lists_of_lists_are_results(n):
    _, found, fallbacks = run(table, X, W, n)
    assert not fallbacks
    same_nested(found, plain_table(X, W, n))


def test_lists_of_lists_change():
    def function(x, w, n):
        rows = table(x, w, n)
        first = rows[0]
        rows[1] = rows[2][1:] + first
        rows.append(first)
        last = rows.pop(), rows[-1]
        row = list(rows[2])
        row[0] = x
        rows[2] = row
        return rows[::-1] + rows[:1], first, last[0], last[1], row, len(rows), rows[2][0]

    def plainly(x, w, n):
        rows = plain_table(x, w, n)
        first = rows[0]
        rows[1] = rows[2][1:] + first
        row = [x, *rows[2][1:]]
        rows[2] = row
        return rows[::-1] + rows[:1], first, first, rows[-1], row, len(rows), x

    _, found, fallbacks = run(function, X, W, 4)
    wanted = plainly(X, W, 4)
    same_nested(found[0], wanted[0])
    same_nested(found[1:5], wanted[1:5])
    assert int(found[5]) == wanted[5]
    np.testing.assert_array_equal(found[6].numpy(), X)
    assert not fallbacks


def nested_loss(x, w, n):
    rows, total, i = table(x, w, n), ag.ops.sum(x) * 0, n * 0
    while i < n:
        j = i * 0
        while j <= i:
            total = total + ag.ops.sum(rows[i][j] * rows[n - 1][i]) * (i + 1)
            j += 1
        i += 1
    return total


def test_gradients_of_nested_loops():
    def function(x, w, n):
        with ag.GradientTape() as tape:
            tape.watch((x, w))
            loss = nested_loss(x, w, n)
        return tape.gradient(loss, (x, w))

    _, found, fallbacks = run(function, X, W, np.int64(3))
    assert not fallbacks
    wanted = ag.function(function, backend="numpy")(*map(ag.constant, (X, W, np.int64(3))))
    for got, each in zip(found, wanted, strict=True):
        np.testing.assert_allclose(got.numpy(), each.numpy(), rtol=1e-9)
