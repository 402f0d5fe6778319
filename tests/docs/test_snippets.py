"""The snippets of README.md and of the guides run, in order, and print what stands below them.

A `text` block behind a snippet, or a `python` block behind `<!-- printed -->`, is its output, in which `...` stands for
anything. `AG_DOCS=write python -m pytest tests/docs` fills in outputs that differ.
"""

import contextlib
import doctest
import io
import linecache
import os
import re
from pathlib import Path

import pytest

from tests.docs.pages import normal

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
PRINTED = "<!-- printed -->\n"
CHECK = doctest.OutputChecker()
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(text, name, namespace):
    """What a snippet prints; its functions can be converted, as its text is registered."""
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, name, "exec"), namespace)
    return re.sub(r"<example \d+>", "example.py", printed.getvalue())


def agrees(kind, wanted, printed):
    if kind == "python":
        return normal(f"```python\n{wanted}```") == normal(f"```python\n{printed}```")
    return CHECK.check_output(wanted, printed, FLAGS)


@pytest.mark.parametrize(
    "name", ["README.md", "docs/guide.md", "docs/differentiation.md", "docs/random.md", "docs/native.md"]
)
def test_snippets(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / name).read_text()
    namespace = {"__name__": "example"}
    blocks = list(BLOCK.finditer(page))
    edits = []
    place = 0
    for index, block in enumerate(blocks):
        is_output = page[: block.start()].endswith(PRINTED)
        if block[1] != "python" or is_output:
            continue
        printed = run(block[2], f"<example {index}>", namespace)
        follower = blocks[index + 1] if index + 1 < len(blocks) else None
        between = "" if follower is None else page[block.end() : follower.start()]
        shown = follower is not None and (
            (follower[1] == "text" and not between.strip()) or (follower[1] == "python" and between.endswith(PRINTED))
        )
        if not shown:
            assert not printed, f"{name} does not show what this prints:\n{block[2]}\n{printed}"
        elif not agrees(follower[1], follower[2], printed):
            edits.append((follower.span(2), printed.rstrip("\n") + "\n"))
        place += 1
    if os.environ.get("AG_DOCS") == "write":
        for (start, end), printed in reversed(edits):
            page = page[:start] + printed + page[end:]
        (ROOT / name).write_text(page)
        return
    assert place
    assert not [printed for _, printed in edits]
