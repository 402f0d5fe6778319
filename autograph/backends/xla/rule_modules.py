"""All rules for computing ops on XLA; importing this module registers them."""

from __future__ import annotations

from autograph.backends.xla import (
    complex_functions,
    contractions,
    control,
    ctc,
    elementwise,
    indexing,
    lists,
    reductions,
    shapes,
    special_functions,
)

__all__ = [
    "complex_functions", "contractions", "control", "ctc", "elementwise", "indexing", "lists", "reductions", "shapes",
    "special_functions",
]  # fmt: skip
