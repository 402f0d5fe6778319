"""Recursion as a loop with a stack of frames gives what the calls give, on the reference backend."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.backend import get_backend
from autograph.runtime.ir import clone_graph, walk
from autograph.runtime.structure_ops import CALL_DEPTH, call_op
from autograph.runtime.verify import verify
from autograph.transforms.optimize import optimize
from autograph.transforms.passes.frame_stack import flatten_calls


def flattened(function, *specs):
    """The graph of a function, and a copy of it without calls."""
    graph = ag.function(function, backend="numpy").get_concrete_function(*specs).graph
    optimized = optimize(graph)
    copy = clone_graph(optimized)
    flatten_calls(copy)
    verify(copy)
    return optimized, copy


def calls(graph):
    return sum(node.op is call_op for node in walk(graph.body))


def run(graph, *raws):
    return get_backend("numpy").compile(graph)([np.asarray(raw) for raw in raws])


INTEGER = ag.TensorSpec((), ag.int64)
VECTOR = ag.TensorSpec((None,), ag.float64)


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def tree(x, depth):
    """Calls in a loop, in a branch; a value and a loop's state are needed after them."""
    if depth == 0:
        return x
    total = x * 0
    for i in range(depth):
        part = tree(x + i, depth - 1)
        if depth > 2:
            part = part * x + tree(part, depth - 2)
        total = total + part
    return total


def even(n, x):
    return x if n == 0 else odd(n - 1, x * 2) + 1


def odd(n, x):
    return -x if n == 0 else even(n - 1, x + 3)


def while_condition_calls(n):
    i = 0
    while fibonacci(i) < n:
        i += 1
    return i


@pytest.mark.parametrize(
    ("function", "specs", "rows"),
    [
        (fibonacci, (INTEGER,), [(0,), (1,), (9,)]),
        (tree, (VECTOR, INTEGER), [(np.arange(3.0), 0), (np.arange(3.0), 1), (np.arange(2.0), 4)]),
        (even, (INTEGER, VECTOR), [(0, np.ones(2)), (7, np.ones(3)), (20, np.ones(3))]),
        (while_condition_calls, (INTEGER,), [(1,), (40,)]),
    ],
)
def test_same_results_without_calls(function, specs, rows):
    graph, copy = flattened(function, *specs)
    assert calls(graph)
    assert not calls(copy)
    for row in rows:
        for wanted, found in zip(run(graph, *row), run(copy, *row), strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_gradients_have_no_calls_either():
    def power(x, n):
        return x * 1.0 if n < 1 else x * power(x, n - 1)

    graph, copy = flattened(ag.grad(power), ag.TensorSpec((), ag.float64), INTEGER)
    assert calls(graph)
    assert not calls(copy)
    assert run(copy, 2.0, 4)[0] == run(graph, 2.0, 4)[0] == 80.0


def test_calls_too_deep_raise():
    def down(n):
        return n if n < 0 else down(n - 1) + 1

    _, copy = flattened(down, INTEGER)
    assert run(copy, CALL_DEPTH - 10)[0] == CALL_DEPTH - 10
    with pytest.raises(Exception, match="maximum recursion depth exceeded"):
        run(copy, 10 * CALL_DEPTH)


def test_sizes_that_change_with_the_depth_stay_calls():
    def halves(x):
        return x if x.shape[0] < 2 else halves(x[::2]) * 2

    graph, copy = flattened(halves, VECTOR)
    assert calls(graph) == calls(copy) > 0
    np.testing.assert_array_equal(run(copy, np.arange(8.0) + 1)[0], [8.0])


def test_calls_that_lead_in_no_circle_are_put_in_place():
    @ag.recompute_grad
    def layer(x):
        return ag.ops.tanh(x) * x

    def loss(x):
        return ag.ops.sum(layer(layer(x)))

    graph, copy = flattened(ag.grad(loss), VECTOR)
    assert calls(graph)
    assert not calls(copy)
    x = np.linspace(-1, 2, 5)
    np.testing.assert_array_equal(run(copy, x)[0], run(graph, x)[0])
