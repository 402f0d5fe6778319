"""Attributes with sizes filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from autograph.backends.numpy.attributes import has_dims
from autograph.runtime.dims import SymbolicDim, evaluate, symbols_of


def attribute_symbols(value: Any) -> set[str]:
    """The sizes that an attribute mentions."""
    if not has_dims(value):
        return set()
    if isinstance(value, SymbolicDim):
        return set(symbols_of(value))
    parts = value if isinstance(value, tuple) else [getattr(value, field.name) for field in dataclasses.fields(value)]
    return {name for part in parts for name in attribute_symbols(part)}


def with_sizes(value: Any, sizes: Mapping[str, int]) -> Any:
    """An attribute in which numbers stand for symbolic sizes."""
    if not has_dims(value):
        return value
    if isinstance(value, SymbolicDim):
        return evaluate(value, sizes)
    if isinstance(value, tuple):
        return tuple([with_sizes(item, sizes) for item in value])
    fields = [with_sizes(getattr(value, field.name), sizes) for field in dataclasses.fields(value)]
    return type(value)(*fields)
