"""Values that are not in use at the same time share memory, others never do."""

import re

import numpy as np
import pytest

import autograph as ag
from autograph.backends.native import arena
from autograph.backends.native.executable import Program

SIZE = 64 * 64 * 8
X = np.linspace(-1, 1, 64 * 64).reshape(64, 64)


@pytest.fixture(autouse=True)
def plan_all(monkeypatch):
    monkeypatch.setattr(arena, "LEAST", 0)


def compiled(function, *args):
    """The program of a function, and that its results are NumPy's."""
    args = [ag.constant(x) for x in args]
    staged = ag.function(function, backend="native")
    got = staged(*args)
    wanted = ag.function(function, backend="numpy")(*args)
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-9, atol=1e-9 * np.abs(b.numpy()).max())
    return Program(staged.get_concrete_function(*args).optimized)


def chain(x):
    for _ in range(10):
        x = (x @ x) / 64
    return (x,)


def kept(x):
    values = [x]
    for _ in range(4):
        values.append((values[-1] @ x) / 8)
    total = values[0]
    for value in values[1:]:
        total = total @ value
    return (total,)


def loop(x, n):
    """What a trip carries comes back at the start of the next."""
    y, z = x @ x, x @ x.T
    for _ in range(n):
        w = (y @ x) / 8
        y, z = z + w, w @ x / 8
    return y, z, w @ x


def branches(x, n):
    y = x @ x
    z = y if n > 1 else x.T @ x
    w = z @ x
    return (w + (y @ w if n > 2 else w),)


def caught(x, n):
    y = x @ x
    try:
        z = y @ x
        assert n > 2, "few"
    except AssertionError:
        z = y.T @ y
    return z @ y, z


@ag.function
def power(x, n):
    if n <= 1:
        return x
    return power((x @ x) / 64, n - 1)


def calls(x, n):
    y = x @ x
    z = power(y, n)
    return z @ y, z @ x


def grown(x, n):
    items = [x @ x]
    for _ in range(n):
        items.append((items[-1] @ x) / 8)
    total = items[0]
    for i in range(len(items)):
        total = total + items[i] @ x
    return total, items[-1]


def gradients(x, n):
    def f(x):
        y = x
        for _ in range(n):
            y = ag.ops.tanh(y @ x)
        return ag.ops.sum(y * y)

    return ag.value_and_grad(f)(x)


def test_a_chain_takes_the_memory_of_two():
    assert compiled(chain, X).arena <= 3 * SIZE


def test_what_is_used_later_is_kept():
    assert 4 * SIZE <= compiled(kept, X).arena <= 7 * SIZE


@pytest.mark.parametrize("count", [1, 2, 3, 6])
@pytest.mark.parametrize("function", [loop, branches, caught, calls, grown, gradients])
def test_control_flow(function, count):
    compiled(function, X, np.int64(count))


def test_places_do_not_overlap():
    """The text itself: buffers that one product reads and writes are apart."""
    text = compiled(kept, X).compiled.text
    places = dict(re.findall(r"(%v\d+) = getelementptr inbounds i8, ptr %pool\d+, i64 (\d+)", text))
    *told, _ = text.split("call void @ag_product_")  # before it the addresses are written down
    products = [re.findall(r"store ptr (%v\d+),", before)[-3:] for before in told]
    seen = 0
    for operands in products:
        own = [int(places[name]) for name in operands if name in places]
        seen += len(own) > 1
        assert len(set(own)) == len(own)
        assert all(abs(a - b) >= SIZE for a in own for b in own if a != b)
    assert seen >= 4
