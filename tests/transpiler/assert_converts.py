"""Checks of converters: the printed result, equal behaviour, and refusals at the user's line."""

import copy
import re
from textwrap import dedent

import pytest
import reference

from autograph.errors import ConversionError
from autograph.transpiler import convert, to_code


def is_plain(obj):
    """What tests take for library functions."""
    return getattr(obj, "__module__", None) in ("math", "_operator", "itertools")


def assert_converts(function, after, *arguments):
    """`function` prints as `after` (comments aside), and behaves the same on each tuple of arguments."""
    assert without_comments(to_code(function, is_plain=is_plain)) == dedent(after).strip("\n") + "\n"
    assert_same(function, *arguments)


def assert_same(function, *arguments):
    """The converted function gives, raises, and does to its arguments what the function does."""
    converted = convert(function, namespace=reference, is_plain=is_plain)
    for given in arguments:
        assert outcome(converted, given) == outcome(function, given)


def assert_refused(function, what, construct):
    """Conversion says `what`, and points at `construct` in the function's source."""
    with pytest.raises(ConversionError) as caught:
        convert(function, namespace=reference, is_plain=is_plain)
    message = str(caught.value)
    assert what in message
    lines = message.splitlines()
    caret = next(number for number, line in enumerate(lines) if re.fullmatch(r"\s*\^+", line))
    start, end = re.search(r"\^+", lines[caret]).span()
    assert lines[caret - 1][start:end].startswith(construct)
    assert re.search(rf'File "{re.escape(function.__code__.co_filename)}", line \d+, in', message)
    assert lines[caret + 1 :], "the message says what to do"


def outcome(function, given):
    """What a call gives or raises, and what becomes of its arguments."""
    arguments = copy.deepcopy(given)
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error), str(error), arguments
    return result, arguments


def without_comments(text):
    """Printed code without its comment lines."""
    return "".join(line for line in text.splitlines(True) if not line.strip().startswith("#"))
