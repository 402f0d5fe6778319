"""All rules for writing ops; importing this module registers them."""

from autograph.backends.native import (
    control,
    convolution,
    elementwise,
    functions,
    host_ops,
    indexing,
    lists,
    matmul,
    reductions,
    views,
)

__all__ = [
    "control",
    "convolution",
    "elementwise",
    "functions",
    "host_ops",
    "indexing",
    "lists",
    "matmul",
    "reductions",
    "views",
]
