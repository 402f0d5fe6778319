"""Shapes: tuples of dimensions. Broadcasting, counting elements, printing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograph import errors
from autograph.runtime.dims.symbolic import Dim, known_at_least, known_equal

Shape = tuple[Dim, ...]


def num_elements(shape: Sequence[Dim]) -> Dim:
    """Return the number of elements of an array of `shape`.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> num_elements((2, 3)), num_elements((symbol("b"), 4)), num_elements(())
        (6, 4*b, 1)
    """
    return math.prod(shape)


def broadcast_dims(a: Dim, b: Dim) -> Dim | None:
    """Return the dimension that two aligned dimensions broadcast to.

    Returns:
        The other one where one is 1, and the common one where both are equal for all sizes. None where only
        the run can tell; the caller then records a check that both are equal.

    Raises:
        ShapeError: they differ for all sizes, and neither can be 1.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> b = symbol("b")
        >>> broadcast_dims(b, 1), broadcast_dims(b, b), broadcast_dims(b, 5)
        (b, b, None)
    """
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if type(a) is int and type(b) is int:
        raise _mismatch(a, b)
    if known_equal(a, b):
        return a
    if known_equal(a, b) is False and known_equal(a, 1) is False and known_equal(b, 1) is False:
        raise _mismatch(a, b)
    return None


def broadcast_shapes(a: Sequence[Dim], b: Sequence[Dim]) -> tuple[Shape, list[tuple[Dim, Dim]]]:
    """Return the shape that two shapes broadcast to, aligned from the right.

    Returns:
        The shape, and the pairs of dimensions whose equality has to be checked at run time. Of such a pair
        the shape has the one that says more: a number rather than a symbol, a symbol of inputs rather than
        one that data decides.

    Raises:
        ShapeError: two aligned dimensions differ for all sizes, and neither can be 1.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> broadcast_shapes((symbol("b"), 1), (3, 4))
        ((3, 4), [(b, 3)])
    """
    left, right = tuple(a), tuple(b)
    if left == right:
        return left, []
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    if not shorter:
        return longer, []
    dims: list[Dim] = []
    checks: list[tuple[Dim, Dim]] = []
    for x, y in zip(left[-len(shorter) :], right[-len(shorter) :], strict=True):
        try:
            dim = broadcast_dims(x, y)
        except errors.ShapeError:
            raise _shapes_mismatch(a, b, x, y) from None
        if dim is None:
            checks.append((x, y))
            dim = _more_telling(x, y)
        dims.append(dim)
    return longer[: -len(shorter)] + tuple(dims), checks


def shape_text(shape: Sequence[Dim]) -> str:
    """Return a shape as types in graph text have it.

    Example:
        >>> from autograph.runtime.dims.symbolic import symbol
        >>> shape_text((symbol("b"), 784)), shape_text(())
        ('[b, 784]', '[]')
    """
    return f"[{', '.join(map(str, shape))}]"


def _more_telling(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) or isinstance(b, int):
        return a if isinstance(a, int) else b
    return b if known_at_least(b, 2) and not known_at_least(a, 2) else a


def _mismatch(a: Dim, b: Dim) -> errors.ShapeError:
    hint = "make them equal, or one of them 1"
    return errors.ShapeError(errors.message(f"dimensions {a} and {b} do not broadcast", None, hint))


def _shapes_mismatch(a: Sequence[Dim], b: Sequence[Dim], x: Dim, y: Dim) -> errors.ShapeError:
    what = f"shapes {shape_text(a)} and {shape_text(b)} do not broadcast: {x} against {y}"
    return errors.ShapeError(errors.message(what, None, "make the two dimensions equal, or one of them 1"))
