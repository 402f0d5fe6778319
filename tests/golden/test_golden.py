"""Generated code stays as it was read and found good: one stored file a program.

After a change that is meant: `AG_GOLDEN=write python -m pytest tests/golden`, then read the difference.
"""

import ast
import os
from pathlib import Path

import pytest

import autograph as ag
from tests.conformance.programs import PROGRAMS

FOLDER = Path(__file__).parent
NAMES = {
    "if_else", "one_branch_only", "nested_returns", "while_sum", "while_break", "for_continue", "for_break",
    "early_return", "nested_loops_return", "range_tensor", "python_for_tensor_break", "ternary", "logic", "chain",
    "append_some", "comprehension", "list_state", "namedtuple_state", "attribute_state", "dict_state", "calls_helper",
    "closure", "nonlocal_counter", "lambda_key", "none_first", "while_else", "collatz", "newton_sqrt", "raises",
    "asserts", "enumerate_zip", "set_item", "prime_count", "match_number",
}  # fmt: skip


def normal(text):
    """The text without what the printers of Python versions write differently."""
    comments = [line.strip().split(": ", 1)[-1] for line in text.splitlines() if line.strip().startswith("#")]
    return ast.dump(ast.parse(text)), comments


@pytest.mark.parametrize("function", [f for f, _ in PROGRAMS if f.__name__ in NAMES], ids=lambda f: f.__name__)
def test_generated_code(function):
    path = FOLDER / f"{function.__name__}.txt"
    text = ag.to_code(function)
    if os.environ.get("AG_GOLDEN") == "write":
        lines = text.splitlines()
        first = function.__code__.co_firstlineno
        path.write_text("\n".join(_relative(line, first) for line in lines) + "\n")
    assert normal(text) == normal(path.read_text())


def _relative(line, first):
    """Line numbers counted from the function's own first line, so that programs may move."""
    head, mark, rest = line.partition("# ")
    number, colon, source = rest.partition(": ")
    if mark and not head.strip() and number.isdigit():
        return f"{head}# {int(number) - first + 1}: {source}"
    return line
