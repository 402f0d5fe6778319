"""Elementary functions written in straight-line LLVM IR, so that loops that contain them run in vectors."""

from autograph.backends.native.math import (
    arcs,
    areas,
    error_function,
    exponentials,
    logarithms,
    powers,
    roots,
    sums,
    trigonometry,
)
from autograph.backends.native.math.library import definitions, has

FAMILIES = (
    arcs,
    areas,
    error_function,
    exponentials,
    logarithms,
    powers,
    roots,
    sums,
    trigonometry,
)  # imported for what they register

__all__ = ["FAMILIES", "definitions", "has"]
