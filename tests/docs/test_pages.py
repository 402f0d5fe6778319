"""Pages of docs/ that are built from examples say what the examples do now.

After a change that is meant: `AG_DOCS=write python -m pytest tests/docs`, then read the difference.
"""

import os
from pathlib import Path

import pytest

from tests.docs.constructs import CONSTRUCTS
from tests.docs.pages import constructs_page, normal, refused_page

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("name", "build"), [("constructs.md", constructs_page), ("refused.md", refused_page)])
def test_page(name, build):
    text = build()
    if os.environ.get("AG_DOCS") == "write":
        (DOCS / name).write_text(text)
    assert normal((DOCS / name).read_text()) == normal(text), f"AG_DOCS=write python -m pytest {Path(__file__).name}"


def test_every_construct_is_shown_once():
    titles = [entry.title for entry in CONSTRUCTS]
    assert len(titles) == len(set(titles))
