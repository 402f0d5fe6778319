"""The tangent of every op, eager and in a graph, against differences in float64, and against its gradient."""

import numpy as np
import pytest

import autograph as ag
from autograph.runtime.apply import apply
from autograph.runtime.op import all_ops
from tests.ops.test_registry import CASES, SYMMETRIC, differentiable, run

STEP = 1e-6
ROWS = [case for case in CASES if differentiable(case)]


def directions(name, operands):
    rng = np.random.default_rng(2)
    found = []
    for x in operands:
        d = np.zeros(x.shape, x.dtype)
        if x.dtype.kind in "fc":
            d = np.asarray(rng.normal(size=x.shape))
            d = d + 1j * rng.normal(size=x.shape) if x.dtype.kind == "c" else d
        found.append((d + np.swapaxes(d, -1, -2).conj()) / 2 if name in SYMMETRIC else d)
    return found


def floats(operands):
    return [i for i, x in enumerate(operands) if x.dtype.kind in "fc"]


def differences(op, operands, attrs, steps):
    high, low = [
        run(op, [x + sign * STEP * d if x.dtype.kind in "fc" else x for x, d in zip(operands, steps)], attrs)
        for sign in (1, -1)
    ]
    return [(a.numpy() - b.numpy()) / (2 * STEP) for a, b in zip(high, low, strict=True) if a.dtype.is_inexact]


@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize(("name", "operands", "attrs"), ROWS)
def test_tangent_agrees_with_differences(name, operands, attrs, staged):
    op = all_ops()[name]
    if name == "cast" and attrs["dtype"] is ag.float32:
        attrs = {"dtype": ag.float64}
    if not any(out.dtype.is_inexact for out in run(op, operands, attrs)):
        pytest.skip("no float result")
    steps = directions(name, operands)
    places = floats(operands)

    def along(*given):
        def f(*moving):
            full = [ag.constant(x) for x in operands]
            for place, x in zip(places, moving, strict=True):
                full[place] = x
            return apply(op, *full, **attrs)

        return ag.jvp(f, given[: len(places)], given[len(places) :])[1]

    arguments = [ag.constant(operands[i]) for i in places] + [ag.constant(steps[i]) for i in places]
    found = (ag.function(along, autograph=False) if staged else along)(*arguments)
    found = [t for t in (found if isinstance(found, tuple) else (found,)) if t.dtype.is_inexact]
    for tangent, wanted in zip(found, differences(op, operands, attrs, steps), strict=True):
        assert tangent.shape == wanted.shape
        np.testing.assert_allclose(tangent.numpy(), wanted, rtol=1e-5, atol=1e-6)
