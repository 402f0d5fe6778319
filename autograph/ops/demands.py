"""What has to hold at run time: checked at once where values are known, otherwise when the graph runs."""

from __future__ import annotations

from typing import Any

from autograph.errors import AutoGraphError, ShapeError, message
from autograph.ops.creation import as_tensor
from autograph.ops.extents import size_number
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, known_at_least
from autograph.runtime.failure import ErrorSite
from autograph.runtime.location import user_line
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import check_op
from autograph.runtime.tensor import Tensor


def demand(ok: Any, error: type[AutoGraphError], what: str, hint: str) -> None:
    """Raises an error at the user's line unless a scalar is true.

    Args:
        ok: bool, or bool scalar tensor.
        error: the error's class.
        what: what is wrong if it is not.
        hint: what to do.
    """
    if isinstance(ok, Tensor) and ok.is_graph:
        location = user_line()
        apply(check_op, ok, site=ErrorSite(error, (message(what, location, hint),), location))
    elif not bool(ok):
        refuse(error, what, hint)


def demand_at_least(size: Dim, least: Dim, what: str, hint: str) -> None:
    """Raises an error at the user's line unless a size is as large as another; decided while tracing where possible.

    Args:
        size: the size.
        least: what it has to be at least.
        what: what is wrong if it is not.
        hint: what to do.

    Raises:
        ShapeError: it is smaller.
    """
    known = known_at_least(size - least, 0)
    if known is False:
        refuse(ShapeError, what, hint)
    if known is None:
        demand(as_tensor(size_number(size - least)) >= 0, ShapeError, what, hint)
