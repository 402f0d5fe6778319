"""Handles of a transform's own for the arguments to differentiate by."""

from __future__ import annotations

from typing import Any

from autograph.runtime.apply import apply
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.variable import Variable


def own_handle(leaf: Any) -> Any:
    """A tensor that only the transform knows, so that other uses of the same tensor count as constants."""
    if isinstance(leaf, Variable):
        return leaf
    return apply(cast_op, leaf, dtype=leaf.dtype, weak=leaf.type.weak)
