"""How much the slow tests run: all of it with AG_FUZZ=long, else a part that shows most faults."""

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

LONG = os.environ.get("AG_FUZZ") == "long"


def some(cases: Sequence[Case], step: int) -> Sequence[Case]:
    """Every so-many-th case; all in long runs."""
    return cases if LONG else cases[::step]
