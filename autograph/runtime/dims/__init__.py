"""Dimensions of tensors: ints, or symbols with exact integer algebra.

    >>> b, k = symbol("b"), symbol("k", minimum=0)
    >>> (b * 4) % 4, (b * k) // b, (b + 1) // 2, k + 1
    (0, k?, (b + 1)//2, k? + 1)

A symbol stands for every size from its minimum on: 2 for sizes of inputs (0 and 1 have traces of their own,
so broadcasting is never in doubt) and 0 for sizes that data decides. Text marks a minimum other than 2: `k?`
is at least 0, `n?5` at least 5.
"""

from autograph.runtime.dims.binding import data_symbols, evaluate, is_symbol, solve, substitute, symbols_of, to_python
from autograph.runtime.dims.parsing import parse_dim
from autograph.runtime.dims.shapes import Shape, broadcast_dims, broadcast_shapes, num_elements, shape_text
from autograph.runtime.dims.symbolic import (
    Dim,
    SymbolicDim,
    known_at_least,
    known_equal,
    lower_bound,
    max_dim,
    min_dim,
    symbol,
    upper_bound,
)

__all__ = [
    "Dim",
    "Shape",
    "SymbolicDim",
    "broadcast_dims",
    "broadcast_shapes",
    "data_symbols",
    "evaluate",
    "is_symbol",
    "known_at_least",
    "known_equal",
    "lower_bound",
    "max_dim",
    "min_dim",
    "num_elements",
    "parse_dim",
    "shape_text",
    "solve",
    "substitute",
    "symbol",
    "symbols_of",
    "to_python",
    "upper_bound",
]
