"""Tensors where Python asks for an int: bounds of ranges, counts, positions in lists."""

from __future__ import annotations

import operator
from typing import Any

from autograph.runtime.apply import apply
from autograph.runtime.context import current_trace
from autograph.runtime.dtypes import int64
from autograph.runtime.structure_ops import cast_op
from autograph.runtime.tensor import Tensor
from autograph.runtime.variable import Variable
from autograph.staging.unbound import Maybe


def python_int(number: Any) -> Any:
    """The int that Python makes of a number: of 64 bits, so that what is added to it does not wrap in a small dtype."""
    if isinstance(number, Maybe):
        number = number.require_value()
    if current_trace() is None or not isinstance(number, Tensor | Variable):
        return operator.index(number)
    scalar = number.value() if isinstance(number, Variable) else number
    return scalar if scalar.type.weak else apply(cast_op, scalar, dtype=int64, weak=True)
