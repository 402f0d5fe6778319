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
