"""What has to hold at run time: checked at once where values are known, otherwise when the graph runs."""

from __future__ import annotations

from typing import Any

from autograph.errors import AutoGraphError, message
from autograph.ops.creation import as_tensor
from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.failure import ErrorSite
from autograph.runtime.location import user_line
from autograph.runtime.structure_ops import check_op


def demand(ok: Any, error: type[AutoGraphError], what: str, hint: str) -> None:
    """Raises an error at the user's line unless a scalar is true.

    Args:
        ok: bool, or bool scalar tensor.
        error: the error's class.
        what: what is wrong if it is not.
        hint: what to do.
    """
    held = as_tensor(ok)
    text = message(what, user_line(), hint)
    if held.is_graph:
        assert current_trace() is not None
        apply(check_op, held, site=ErrorSite(error, (text,), user_line()))
    elif not bool(held):
        raise error(text)
