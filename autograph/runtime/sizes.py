"""Equality of sizes: decided while tracing where possible, otherwise checked when the graph runs."""

from __future__ import annotations

from collections.abc import Sequence

from autograph.errors import ShapeError, message
from autograph.runtime.context import current_trace
from autograph.runtime.dims import Dim, broadcast_shapes, known_equal, shape_text
from autograph.runtime.failure import ErrorSite, Template
from autograph.runtime.location import user_line
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import check_dims_op


def require_equal(left: Dim, right: Dim, what: str, hint: str | None = None) -> None:
    """Refuses sizes that differ; sizes that may differ are compared at run time.

    Args:
        left: one size.
        right: the other size.
        what: the user's words for what has to be equal.
        hint: what to do.

    Raises:
        ShapeError: the sizes differ.
    """
    equal = known_equal(left, right)
    if equal is False:
        refuse(ShapeError, f"{what}: {left} is not {right}", hint)
    trace = current_trace()
    if equal is None and trace is not None:
        location = user_line()
        pieces = (f"{what}: {_named(left)}", f" is not {_named(right)}", message("", location, hint))
        site = ErrorSite(ShapeError, (Template(pieces, ("", "")),), location)
        trace.record(check_dims_op, (), {"left": left, "right": right, "site": site}, ())


def _named(size: Dim) -> str:
    """What stands before a size's value: its formula, where that says more."""
    return "" if isinstance(size, int) else f"{size} = "


def broadcast(*shapes: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The shape that shapes broadcast to; sizes that may be unequal are compared at run time.

    Raises:
        ShapeError: the shapes do not broadcast.
    """
    result: tuple[Dim, ...] = ()
    for shape in shapes:
        try:
            joined, pairs = broadcast_shapes(result, shape)
        except ShapeError as error:
            refuse(ShapeError, str(error).splitlines()[0], "make the sizes equal, or one of them 1")
        result = joined
        _require_pairs(pairs, shapes)
    return result


def _require_pairs(pairs: Sequence[tuple[Dim, Dim]], shapes: Sequence[tuple[Dim, ...]]) -> None:
    for left, right in pairs:
        what = f"shapes {' and '.join(map(shape_text, shapes))} do not broadcast"
        require_equal(left, right, what, "make the sizes equal, or one of them 1")
