"""Programs that are refused: each names the exception, part of its message, and why no graph can say the same.

The line that the message has to name ends with the comment `refused`; the program's arguments are as in `programs`.
"""

from dataclasses import dataclass
from typing import Any

import autograph as ag
from tests.conformance.values import f, v3


@dataclass(frozen=True)
class Refusal:
    """One refused program.

    Attributes:
        program: a function with the comment `refused` behind one line.
        args: its arguments.
        exception: the type of the refusal.
        fragment: part of its message: the rewrite.
        reason: why it is refused.
    """

    program: Any
    args: tuple[Any, ...]
    exception: type[Exception]
    fragment: str
    reason: str


def rank_differs(x, v):
    if x > 0:  # refused
        y = x
    else:
        y = v
    return y


REFUSED = [
    Refusal(
        rank_differs,
        (f(1), v3),
        ag.errors.StagingError,
        "give 'y' one rank on both paths",
        "a value of the graph has one number of dimensions",
    ),
]
