"""Elementary functions written in straight-line LLVM IR, so that loops that contain them run in vectors."""

from autograph.backends.native.math import exponentials, logarithms
from autograph.backends.native.math.library import definitions, has

FAMILIES = (exponentials, logarithms)  # imported for what they register

__all__ = ["FAMILIES", "definitions", "has"]
