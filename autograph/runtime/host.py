"""Python functions that a graph calls while it runs, as attributes of nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograph.errors import SourceLine


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A Python function that a node calls.

    Attributes:
        function: gives a list with a value for each output, from the node's operands.
        path: module and qualified name, for the text form.
        location: the user's line that asked for it.
    """

    function: Callable[..., Any]
    path: str
    location: SourceLine | None = None
