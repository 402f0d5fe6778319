"""All rules for computing ops on XLA; importing this module registers them."""

from __future__ import annotations

from autograph.backends.xla import (
    contractions,
    control,
    elementwise,
    indexing,
    lists,
    reductions,
    shapes,
    special_functions,
)

__all__ = ["contractions", "control", "elementwise", "indexing", "lists", "reductions", "shapes", "special_functions"]
