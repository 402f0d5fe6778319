"""NaN found where it is made: the check that eager ops and graphs run when `ag.config.check_numerics` asks for it.

An op makes NaN when its results have some and none of its operands do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograph.errors import NumericsError, SourceLine, message
from autograph.runtime.location import user_line

HINT = "look at its operands, and see ag.config.check_numerics"


class Watch:
    """Whether eager ops are watched."""

    def __init__(self) -> None:
        self.on = False


watch = Watch()


def text_of(op: str, location: SourceLine | None) -> str:
    """What is said of an op that makes NaN."""
    return message(f"{op} makes NaN of operands that have none", location, HINT)


def check_results(op: str, raws: Sequence[Any], out: Any) -> None:
    """Refuses results of an eager op with NaN that operands do not have.

    Raises:
        NumericsError: it has made one.
    """
    results = out if type(out) is tuple else (out,)
    if any(map(has_nan, results)) and not any(map(has_nan, raws)):
        raise NumericsError(text_of(op, user_line()))


def has_nan(raw: Any) -> bool:
    """Whether a raw value is or holds NaN."""
    if isinstance(raw, float | complex):
        return raw != raw
    if not isinstance(raw, np.ndarray | np.generic) or raw.dtype.kind not in "fcV":
        return False
    return bool(np.any(np.isnan(raw)))
