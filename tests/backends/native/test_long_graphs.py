"""Graphs of thousands of nodes, which loops give that Python unrolled, compile and give what they give on NumPy."""

import functools

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.ir import walk
from autograph.runtime.structure_ops import call_op
from autograph.transforms.passes import split_regions
from tests.conformance.oracle import tensors
from tests.conformance.programs import PROGRAMS
from tests.sampling import LONG

STEPS = 50


def unrolled(x, scale, limit=1000.0):
    """Branches, inner loops, a mask of unknown size, a list and a check, once in each step."""
    kept = []
    for step in range(STEPS):
        if ag.ops.sum(x) > step:
            x = x - scale / (step + 1)
        n = step % 3
        while n > 0:
            x = ag.ops.sin(x) + scale
            n = n - 1
        few = x[x > scale]
        assert ag.ops.max(x) + step < limit, f"step {step}: {ag.ops.max(x)}"
        kept.append(ag.ops.sum(few * few) + len(few))
        x = x * 1.01
    return x, ag.ops.stack(kept)


def on_numpy(function, *args):
    ag.config.set_backend("numpy")
    try:
        return ag.function(function)(*args)
    finally:
        ag.config.set_backend("native")


@pytest.mark.parametrize("size", [3, 0])
def test_unrolled_loop(size):
    x, scale = ag.constant(np.linspace(0.1, 2.0, size + 1)), ag.constant(0.25)
    for found, wanted in zip(ag.function(unrolled)(x, scale), on_numpy(unrolled, x, scale), strict=True):
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-12)


def test_check_in_a_part():
    x, scale, limit = ag.constant([0.5, 0.1]), ag.constant(0.25), ag.constant(30.0)
    with pytest.raises(AssertionError, match=r"^step 2\d: 1\.\d\d") as caught:
        ag.function(unrolled)(x, scale, limit)
    with pytest.raises(AssertionError) as wanted:
        unrolled(x, scale, limit)
    assert str(caught.value)[:14] == str(wanted.value)[:14]


def test_variables_change_in_parts():
    v = ag.Variable(np.zeros(4))

    def f(x):
        for step in range(STEPS):
            with ag.GradientTape() as tape:
                loss = ag.ops.sum((v - x * step) ** 2)
            v.assign_sub(0.1 * tape.gradient(loss, v))
        return loss

    x, wanted = np.arange(4.0), np.zeros(4)
    ag.function(f)(ag.constant(x))
    for step in range(STEPS):
        wanted -= 0.1 * 2 * (wanted - x * step)
    np.testing.assert_allclose(v.numpy(), wanted, rtol=1e-12)


def test_long_graphs_are_split():
    graph = ag.function(unrolled).get_concrete_function(ag.TensorSpec([None], ag.float64), 0.5).optimized
    assert len(list(walk(graph.body))) > 1000
    split_regions.split_regions(graph)
    assert len(list(walk(graph.body))) < split_regions.WHOLE
    assert any(node.op is call_op for node in graph.body.nodes)


@pytest.mark.parametrize("function", [pytest.param(f, id=f.__name__) for f, _ in PROGRAMS][:: 1 if LONG else 20])
def test_parts_of_three_nodes(function, monkeypatch):
    """Programs with all constructs, cut everywhere."""
    rows = dict(PROGRAMS)[function]
    cut = functools.partial(split_regions.split_regions, size=3, whole=3)
    monkeypatch.setattr("autograph.backends.native.executable.split_regions", cut)
    given = tensors(rows[0])
    try:
        wanted = on_numpy(function, *given)
    except Exception as error:
        with pytest.raises(type(error)):
            ag.function(function)(*tensors(rows[0]))
        return
    found = ag.function(function)(*tensors(rows[0]))
    assert repr(found) == repr(wanted)
