"""Calls leave no memory behind: results, failures, calls of Python, lists that grow, variables, loops."""

import os
from pathlib import Path

import numpy as np
import pytest

import autograph as ag
from tests.sampling import LONG

CALLS = 200_000 if LONG else 3000
STATUS = Path("/proc/self/statm")
X = np.linspace(-1, 1, 32 * 32, dtype=np.float32).reshape(32, 32)  # 4 kB
weight = ag.Variable(X)


@ag.function
def results(x, n):
    return ag.ops.sin(x), x @ x, n + 1


@ag.function
def failing(x, n):
    y = x @ x
    assert ag.ops.sum(y) != ag.ops.sum(y), f"never {n} {y}"
    return y


@ag.function
def on_host(x, n):
    return ag.py_function(lambda a: a * 2, x, Tout=ag.TensorSpec((32, 32), ag.float32)), n


@ag.function
def grown(x, n):
    items = [x]
    for _ in range(n):
        items.append(items[-1] * 0.5)
    return items, len(items)


@ag.function
def assigned(x, n):
    weight.assign(weight * 0.5 + x)
    return n


@ag.function
def halves(x, n):
    if n <= 0:
        return x
    return halves(x[::2], n - 1)


@ag.function
def caught(x, n):
    try:
        y = x[n * 100]
    except IndexError:
        y = x[0]
    return y


def resident():
    return int(STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def call(function, count):
    x, n = ag.constant(X), ag.constant(np.int64(3))
    for _ in range(count):
        try:
            function(x, n)
        except AssertionError:
            assert function is failing


@pytest.mark.skipif(not STATUS.exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize("function", [results, failing, on_host, grown, assigned, halves, caught], ids=lambda f: f.name)
def test_memory_stays(function):
    count = CALLS // 10 if function is failing else CALLS
    call(function, count // 3)
    before = resident()
    call(function, count)
    assert resident() - before < max(1 << 20, 64 * count)  # an array left behind by each call would be 4 kB
