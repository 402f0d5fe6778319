"""Python items as one tensor that a tensor can index; where all are Python numbers, what comes out is one too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograph.ops.joining import stack
from autograph.runtime.apply import apply
from autograph.runtime.dtypes import bool_, complex128, float64, int64
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import PYTHON_NUMBERS, Tensor

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

    def __getitem__(self, index: Any) -> Any:
        found = self._tensor[index]
        if not self._numbers or found.type.shape or found.dtype not in _OF_PYTHON:
            return found
        return apply(cast_op, found, dtype=found.dtype, weak=True)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._numbers = self._numbers and _is_number(value)
        self._tensor[index] = value


def _is_number(item: Any) -> bool:
    """Whether an item is a number of Python's, at hand or in the graph."""
    return type(item) in PYTHON_NUMBERS or (isinstance(item, Tensor) and item.type.weak)
