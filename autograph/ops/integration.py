"""Integrals and values of functions given at points."""

from __future__ import annotations

from typing import Any

from autograph.errors import ShapeError
from autograph.ops.creation import as_tensor
from autograph.ops.extents import size_number
from autograph.ops.gathering import take
from autograph.ops.reductions import sum as sum_over
from autograph.ops.rules import normalized_axis
from autograph.ops.scans import diff
from autograph.ops.searching import searchsorted
from autograph.ops.selection import clip, where
from autograph.ops.shape import reshape
from autograph.ops.statistics import inexact_values
from autograph.runtime.refusal import refuse
from autograph.runtime.sizes import require_equal


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The integral along an axis of the straight lines between points.

    Args:
        y: tensor of the values.
        x: tensor of the points, of the shape of y or of the size of the axis; by default dx apart.
        dx: the distance of points.
        axis: the axis.

    Returns:
        A tensor without the axis.

    Raises:
        ShapeError: the shapes do not fit.

    Example:
        >>> import autograph as ag
        >>> ag.ops.trapezoid(ag.constant([1.0, 2.0, 4.0])).numpy()
        array(4.5, dtype=float32)
    """
    values = inexact_values(as_tensor(y))
    place = normalized_axis(axis, values.ndim)
    step = dx
    if x is not None:
        points = as_tensor(x)
        if points.ndim == 1 and values.ndim > 1:
            step = reshape(diff(points), [-1 if i == place else 1 for i in range(values.ndim)])
        else:
            step = diff(points, axis=place)
    along = (slice(None),) * place
    late, early = values[(*along, slice(1, None))], values[(*along, slice(None, -1))]
    return sum_over((late + early) * 0.5 * step, place)


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """The values at x of the straight lines between points.

    Args:
        x: tensor or number.
        xp: tensor [n] of the points, ascending.
        fp: tensor [n] of the values there.
        left: the value before the first point; its value by default.
        right: the value behind the last point; its value by default.

    Returns:
        A tensor of the shape of x.

    Raises:
        ShapeError: the points or values are no vectors of one size.

    Example:
        >>> import autograph as ag
        >>> ag.ops.interp(ag.constant([0.5, 9.0]), ag.constant([0.0, 1.0]), ag.constant([10.0, 20.0])).numpy()
        array([15., 20.], dtype=float32)
    """
    at, points, values = inexact_values(as_tensor(x)), inexact_values(as_tensor(xp)), inexact_values(as_tensor(fp))
    if points.ndim != 1 or values.ndim != 1:
        refuse(ShapeError, f"interp between points {points.type} with values {values.type}", "give two vectors")
    require_equal(points.type.shape[0], values.type.shape[0], "interp: the numbers of points and values differ")
    last = size_number(points.type.shape[0]) - 1
    upper = clip(searchsorted(points, at, "right"), 1, last)
    low, high = [take(points, place) for place in (upper - 1, upper)]
    below, above = [take(values, place) for place in (upper - 1, upper)]
    inside = below + (above - below) * ((at - low) / (high - low))
    out = where(at < points[0], values[0] if left is None else left, inside)
    return where(at > points[-1], values[-1] if right is None else right, out)
