"""Bad input gets the error that helps: what happened, the user's line with a caret, what to do; nothing has changed."""

import inspect
import traceback

import pytest

from autograph.errors import AutoGraphError
from autograph.runtime.location import is_internal
from tests.messages.arguments import ARGUMENTS
from tests.messages.case import COUNTER, eager, staged
from tests.messages.control_flow import CONTROL_FLOW
from tests.messages.gradients import GRADIENTS
from tests.messages.shapes import SHAPES
from tests.messages.values import VALUES

CASES = [*SHAPES, *CONTROL_FLOW, *GRADIENTS, *ARGUMENTS, *VALUES]
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.session.__name__)


def here(session):
    """The line that an error has to name."""
    lines, first = inspect.getsourcelines(session)
    (place,) = [index for index, line in enumerate(lines) if "  # here" in line]
    return first + place, lines[place].split("  # here")[0].strip()


def function_in(message):
    return next(line for line in message if line.startswith("  File ")).rpartition(", in ")[2]


def check(error, session, words, at_line):
    text = str(error)
    for word in words:
        assert word in text, text
    assert error.__suppress_context__ or error.__context__ is None, "another error shows in the traceback"
    if not isinstance(error, AutoGraphError):  # the user's own exception: Python's traceback shows the place
        last = [frame for frame in traceback.extract_tb(error.__traceback__) if not is_internal(frame.filename)][-1]
        assert last.lineno == here(session)[0]
        assert last.name == "f", "tracebacks name the user's function"
    elif at_line:
        number, line = here(session)
        message = text.splitlines()
        place = message.index(f'  File "{inspect.getfile(session)}", line {number}, in {function_in(message)}')
        assert line in message[place + 1]
        assert set(message[place + 2].strip()) == {"^"}
        assert len(message) > place + 3, "what to do"


@each
def test_staged(case):
    COUNTER.assign(0)
    with pytest.raises(case.exception) as caught:
        case.session(staged)
    check(caught.value, case.session, case.words, case.at_line)
    assert COUNTER.numpy() == int(case.at_run_time), "raised before a variable changes, unless only values can tell"


@each
def test_eager(case):
    if case.eager is None:
        case.session(eager)
    elif case.eager is not ...:
        exception, *words = case.eager
        with pytest.raises(exception) as caught:
            case.session(eager)
        check(caught.value, case.session, words, case.at_line)


@each
def test_traceback_is_the_users(case):
    """Of the frames within this package only the one called and the one that raises stay."""
    with pytest.raises(case.exception) as caught:
        case.session(staged)
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert sum(is_internal(frame.filename) for frame in frames) <= 8, frames
    assert not [frame for frame in frames if frame.name in ("then", "orelse", "body")]


def test_names_are_unique():
    names = [case.session.__name__ for case in CASES]
    assert len(names) == len(set(names))
    assert len(names) >= 120
