"""Gradients of the programs, staged and eager, are what central differences of plain Python say."""

import copy

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import is_float, leaves, outcome, tensors
from tests.conformance.programs import NOT_DIFFERENTIABLE, PROGRAMS
from tests.conformance.test_conformance import staged
from tests.sampling import LONG, some

STEP = 1e-6


def places_of(args):
    """The positions of the arguments to differentiate by; differences of float32 would say little."""
    return [i for i, a in enumerate(args) if is_float(a) and np.size(a) and np.asarray(a).dtype == np.float64]


ROWS = [
    pytest.param(function, args, id=f"{function.__name__}-{i}")
    for function, rows in PROGRAMS
    for i, args in enumerate(rows if LONG else rows[:1])
    if places_of(args) and outcome(function, copy.deepcopy(args))[0] == "value"
]


def loss(function, args):
    """A number from all float results in plain Python, with their shapes; None where something is not finite."""
    kind, result = outcome(function, copy.deepcopy(args))
    if kind == "error":
        return None, ()
    parts = leaves(result)
    total = sum(float(np.sum(part)) * weight(i) for i, part in enumerate(parts) if is_float(part))
    return (total if np.isfinite(total) else None), [np.shape(part) if is_float(part) else part for part in parts]


def weight(index):
    return 1.0 + 0.37 * index


def shifted(args, place, index, step):
    moved = list(copy.deepcopy(args))
    array = np.array(moved[place])
    array[index] += step
    moved[place] = array if array.ndim else array[()]
    return tuple(moved)


def moved_off(args):
    """Floats a little beside the given ones, where comparisons and roundings of the round numbers jump."""
    moved = list(copy.deepcopy(args))
    for place in places_of(args):
        array = np.asarray(moved[place])
        moved[place] = (array + 0.0137 * (1 + place + np.arange(array.size).reshape(array.shape)))[()]
    return tuple(moved)


def differences(function, args):
    """Central differences by every element; None where the program jumps or bends."""
    middle, shape = loss(function, args)
    found = []
    for place in places_of(args):
        slopes = np.zeros(np.shape(args[place]))
        for index in np.ndindex(slopes.shape):
            (low, a), (high, b) = [loss(function, shifted(args, place, index, step)) for step in (-STEP, STEP)]
            if middle is None or low is None or high is None or not a == b == shape:
                return None
            left, right = (middle - low) / STEP, (high - middle) / STEP
            if abs(left - right) > 1e-3 * max(1.0, abs(left), abs(right)):
                return None
            slopes[index] = (left + right) / 2
        found.append(slopes)
    return found


def gradients(function, run, args):
    inputs = tensors(copy.deepcopy(args))
    wanted = [inputs[place] for place in places_of(args)]
    plain = leaves(outcome(function, copy.deepcopy(args))[1])
    with np.errstate(all="ignore"), ag.GradientTape() as tape:
        for x in wanted:
            tape.watch(x)
        parts = leaves(run(*inputs))
        total = ag.constant(0.0, ag.float64)
        for i, (part, model) in enumerate(zip(parts, plain, strict=True)):
            if is_float(model):
                total = total + ag.ops.sum(part) * weight(i)
    return [
        np.zeros(x.shape) if g is None else np.asarray(g)
        for g, x in zip(tape.gradient(total, wanted), wanted, strict=True)
    ]


@pytest.mark.parametrize("mode", ["staged", "converted"])
@pytest.mark.parametrize(("function", "args"), some(ROWS, 3))
def test_gradient(function, args, mode):
    slopes = differences(function, args)
    if slopes is None and function not in NOT_DIFFERENTIABLE:
        args = moved_off(args)
        slopes = differences(function, args)
    if slopes is None:
        assert function in NOT_DIFFERENTIABLE
        return
    found = gradients(function, staged(function) if mode == "staged" else ag.to_graph(function), args)
    for wanted, got in zip(slopes, found, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("function", "args"), some(ROWS, 6))
def test_gradient_on_xla(function, args):
    slopes = differences(function, args)
    if slopes is None:
        pytest.skip("jumps or bends there")
    for wanted, got in zip(slopes, gradients(function, staged(function, "xla"), args), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("function", NOT_DIFFERENTIABLE, ids=lambda function: function.__name__)
def test_not_differentiable(function):
    rows = next(rows for program, rows in PROGRAMS if program is function)
    assert any(differences(function, args) is None for args in rows if places_of(args))
