"""Jacobians from reverse passes: one for each element of the target, in a graph all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograph.ops.broadcasting import broadcast_to
from autograph.ops.creation import asarray
from autograph.ops.grids import eye
from autograph.ops.joining import stack
from autograph.ops.manipulation import moveaxis
from autograph.ops.shape import reshape
from autograph.runtime.context import current_trace
from autograph.runtime.dims import num_elements
from autograph.transforms.vectorize.vmap import vectorized

Pull = Callable[[Any], list[Any]]


def jacobian_rows(pull: Pull, target: Any, sources: list[Any]) -> list[Any]:
    """Jacobians of a target by sources.

    Args:
        pull: gives the sources' cotangents (None for none) from the target's.
        target: a tensor.
        sources: tensors and variables.

    Returns:
        For each source a tensor whose shape is that of the target, then that of the source; None where the target does
        not depend on it.
    """
    shape = target.type.shape
    found = _pulled(pull, shape, shape, target.dtype)
    return [
        None if rows is None else reshape(rows, (*shape, *source.type.shape))
        for rows, source in zip(found, sources, strict=True)
    ]


def batch_jacobian_rows(pull: Pull, target: Any, source: Any) -> Any:
    """The Jacobian of each row of a target by the same row of a source, whose rows do not depend on each other.

    Args:
        pull: gives the source's cotangent from the target's.
        target: tensor [b, ...].
        source: tensor [b, ...].

    Returns:
        A tensor [b, ...target, ...source]; None where the target does not depend on the source.
    """
    shape = target.type.shape
    (rows,) = _pulled(pull, shape[1:], shape, target.dtype)
    if rows is None:
        return None
    return reshape(moveaxis(rows, 1, 0), (*shape, *source.type.shape[1:]))


def _pulled(pull: Pull, own: tuple[Any, ...], shape: tuple[Any, ...], dtype: Any) -> list[Any]:
    """Cotangents for each of the unit tensors of shape `own`, broadcast to `shape`, along a new first axis."""
    count = num_elements(own)
    trace = current_trace()
    if trace is None:
        assert isinstance(count, int)
        pulls = count or 1  # one without elements says what depends on the target
        units = np.eye(pulls, count, dtype=dtype.numpy).reshape(pulls, *own)
        passes = [pull(asarray(np.ascontiguousarray(np.broadcast_to(unit, shape)))) for unit in units]
        columns: list[Any] = [list(column) for column in zip(*passes, strict=True)]
        return [None if column[0] is None else stack(column)[:count] for column in columns]
    connected: list[bool] = []

    def one(unit: Any) -> tuple[Any, ...]:
        cts = pull(broadcast_to(unit, shape))
        connected[:] = [ct is not None for ct in cts]
        return tuple([ct for ct in cts if ct is not None])

    seeds: Any = reshape(eye(count, dtype=dtype), (count, *own))
    rows = iter(vectorized(trace, one, (seeds,), 0, 0))
    return [next(rows) if has else None for has in connected]
