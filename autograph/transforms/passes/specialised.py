"""Copies of called graphs in terms of their callers' sizes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from autograph.runtime.dims import Dim, SymbolicDim, is_symbol, substitute, symbols_of
from autograph.runtime.ir import Graph, Node, Region, Value, clone_region, walk
from autograph.runtime.structure_ops import call_op
from autograph.runtime.types import ListType, RefType, TensorType, type_symbols

Sizes = Mapping[str, Dim]


def callee_sizes(call: Node) -> dict[str, Dim] | None:
    """What the callee's symbolic sizes are at a call, in the caller's; None where they are not all plain."""
    callee: Graph = call.attrs["callee"]
    sizes: dict[str, Dim] = {}
    for param, given in zip(callee.params, call.inputs, strict=True):
        if not isinstance(param.type, TensorType) or not isinstance(given.type, TensorType):
            continue
        for dim, known in zip(param.type.shape, given.type.shape, strict=True):
            if isinstance(dim, SymbolicDim) and is_symbol(dim):
                sizes.setdefault(symbols_of(dim)[0], known)
    return sizes if _fits(call, callee, sizes) else None


def _fits(call: Node, callee: Graph, sizes: Sizes) -> bool:
    """Whether operands and results have the callee's types, and no size is found only while the callee runs."""
    pairs = [*zip(callee.params, call.inputs, strict=True), *zip(callee.results, call.outputs, strict=True)]
    if any(isinstance(inner.type, RefType) or in_sizes(inner.type, sizes) != outer.type for inner, outer in pairs):
        return False
    if any(node.attrs.get("binds") for node in walk(callee.body)):
        return False
    return all(type_symbols(value.type) <= sizes.keys() for value in values_inside(callee.body))


def values_inside(region: Region) -> list[Value]:
    """All values that a region and those in it define."""
    found = list(region.params)
    for node in region.nodes:
        found += node.outputs
        for inner in node.regions:
            found += values_inside(inner)
    return found


def specialised(graph: Graph, sizes: Sizes) -> Region:
    """A copy of a graph's body with other sizes for its symbols."""
    mapping: dict[Value, Value] = {}
    body = clone_region(graph.body, mapping)
    if sizes:
        for value in mapping.values():
            value.type = in_sizes(value.type, sizes)
        _replace_in_attributes(body, sizes)
    return body


def replace_sizes(graph: Graph, sizes: Sizes) -> None:
    """Puts what is known of sizes that ops would find when they run in their places, all over a graph."""
    if not sizes:
        return
    for node in walk(graph.body):
        if "binds" in node.attrs:
            node.attrs["binds"] = tuple([dim for dim in node.attrs["binds"] if not sizes.keys() & set(symbols_of(dim))])
    for value in values_inside(graph.body):
        value.type = in_sizes(value.type, sizes)
    _replace_in_attributes(graph.body, sizes)


def _replace_in_attributes(region: Region, sizes: Sizes) -> None:
    for node in walk(region):
        node.attrs = {
            key: attr if key == "callee" and node.op is call_op else in_sizes(attr, sizes)
            for key, attr in node.attrs.items()
        }


def in_sizes(value: Any, sizes: Sizes) -> Any:
    """A type or an attribute with other sizes for its symbols."""
    if isinstance(value, SymbolicDim):
        return substitute(value, sizes)
    if isinstance(value, TensorType):
        return dataclasses.replace(value, shape=tuple([substitute(dim, sizes) for dim in value.shape]))
    if isinstance(value, ListType):
        return ListType(in_sizes(value.element, sizes))
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple([in_sizes(item, sizes) for item in value])
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__name__ == "Slice":
        fields = [in_sizes(getattr(value, field.name), sizes) for field in dataclasses.fields(value)]
        return type(value)(*fields)
    return value


def callees(graph: Graph) -> dict[Graph, list[Graph]]:
    """For each graph that calls reach, the graphs that it calls itself."""
    found: dict[Graph, list[Graph]] = {}
    open_ = [graph]
    while open_:
        caller = open_.pop()
        if caller not in found:
            found[caller] = [node.attrs["callee"] for node in walk(caller.body) if node.op is call_op]
            open_ += found[caller]
    return found
