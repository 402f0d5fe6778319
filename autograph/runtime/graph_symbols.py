"""Which symbolic sizes types and graphs mention."""

from __future__ import annotations

from autograph.runtime.dims import SymbolicDim, is_symbol, symbols_of
from autograph.runtime.ir import Node, Region, Value, walk
from autograph.runtime.types import TensorType, Type


def bare_symbols(type_: Type) -> set[str]:
    """The symbols that are sizes of a value by themselves."""
    dims = type_.shape if isinstance(type_, TensorType) else ()
    return {name for dim in dims if isinstance(dim, SymbolicDim) and is_symbol(dim) for name in symbols_of(dim)}


def mentioned_symbols(region: Region) -> set[str]:
    """The sizes that attributes in a region mention."""
    names: set[str] = set()
    for node in walk(region):
        for attr in node.attrs.values():
            names |= _dims_in(attr)
    return names


def carrier_of(symbol: str, region: Region | None, before: Node | None = None) -> Value | None:
    """A value in scope in a region, before a node of it if one is given, whose type has a symbol as a size."""
    while region is not None:
        for value in region.params:
            if symbol in bare_symbols(value.type):
                return value
        for node in region.nodes:
            if node is before:
                break
            for value in node.outputs:
                if symbol in bare_symbols(value.type):
                    return value
        before, region = region.owner, region.parent
    return None


def _dims_in(attr: object) -> set[str]:
    if isinstance(attr, SymbolicDim):
        return set(symbols_of(attr))
    if isinstance(attr, tuple):
        return {name for item in attr for name in _dims_in(item)}
    if hasattr(attr, "start") and hasattr(attr, "stop"):
        return _dims_in((attr.start, attr.stop))
    return set()
