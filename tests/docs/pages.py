"""Builds the pages of docs/ that show generated code and refusals, from executed examples."""

import ast
import copy
import inspect
import re
import textwrap

import numpy as np
import pytest

import autograph as ag
from tests.conformance.oracle import tensors
from tests.conformance.refused import REFUSED
from tests.conformance.refused_constructs import REFUSED_CONSTRUCTS
from tests.conformance.refused_lists import REFUSED_LISTS
from tests.docs.constructs import CONSTRUCTS

CONSTRUCTS_HEAD = """# What each construct becomes

Each example is shown as written, as `ag.to_code` prints it, and with what it computes when its arguments are tensors.
The results are those of plain Python on the same values. The verbs (`ag.if_`, `ag.for_`, …) build a part of the graph
where a tensor decides, and run as Python where not. A comment shows the line of yours that the code below it
came from, where it looks different.
"""

REFUSED_HEAD = """# What is refused, and what to write instead

A staged function gives what plain Python gives, or an error at your line. These are the constructs that get the error.
"""


def constructs_page():
    """The text of docs/constructs.md."""
    return "\n".join([CONSTRUCTS_HEAD, *map(_construct, CONSTRUCTS)])


def _construct(entry):
    parts = [f"## {entry.title}\n"]
    if entry.note:
        parts.append(f"{entry.note}\n")
    parts.append(_python(textwrap.dedent(inspect.getsource(entry.function))))
    parts.append("becomes\n")
    parts.append(_python(_from_line_one(ag.to_code(entry.function), entry.function)))
    rows = [
        f"    {_call(entry.function, arguments)}  # {outcome(entry.function, arguments)}" for arguments in entry.calls
    ]
    return "\n".join([*parts, "\n".join(rows), ""])


def outcome(function, arguments):
    """What a staged call gives or raises, as text; the same as plain Python."""
    found = _attempt(ag.function(function), tuple(map(_tensor, arguments)))
    wanted = _attempt(function, tuple(map(_array, arguments)))
    assert found == wanted, (function.__name__, arguments, found, wanted)
    return found


def _attempt(function, arguments):
    try:
        return _text(function(*arguments))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _text(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join(map(_text, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return repr(np.asarray(value).tolist())


def _tensor(value):
    return value if isinstance(value, tuple) else ag.constant(value)


def _array(value):
    return (
        value if isinstance(value, tuple | int | float) else np.asarray(value, np.float32 if _floats(value) else None)
    )


def _floats(value):
    return isinstance(value[0], float)


def _call(function, arguments):
    return f"{function.__name__}({', '.join(map(repr, arguments))})"


def _python(text):
    return f"```python\n{text.rstrip()}\n```\n"


def _from_line_one(code, function):
    """Generated code with line numbers that count from the function's first line."""
    first = function.__code__.co_firstlineno
    return re.sub(r"(?m)^( *# )(\d+): ", lambda match: f"{match[1]}{int(match[2]) - first + 1}: ", code)


def refused_page():
    """The text of docs/refused.md."""
    return "\n".join([REFUSED_HEAD, *map(_refusal, [*REFUSED_CONSTRUCTS, *REFUSED_LISTS, *REFUSED])])


def _refusal(entry):
    source = textwrap.dedent(inspect.getsource(entry.program))
    title = entry.program.__name__.replace("_", " ")
    parts = [f"## {title[0].upper()}{title[1:]}\n", f"Refused because {entry.reason}.\n", _python(_unmarked(source))]
    parts.append(f"```text\n{refusal_message(entry)}\n```\n")
    if entry.rewrite is not None:
        parts += ["Write\n", _python(textwrap.dedent(inspect.getsource(entry.rewrite)))]
    return "\n".join(parts)


def _unmarked(source):
    return re.sub(r"(?m)  # (refused|noqa).*$", "", source)


def refusal_message(entry):
    """The message of a refusal, with the place counted from the program's first line."""
    first = entry.program.__code__.co_firstlineno
    with pytest.raises(entry.exception) as caught:
        ag.function(entry.program)(*tensors(copy.deepcopy(entry.args)))
    text = str(caught.value)
    text = re.sub(r'File "[^"]*/refused\w*\.py"', 'File "program.py"', text)
    text = re.sub(r"\bline (\d+)", lambda match: f"line {int(match[1]) - first + 1}", text)
    text = re.sub(r"; \w+ in \S+:\d+ asks", "; a library asks", text)
    lines = [line.partition("  # refused")[0] for line in text.splitlines()]
    for index in range(1, len(lines)):  # carets under the comment that is not shown
        if set(lines[index].strip()) == {"^"}:
            lines[index] = lines[index][: len(lines[index - 1])]
    return "\n".join(lines)


def normal(page):
    """A page's text and code, without what the printers of Python versions write differently."""
    parts = re.split(r"(?ms)^```(\w+)\n(.*?)^```$", page)
    blocks = [
        (_code(text), [line.strip() for line in text.splitlines() if line.strip().startswith("#")])
        if kind == "python"
        else text
        for kind, text in zip(parts[1::3], parts[2::3], strict=True)
    ]
    return parts[0::3], blocks


def _code(text):
    return ast.dump(ast.parse(text))
