"""Which arguments stop being literal: sizes and numbers that have changed from one call to the next.

Source of the rule that equal sizes share a symbol while they stay equal: the "duck sizing" of PyTorch's dynamic shapes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograph.function.leaf_types import (
    LeafType,
    Literal,
    NumberInput,
    TensorLeaf,
    is_float_zero,
    leaf_type,
    tensor_type,
)
from autograph.runtime.dims import Dim, SymbolicDim, symbol
from autograph.runtime.types import TensorType

# A place that can be general: a leaf's number, (leaf, None), or one of its sizes, (leaf, axis).
Place = tuple[int, int | None]


def generalized(
    known: Sequence[LeafType],
    leaves: Sequence[Any],
    paths: Sequence[str],
    static: set[Place],
    fixed: Collection[int] = (),
) -> list[LeafType] | None:
    """The types for a call that no trace answers: sizes and numbers that differ from a traced one's are made general.

    Args:
        known: the types of the trace.
        leaves: the call's leaves, as many.
        paths: their places in the user's words.
        static: places that stay literal.
        fixed: leaves that the user has declared static.

    Returns:
        The types; None where nothing is general.
    """
    found: list[LeafType] = []
    symbols: dict[tuple[Dim, int], Dim] = {}
    general = False
    for index, (old, leaf) in enumerate(zip(known, leaves, strict=True)):
        if index in fixed:
            found.append(leaf_type(leaf))
        elif isinstance(old, TensorLeaf) and isinstance(new := leaf_type(leaf), TensorLeaf):
            shape = _shape(old.type, tensor_type(leaf), index, paths[index], symbols, static)
            if shape is None:
                return None
            general = general or any(isinstance(dim, SymbolicDim) for dim in shape)
            found.append(TensorLeaf(new.type.with_shape(shape)))
        elif old.mismatch(leaf, {}) is None:
            general = general or isinstance(old, NumberInput)
            found.append(old)
        elif (index, None) in static or not isinstance(old, Literal | NumberInput):
            found.append(leaf_type(leaf))
        elif _is_number(old, leaf):
            general = True
            found.append(NumberInput(type(leaf)))
        else:
            found.append(leaf_type(leaf))
    return found if general else None


def _is_number(old: LeafType, leaf: Any) -> bool:
    if type(leaf) not in (int, float) or not isinstance(old, Literal) or type(old.value) is not type(leaf):
        return False
    return not is_float_zero(leaf) and not is_float_zero(old.value)


def _shape(
    old: TensorType, new: TensorType, index: int, path: str, symbols: dict[tuple[Dim, int], Dim], static: set[Place]
) -> tuple[Dim, ...] | None:
    if old.dtype is not new.dtype or old.weak != new.weak or old.rank != new.rank:
        return None
    shape: list[Dim] = []
    for axis, (was, size) in enumerate(zip(old.shape, new.shape, strict=True)):
        assert isinstance(size, int)
        if was == size or size < 2 or (isinstance(was, int) and was < 2) or (index, axis) in static:
            shape.append(size)
            continue
        key = was, size
        if key not in symbols:
            symbols[key] = symbol(f"{_name(path)}{axis}")
        shape.append(symbols[key])
    return tuple(shape)


def _name(path: str) -> str:
    """A symbol's name from an argument's: `x`, `batch_image_`; not one that looks like a number of trips."""
    return "".join(char if char.isalnum() else "_" for char in path) + "_"
