"""Python items as one tensor that a tensor can index; where all are Python numbers, what comes out is one too."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from autograph.ops.joining import stack
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import bool_, complex128, float64, int64
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor
from autograph.staging.number_classes import Class, class_tag, is_numeric, note_class, number_class

_OF_PYTHON = (bool_, int64, float64, complex128)


class Stack:
    """Items along the first axis of a tensor.

    Args:
        items: numbers and tensors of one shape.
    """

    def __init__(self, items: Iterable[Any]) -> None:
        kept = list(items)
        self._tensor: Any = stack(kept)
        self._numbers = all(map(_is_number, kept))
        self._kept: list[Any] | None = kept  # None where a tensor says which of them has been replaced
        self._known = functools.reduce(Class.joined, map(number_class, kept)) if all(map(is_numeric, kept)) else None

    def __getitem__(self, index: Any) -> Any:
        found = self._tensor[index]
        if found.type.shape:
            return found
        if self._numbers and found.dtype in _OF_PYTHON:
            found = apply(cast_op, found, dtype=found.dtype, weak=True)
        self._note_class(found, index)
        return found

    def _note_class(self, found: Any, index: Any) -> None:
        """Notes of which class an item is, where they differ."""
        kept = self._kept
        if self._known is not None and not self._known.is_known:
            tag = None if kept is None else lambda: stack([class_tag(item) for item in kept])[index]
            note_class(found, self._known, tag)

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._known is not None:
            known = self._known.joined(number_class(value))
            if not known.is_known:
                self._kept = None
            self._known = known
        self._numbers = self._numbers and _is_number(value)
        self._tensor[index] = value


def _is_number(item: Any) -> bool:
    """Whether an item is a number of Python's, at hand or in the graph."""
    return type(item) in PYTHON_NUMBERS or (isinstance(item, Tensor) and item.type.weak)
