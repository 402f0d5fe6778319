"""All rules for writing ops; importing this module registers them."""

from __future__ import annotations

from autograph.backends.native import (
    control,
    convolution,
    elementwise,
    fourier,
    functions,
    host_ops,
    indexing,
    linear_algebra,
    list_parts,
    lists,
    masks,
    matmul,
    powers,
    random_bits,
    reductions,
    scans,
    segments,
    sorting,
    special_functions,
    views,
)

__all__ = [
    "control",
    "convolution",
    "elementwise",
    "fourier",
    "functions",
    "host_ops",
    "indexing",
    "linear_algebra",
    "list_parts",
    "lists",
    "masks",
    "matmul",
    "powers",
    "random_bits",
    "reductions",
    "scans",
    "segments",
    "sorting",
    "special_functions",
    "views",
]
