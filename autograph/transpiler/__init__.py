"""Python source in, Python source out; knows nothing of tensors."""

from autograph.transpiler.conversion import convert
from autograph.transpiler.printer import to_code
from autograph.transpiler.registry import is_generated, is_within_generated
from autograph.transpiler.source import Source, find_source

__all__ = ["Source", "convert", "find_source", "is_generated", "is_within_generated", "to_code"]
