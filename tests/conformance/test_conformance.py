"""Staged programs give what plain Python gives on NumPy values: the same results, the same exceptions."""

import copy
import functools

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import outcome, plain_outcome, same, tensors
from tests.conformance.programs import PROGRAMS
from tests.sampling import LONG, some

CASES = [
    pytest.param(function, args, id=f"{function.__name__}-{i}")
    for function, rows in PROGRAMS
    for i, args in enumerate(rows)
]


@functools.cache
def staged(function, backend="numpy"):
    """One compiled function a program, which all its rows share."""
    return ag.function(function, backend=backend)


FIRST = [case for case in CASES if LONG or case.id.endswith("-0")]


@pytest.mark.parametrize(("function", "args"), CASES)
def test_program(function, args):
    compare(function, staged(function), args)


@pytest.mark.parametrize("mode", ["native", "converted"])
@pytest.mark.parametrize(("function", "args"), some(FIRST, 2))
def test_program_elsewhere(function, args, mode):
    compare(function, ag.to_graph(function) if mode == "converted" else staged(function, mode), args)


@pytest.mark.parametrize(("function", "args"), FIRST)
def test_program_on_xla(function, args):
    compare(function, staged(function, "xla"), args)


def compare(function, run, args):
    """Whether a run gives what plain Python gives."""
    kind, wanted = plain_outcome(function, args)
    got_kind, got = outcome(run, tensors(copy.deepcopy(args)))
    assert got_kind == kind, got
    if kind == "value":
        assert same(got, wanted), (got, wanted)
        return
    assert type(got) is type(wanted)
    if wanted.args:
        assert str(got) == str(wanted)


def test_names_are_unique():
    names = [function.__name__ for function, _ in PROGRAMS]
    assert len(names) == len(set(names))


def test_every_program_has_a_tensor_argument():
    bare = [
        f.__name__
        for f, rows in PROGRAMS
        if not all(any(isinstance(a, np.generic | np.ndarray) for a in r) for r in rows)
    ]
    assert bare == []
