"""Attributes as Python source: symbolic sizes become expressions of the variables that hold them."""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol

from autograph.runtime.dims import SymbolicDim, evaluate, is_symbol, symbols_of


class Namer(Protocol):
    """What names Python objects for the source."""

    def constant(self, value: Any, prefix: str = "c") -> str:
        """A name for an object."""
        ...


def has_dims(value: Any) -> bool:
    """Whether an attribute depends on symbolic sizes."""
    if isinstance(value, SymbolicDim):
        return True
    if isinstance(value, tuple):
        return any(has_dims(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__name__ == "Slice":
        return any(has_dims(getattr(value, field.name)) for field in dataclasses.fields(value))
    return False


def attribute_source(names: Namer, value: Any) -> str:
    """Source text whose value is the attribute with sizes filled in."""
    if not has_dims(value):
        return repr(value) if type(value) in (int, bool, str) else names.constant(value)
    if isinstance(value, SymbolicDim):
        env = ", ".join(f"{name!r}: size_{name}" for name in symbols_of(value))
        if is_symbol(value):
            return f"size_{symbols_of(value)[0]}"
        return f"{names.constant(evaluate, 'f')}({names.constant(value)}, {{{env}}})"
    if isinstance(value, tuple):
        items = ", ".join(attribute_source(names, item) for item in value)
        return f"({items},)"
    fields = [attribute_source(names, getattr(value, field.name)) for field in dataclasses.fields(value)]
    return f"{names.constant(type(value), 't')}({', '.join(fields)})"
