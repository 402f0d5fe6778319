"""Checks that always hold go, the others stay: each program says how many are left."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.ir import clone_graph, walk
from autograph.runtime.structure_ops import check_op
from autograph.runtime.verify import verify
from autograph.transforms.optimize import optimize
from autograph.transforms.passes.explicit_checks import make_checks_explicit
from autograph.transforms.passes.proven_checks import remove_proven_checks

N, I8 = ag.TensorSpec((), ag.int32), ag.TensorSpec((), ag.int8)
XS, OPEN = ag.TensorSpec((64, 3), ag.float32), ag.TensorSpec((None, 3), ag.float32)


def rows(xs):
    total = 0.0
    for x in xs:
        total += ag.ops.sum(x)
    return total


def rows_by_index(xs):
    total = 0.0
    for i in range(xs.shape[0]):
        total += xs[i, 0]
    return total


def differences(xs):
    total = 0.0
    for i in range(len(xs) - 1):
        total += xs[i + 1, 0] - xs[i, 0]
    return total


def every_third(xs):
    total = 0.0
    for i in range(0, xs.shape[0], 3):
        total += xs[i, 0]
    return total


def beyond(xs):
    total = 0.0
    for i in range(xs.shape[0]):
        total += xs[i + 1, 0]
    return total


def until_it_falls(xs):
    last = 0.0
    for x in xs:
        if ag.ops.sum(x) < last:
            break
        last = ag.ops.sum(x)
    return last


def counts(n):
    steps, odd = 0, 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
            odd += 1
        steps += 1
    return steps, odd


def inner_counts(n):
    found = 0
    for i in range(n):
        for j in range(i):
            if j % 2 == 0:
                found += 1
    return found


def doubles(n):
    size = 1
    for _ in range(n):
        size = size + size
    return size


def strong(n):
    small = ag.constant(np.int32(0))
    while small >= 0:  # which it is until it wraps
        small = small + n
        small = small + 1
    k = 5
    while small < k:
        k = k - 1
    return k


def falls(n):
    k = 10
    while n < k:
        k -= 1
        if k > 3:
            n += 1
    return 100 // k


def guarded(xs, n):
    if n >= 0 and n < 64:
        return xs[n, 0]
    return xs[n - 1, 0]


def moved_within(n):
    i = 0
    while i < 10:
        while n > i:
            i += 1000
            n -= 1
        i += 1
    return 10 // (2000 - i)


def shuffled(xs):
    order = ag.random.permutation(len(xs))
    return xs[order[: len(xs) // 2]]


def looked_up(xs):
    best = ag.ops.reshape(ag.ops.argmax(xs, axis=1), (-1, 1)) % 3
    table = ag.constant(np.array([[0, 2], [5, -5]]))
    return ag.ops.take(xs, best + 2, axis=0), xs[:, best - 2], xs[ag.ops.where(xs[:, :1] > 0, best, table[1, 1])]


def looked_up_beyond(xs):
    return xs[:, ag.ops.argsort(xs[0]) + 1], xs[ag.constant(np.array([64]))]


@pytest.mark.parametrize(
    ("function", "specs", "left"),
    [
        (rows, [XS], 0),
        (rows, [OPEN], 0),
        (rows_by_index, [OPEN], 0),
        (differences, [OPEN], 0),
        (every_third, [OPEN], 0),
        (beyond, [OPEN], 1),
        (until_it_falls, [XS], 0),
        (until_it_falls, [OPEN], 0),
        (counts, [N], 0),
        (counts, [I8], 0),
        (inner_counts, [N], 0),
        (doubles, [N], 1),
        (strong, [N], 0),
        (falls, [N], 1),
        (guarded, [XS, N], 1),
        (moved_within, [N], 1),
        (shuffled, [XS], 0),
        (shuffled, [OPEN], 0),
        (looked_up, [XS], 0),
        (looked_up, [OPEN], 2),
        (looked_up_beyond, [OPEN], 2),
    ],
    ids=lambda part: getattr(part, "__name__", None),
)
def test_checks_left(function, specs, left):
    graph = clone_graph(optimize(ag.function(function).get_concrete_function(*specs).graph))
    make_checks_explicit(graph)
    before = [node for node in walk(graph.body) if node.op is check_op]
    remove_proven_checks(graph)
    verify(graph)
    after = [node for node in walk(graph.body) if node.op is check_op]
    assert len(after) == left and before
