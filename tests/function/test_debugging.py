"""Debuggers, coverage tools, `inspect` and warnings see the user's own functions, files and lines."""

import bdb
import inspect
import pdb
import sys
import traceback
import warnings
from io import StringIO

import numpy as np
import pytest

import autograph as ag

FILE = __file__


def clipped_sum(xs, limit=3.0, *, scale: float = 1.0):
    """The sum of what lies below a limit."""
    total = 0.0
    for x in xs:
        if x < limit:
            total = total + x * scale
        else:
            total = total + limit
    return total


FIRST = clipped_sum.__code__.co_firstlineno
LINES = {FIRST + 2, FIRST + 3, FIRST + 4, FIRST + 5, FIRST + 7, FIRST + 8}


class Stops(bdb.Bdb):
    """A debugger that notes where it stops and what it sees there."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def user_line(self, frame):
        if self.break_here(frame):
            self.seen.append((frame.f_code.co_filename, frame.f_lineno, set(frame.f_locals)))
        self.set_continue()


@pytest.mark.parametrize("make", [ag.function, ag.to_graph], ids=["traced", "converted"])
def test_a_breakpoint_stops_in_the_users_file(make):
    debugger = Stops()
    assert debugger.set_break(FILE, FIRST + 5) is None
    try:
        debugger.runcall(make(clipped_sum), ag.constant([1.0, 2.0]))
    finally:
        debugger.clear_all_breaks()
    assert debugger.seen
    for file, line, names in debugger.seen:
        assert (file, line) == (FILE, FIRST + 5)
        assert {"x", "total"} <= names


def test_pdb_shows_the_users_source():
    out = StringIO()
    debugger = pdb.Pdb(
        stdin=StringIO(f"break {FILE}:{FIRST + 3}\ncontinue\nlist {FIRST + 3}, {FIRST + 3}\nclear 1\ncontinue\n"),
        stdout=out,
        nosigint=True,
        readrc=False,
    )
    debugger.use_rawinput = False
    debugger.runcall(ag.function(clipped_sum), ag.constant([1.0, 2.0]))
    shown = out.getvalue()
    assert f"{FILE}({FIRST + 3})" in shown
    assert "for x in xs:" in shown


def lines_run(function, *args):
    """The lines of this file that run, as coverage tools count them."""
    found = set()

    def trace(frame, event, argument):
        if frame.f_code.co_filename != FILE:
            return None
        if event == "line":
            found.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args)
    finally:
        sys.settrace(before)
    return found


def test_coverage_counts_the_users_lines():
    assert LINES <= lines_run(ag.function(clipped_sum), ag.constant([1.0, 5.0]))


def test_lines_that_do_not_run_in_eager_code_are_not_counted():
    ran = lines_run(ag.to_graph(clipped_sum), ag.constant([1.0, 2.0]))
    assert FIRST + 5 in ran
    assert FIRST + 7 not in ran


def test_inspect_sees_the_original():
    fn = ag.function(clipped_sum)
    assert inspect.signature(fn) == inspect.signature(clipped_sum)
    assert inspect.unwrap(fn) is clipped_sum
    assert inspect.getsource(fn.python_function) == inspect.getsource(clipped_sum)
    assert inspect.getdoc(fn) == inspect.getdoc(clipped_sum)
    assert fn.__name__ == "clipped_sum"
    converted = ag.to_graph(clipped_sum)
    assert inspect.signature(converted) == inspect.signature(clipped_sum)
    assert inspect.getsource(converted) == inspect.getsource(clipped_sum)


def warns_in_a_branch(x):
    if x > 0:
        warnings.warn("large", UserWarning, stacklevel=1)
    return x


def test_warnings_name_the_users_line():
    with pytest.warns(UserWarning, match="large") as caught:
        ag.to_graph(warns_in_a_branch)(ag.constant(1.0))
    (one,) = caught
    assert (one.filename, one.lineno) == (FILE, warns_in_a_branch.__code__.co_firstlineno + 2)


def fails_when_traced(x):
    for _ in range(2):
        if x > 0:
            x = x + np.zeros(2)
    return len(x.missing)


def fails_when_run(xs, place):
    total = 0.0
    while total < 10.0:
        total = total + xs[place]
        assert total < 5.0, f"too much: {total}"
    return total


@pytest.mark.parametrize(
    ("function", "args", "error", "offset"),
    [
        (fails_when_traced, ([1.0, 2.0],), Exception, 2),
        (fails_when_run, ([1.0, 2.0], 7), IndexError, 3),
        (fails_when_run, ([1.0, 2.0], 1), AssertionError, 4),
    ],
)
def test_the_traceback_ends_at_the_users_line(function, args, error, offset):
    given = [ag.constant(a) for a in args]
    with pytest.raises(error) as caught:
        ag.function(function)(*given)
    frames = [frame for frame in traceback.extract_tb(caught.value.__traceback__) if frame.filename == FILE]
    assert frames[-1].name == function.__name__
    assert frames[-1].lineno == function.__code__.co_firstlineno + offset
