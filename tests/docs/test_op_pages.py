"""The pages of ops say what docstrings say, and show every public function once."""

import os
import re
from pathlib import Path

import pytest

import autograph as ag
from tests.docs.op_pages import FAMILIES, NAMESPACES, aliases, family_of, functions, pages

DOCS = Path(__file__).resolve().parents[2] / "docs" / "ops"
PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_page(name):
    path = DOCS / f"{name}.md"
    if os.environ.get("AG_DOCS") == "write":
        DOCS.mkdir(exist_ok=True)
        path.write_text(PAGES[name])
    assert path.read_text() == PAGES[name], "AG_DOCS=write python -m pytest tests/docs"


def test_there_are_no_other_pages():
    assert {path.stem for path in DOCS.glob("*.md")} == set(PAGES)


def test_every_function_is_shown():
    own = [function.__module__ for space in NAMESPACES for function in functions(getattr(ag.ops, space)).values()]
    for name, function in functions(ag.ops).items():
        assert family_of(function) is not None or function.__module__ in own, name


@pytest.mark.parametrize("space", ["", *NAMESPACES])
def test_every_function_has_an_example_and_says_what_it_gives(space):
    namespace = getattr(ag.ops, space) if space else ag.ops
    for name, function in functions(namespace).items():
        if name.startswith("__"):
            continue
        assert "Example:" in function.__doc__, name
        assert "Returns:" in function.__doc__ or function.__annotations__["return"] == "None", name
        assert re.search(rf">>> .*\b{name}\b", function.__doc__), name


def test_aliases_are_of_functions_that_are_shown():
    assert {of for of in aliases(ag.ops).values()} <= set(functions(ag.ops))
    assert sum(len(modules) for _, _, modules in FAMILIES.values()) == len(
        {m for _, _, ms in FAMILIES.values() for m in ms}
    )
