"""Random small programs over every construct do staged what they do in plain Python: results, exceptions, prints."""

import contextlib
import copy
import io
import linecache
import warnings

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

import autograph as ag
from tests.conformance.oracle import outcome, same
from tests.conformance.random_programs import SPACE, write_program
from tests.sampling import LONG

# Native code takes ten times as long to compile.
EXAMPLES = {"numpy": 2000 if LONG else 120, "native": 1000 if LONG else 8}
counter = iter(range(10**9))


def function_of(text):
    file = f"<random staged program {next(counter)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = dict(SPACE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # such as `1 is None`
        exec(compile(text, file, "exec"), space)
    return space["program"]


@st.composite
def cases(draw):
    text = write_program(lambda options: draw(st.sampled_from(options)))
    return text, draw(st.lists(st.integers(-2, 3), min_size=1, max_size=3))


def printed(run, args):
    """What a run does, and what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        kind, result = outcome(run, args)
    return kind, result, out.getvalue()


def plain(function, args):
    """What plain Python does; dividing integers by zero raises, as Python's own numbers and tensors do."""

    def checked(*given):
        with np.errstate(divide="raise", invalid="raise"):
            return function(*given)

    kind, result, text = printed(checked, copy.deepcopy(args))
    return kind, ZeroDivisionError() if isinstance(result, FloatingPointError) else result, text


def assert_same(got, wanted):
    kind, result, text = wanted
    assert got[0] == kind, (got, wanted)
    assert got[2] == text
    if kind == "value":
        assert same(got[1], result), (got, wanted)
        return
    assert type(got[1]) is type(result), (got, wanted)
    if not isinstance(result, ZeroDivisionError | TypeError | IndexError):  # NumPy words these in its own way
        assert same(list(got[1].args), list(result.args)), (got, wanted)


def is_refused(got, text):
    """Whether a run was refused at one of the program's lines, or of the classes that it uses."""
    error = got[1]
    if not isinstance(error, ag.errors.AutoGraphError):
        return False
    assert "<random staged program" in str(error) or "random_programs.py" in str(error), error
    return True


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_staged_programs_do_the_same(backend):
    accepted, refused = [], []

    # Without shrinking: a failing program is small enough to read, and shrinking would trace thousands.
    @settings(
        max_examples=EXAMPLES[backend],
        phases=[Phase.generate],
        database=None,
        derandomize=not LONG,  # the same programs in each run of CI
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def run(case):
        text, xs = case
        note(text)
        function = function_of(text)
        staged = ag.function(function, backend=backend)
        for x in (-2, 0, 3):
            args = (np.int64(x), np.int64(2), np.array(xs))
            wanted = plain(function, args)
            got = printed(staged, [ag.constant(a) for a in args])
            if is_refused(got, text):
                refused.append((text, got[1]))
                return
            assert_same(got, wanted)
        accepted.append(text)

    run()
    reasons = "\n".join(sorted(str(error).split("\n")[0][:100] for _, error in refused))
    assert len(refused) <= max(1, 0.05 * (len(accepted) + len(refused))), reasons
