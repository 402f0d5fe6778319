"""Staged programs give what plain Python gives on NumPy values: the same results, the same exceptions."""

import copy

import numpy as np
import pytest

import autograph as ag
from tests.conformance.programs import PROGRAMS

CASES = [
    pytest.param(function, args, id=f"{function.__name__}-{i}")
    for function, rows in PROGRAMS
    for i, args in enumerate(rows)
]


def outcome(run, args):
    with np.errstate(all="ignore"):
        try:
            return "value", run(*args)
        except Exception as error:
            return "error", error


def same(a, b):
    if isinstance(b, dict):
        return isinstance(a, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in b)
    if isinstance(b, tuple | list):
        return isinstance(a, type(b)) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if b is None:
        return a is None
    if isinstance(b, np.ndarray) and b.dtype.kind in "iub" or isinstance(b, int):
        return bool(np.array_equal(np.asarray(a), b))
    return np.shape(a) == np.shape(b) and bool(np.allclose(np.asarray(a), b, rtol=1e-12, atol=1e-12, equal_nan=True))


def tensors(args):
    return [ag.constant(a) if isinstance(a, np.ndarray | np.generic) else a for a in args]


@pytest.mark.parametrize("mode", ["staged", "converted"])
@pytest.mark.parametrize(("function", "args"), CASES)
def test_program(function, args, mode):
    with np.errstate(all="ignore"):
        kind, wanted = outcome(function, copy.deepcopy(args))
    if kind == "value" and isinstance(wanted, FloatingPointError | ZeroDivisionError):
        pytest.skip("not an outcome")
    run = ag.function(function) if mode == "staged" else ag.to_graph(function)
    got_kind, got = outcome(run, tensors(args))
    if function.__name__ == "divides" and args[1] == 0:
        # NumPy only warns where Python's numbers raise; tensors raise as Python does.
        assert isinstance(got, ZeroDivisionError)
        return
    assert got_kind == kind, got
    if kind == "error":
        assert type(got) is type(wanted)
        assert str(got) == str(wanted)
    else:
        assert same(got, wanted), (got, wanted)
