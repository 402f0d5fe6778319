"""Sizes of tensors, as ops take and give them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograph.errors import GraphTensorError, ShapeError
from autograph.runtime.apply import apply
from autograph.runtime.dims import Dim, SymbolicDim
from autograph.runtime.refusal import refuse
from autograph.runtime.structure_ops import dimension_op, known_dim
from autograph.runtime.tensor import Tensor


def dims_of_shape(shape: Any, open_: bool = False) -> tuple[Dim, ...]:
    """A user's shape as sizes: ints, and scalars that came from a tensor's shape; `open_` allows -1.

    Raises:
        ShapeError: a size is negative.
        GraphTensorError: a size is a tensor whose value only the running graph knows.
    """
    entries = [shape] if isinstance(shape, int | Tensor | SymbolicDim | np.integer) else list(shape)
    dims = tuple([_dim(entry) for entry in entries])
    least = -1 if open_ else 0
    if any(isinstance(dim, int) and dim < least for dim in dims):
        refuse(ShapeError, f"shape {dims} has a negative size", "use sizes of at least 0; in reshape one may be -1")
    return dims


def _dim(entry: Any) -> Dim:
    if isinstance(entry, int | np.integer):
        return int(entry)
    if isinstance(entry, SymbolicDim):
        return entry
    if isinstance(entry, Tensor):
        known = known_dim(entry)
        if known is not None:
            return known
        if not entry.is_graph:
            return int(entry)
        node = entry._value.node
        if node is not None and node.op.name == "constant":
            return int(node.attrs["value"])
        refuse(
            GraphTensorError,
            "a size in a shape is a tensor whose value only the running graph knows",
            "use sizes from x.shape, or Python ints",
        )
    refuse(ShapeError, f"{entry!r} is not a size", "use ints")


def shape_of(x: Any) -> tuple[Dim, ...]:
    """The sizes of an operand, symbols included."""
    if isinstance(x, Tensor):
        value = x.held
        return value.shape if type(value) is np.ndarray else x.type.shape
    shape: tuple[Dim, ...] = getattr(x, "shape", ())
    return shape


def size_number(dim: Dim) -> Any:
    """A size as a number to compute with: an int, or a scalar tensor that keeps the symbol's algebra."""
    return dim if isinstance(dim, int) else apply(dimension_op, dim=dim)


def size(x: Any) -> Any:
    """The number of elements of a tensor.

    Args:
        x: tensor.

    Returns:
        An int; a symbolic size gives a scalar tensor.

    Example:
        >>> import autograph as ag
        >>> ag.ops.size(ag.ops.zeros((2, 3)))
        6
    """
    return math.prod(x.shape)
