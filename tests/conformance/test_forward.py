"""Forward mode through the programs: along a direction, it gives what reverse mode gives (which differences check)."""

import copy

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import is_float, leaves, outcome, tensors
from tests.conformance.programs import NOT_DIFFERENTIABLE
from tests.conformance.test_conformance import staged
from tests.conformance.test_gradients import ROWS, gradients, places_of, weight
from tests.sampling import some


def along(function, run, args, steps):
    """The derivative of the weighted sum of all float results along a direction."""
    inputs = tensors(copy.deepcopy(args))
    places = places_of(args)
    plain = leaves(outcome(function, copy.deepcopy(args))[1])

    def loss(*moving):
        full = list(inputs)
        for place, x in zip(places, moving, strict=True):
            full[place] = x
        parts = leaves(run(*full))
        total = ag.constant(0.0, ag.float64)
        for i, (part, model) in enumerate(zip(parts, plain, strict=True)):
            if is_float(model):
                total = total + ag.ops.sum(part) * weight(i)
        return total

    return ag.jvp(loss, tuple(inputs[place] for place in places), tuple(map(ag.constant, steps)))[1]


@pytest.mark.parametrize("mode", ["staged", "converted"])
@pytest.mark.parametrize(("function", "args"), some(ROWS, 10))
def test_forward(function, args, mode):
    if function in NOT_DIFFERENTIABLE:
        pytest.skip("jumps or bends here")
    rng = np.random.default_rng(5)
    steps = [np.asarray(rng.normal(size=np.shape(args[place]))) for place in places_of(args)]
    run = staged(function) if mode == "staged" else ag.to_graph(function)
    slopes = gradients(function, run, args)
    wanted = sum(float(np.sum(slope * step)) for slope, step in zip(slopes, steps, strict=True))
    np.testing.assert_allclose(float(along(function, run, args, steps)), wanted, rtol=1e-9, atol=1e-9)
