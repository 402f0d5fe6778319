"""The special cases of the array API standard's text, eagerly and on both backends."""

import itertools
import math
import operator
from pathlib import Path

import numpy as np
import pytest

import autograph as ag
from tests.ops.standard_cases import (
    BINARY,
    COMPLEX,
    COMPLEX_TO_REAL,
    OPERANDS,
    PYTHON_QUOTIENTS,
    RESULTS,
    UNARY,
)

MODES = ["eager", "numpy", "native"]
OPERATORS = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "remainder": operator.mod, "pow": operator.pow, "equal": operator.eq, "not_equal": operator.ne,
    "floor_divide": operator.floordiv,
}  # fmt: skip


def rows(table):
    """For each function its cases: the condition, all operands that meet it, and what comes out."""
    for name, text in table.items():
        for case in text.split("|"):
            condition, wanted = case.split(" -> ")
            yield name, condition, cases_of(condition), wanted


def cases_of(condition):
    """All operands that meet a condition."""
    return list(itertools.product(*[OPERANDS[part] for part in condition.split()]))


def expected(wanted, operands):
    """The number that a result of the text stands for."""
    if wanted == "even":
        return math.copysign(round(operands[0]), operands[0])
    if wanted in RESULTS:
        return RESULTS[wanted]
    size = operands[int(wanted.rstrip(")")[-1]) - 1]
    return (-1 if wanted.startswith("-") else 1) * (abs(size) if "abs" in wanted else size)


def is_right(got, wanted, open_sign=False):
    """Whether a number is what the text says; angles need not be exact."""
    if math.isnan(wanted):
        return math.isnan(got)
    if open_sign:
        got, wanted = abs(got), abs(wanted)
    if wanted == 0:
        return got == 0 and math.copysign(1, got) == math.copysign(1, wanted)
    return math.isclose(got, wanted, rel_tol=1e-12)


def results(mode, functions, *operands):
    """What each function gives for all operands, in one graph where there is one."""

    def run(*tensors):
        return tuple([function(*tensors) for function in functions])

    run_in = run if mode == "eager" else ag.function(run, backend=mode, autograph=False)
    with np.errstate(all="ignore"):
        return [np.asarray(out) for out in run_in(*[ag.constant(x) for x in operands])]


def deviations(mode, table, functions):
    """The cases that come out otherwise, each with what the function gives for which operands."""
    cases = list(rows(table))
    found = []
    columns = zip(*[operands for _, _, many, _ in cases for operands in many], strict=True)
    outs = dict(zip(functions, results(mode, functions.values(), *map(np.array, columns)), strict=True))
    place = 0
    for name, condition, many, wanted in cases:
        for operands in many:
            if name in outs and not is_right(float(outs[name][place]), expected(wanted, operands)):
                found.append((name, condition, operands, outs[name][place]))
            place += 1
    return found


def of_namespace(table):
    return {name: getattr(ag.ops, name) for name in table}


@pytest.mark.parametrize("mode", MODES)
def test_real_numbers(mode):
    assert deviations(mode, UNARY, of_namespace(UNARY)) == []
    assert deviations(mode, BINARY, of_namespace(BINARY)) == []


@pytest.mark.parametrize("mode", MODES)
def test_operators(mode):
    found = deviations(mode, BINARY, OPERATORS)
    assert {name for name, *_ in found} == {"floor_divide"}
    assert {condition for _, condition, *_ in found} == set(PYTHON_QUOTIENTS)
    with np.errstate(all="ignore"):
        assert all(np.array_equal(out, np.floor_divide(*operands), equal_nan=True) for *_, operands, out in found)


def test_functions_of_numpy_are_numpys():
    x, y = map(np.array, zip(*[pair for part in PYTHON_QUOTIENTS for pair in cases_of(part)], strict=True))
    z = np.array([complex(np.nan, np.inf), 3 + 4j])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(np.floor_divide(ag.constant(x), y).numpy(), np.floor_divide(x, y))
        np.testing.assert_array_equal(np.sign(ag.constant(z)).numpy(), np.sign(z))


SUITE = {
    "inf": "{} is +infinity", "-inf": "{} is -infinity", "pos": "isfinite({0}) and {0} > 0",
    "neg": "isfinite({0}) and {0} < 0",
}  # fmt: skip
SUITE_RESULTS = {"inf": "+infinity", "-inf": "-infinity", "-0": "-0"}


def test_skips_of_the_public_suite():
    """The file for its option names the cases in which the operator is Python's, and no others."""
    names = set()
    for _, condition, _, wanted in rows({"floor_divide": BINARY["floor_divide"]}):
        if condition in PYTHON_QUOTIENTS:
            left, right = [SUITE[part].format(f"x{i}_i") for i, part in enumerate(condition.split(), 1)]
            case = f"({left} and {right}) -> {SUITE_RESULTS[wanted]}]"
            names |= {f"test_binary[__floordiv__{case}", f"test_iop[__ifloordiv__{case}"}
    lines = (Path(__file__).parent / "array-api-tests-skips.txt").read_text().splitlines()
    skipped = [line for line in lines if not line.startswith("#")]
    assert len(skipped) == len(names) == 12
    assert {line.removeprefix("array_api_tests/test_special_cases.py::") for line in skipped} == names


@pytest.mark.parametrize("mode", MODES)
def test_limits_of_clip(mode):
    x, limit = np.array([1.0, 2.0]), np.array([np.nan, 3.0])
    for out in results(mode, (lambda x, y: ag.ops.clip(x, y), lambda x, y: ag.ops.clip(x, None, y)), x, limit):
        assert np.isnan(out[0]) and not np.isnan(out[1])


def parts(wanted, operands):
    """The real and imaginary parts that the text gives, each with whether its sign is left open."""
    left, right = wanted.split()
    if right == "cis":
        size = RESULTS[left]
        return [(size * math.cos(operands[1]), False), (size * math.sin(operands[1]), False)]
    return [(expected(part.lstrip("~"), operands), part.startswith("~")) for part in (left, right)]


@pytest.mark.parametrize("mode", MODES)
def test_complex_numbers(mode):
    cases = list(rows(COMPLEX))
    numbers = np.array([complex(*operands) for _, _, many, _ in cases for operands in many])
    outs = dict(zip(COMPLEX, results(mode, of_namespace(COMPLEX).values(), numbers), strict=True))
    found, place = [], 0
    for name, condition, many, wanted in cases:
        for operands in many:
            got = outs[name][place]
            real, imag = parts(wanted, operands)
            if not (is_right(got.real, *real) and is_right(got.imag, *imag)):
                found.append((name, condition, operands, got))
            place += 1
    assert found == []


@pytest.mark.parametrize("mode", MODES)
def test_complex_numbers_to_real_ones(mode):
    cases = list(rows(COMPLEX_TO_REAL))
    numbers = np.array([complex(*operands) for _, _, many, _ in cases for operands in many])
    outs = dict(zip(COMPLEX_TO_REAL, results(mode, of_namespace(COMPLEX_TO_REAL).values(), numbers), strict=True))
    places = itertools.count()
    for name, condition, many, wanted in cases:
        for operands in many:
            got = float(outs[name][next(places)])
            assert is_right(got, expected(wanted, operands)), (name, condition, operands, got)
