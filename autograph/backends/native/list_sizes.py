"""Whether lists of tensors whose sizes only the running function knows can lie in one buffer: they are all alike.

A list of lists is a buffer of what describes each list, whose items are alike throughout.

The sizes have to be those of tensors that a graph is given, in each graph of a unit that has such lists, since a list
tells its items' sizes to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograph.runtime.dims import SymbolicDim, data_symbols, is_symbol, symbols_of
from autograph.runtime.ir import Graph, Value, walk
from autograph.runtime.types import ListType, TensorType, Type


def innermost(type_: ListType) -> Type:
    """What is not a list any more: a list's items, or those of the lists in it."""
    element = type_.element
    while isinstance(element, ListType):
        element = element.element
    return element


def open_sizes(type_: ListType) -> list[SymbolicDim]:
    """The sizes of a list's tensors that the running function knows."""
    element = innermost(type_)
    return [dim for dim in element.shape if isinstance(dim, SymbolicDim)] if isinstance(element, TensorType) else []


def are_alike(type_: ListType) -> bool:
    """Whether all items, or those of the lists in it, are tensors of the same size."""
    return isinstance(innermost(type_), TensorType) and not any(data_symbols(dim) for dim in open_sizes(type_))


def sizes_are_given(graph: Graph) -> bool:
    """Whether a graph, and those it calls, are given the sizes of the items of their lists."""
    return all(_are_given(one) for one in _graphs(graph, set()))


def _graphs(graph: Graph, seen: set[Graph]) -> Iterator[Graph]:
    seen.add(graph)
    yield graph
    for node in walk(graph.body):
        callee = node.attrs.get("callee")
        if isinstance(callee, Graph) and callee not in seen:
            yield from _graphs(callee, seen)


def _are_given(graph: Graph) -> bool:
    shapes = [param.type.shape for param in graph.params if isinstance(param.type, TensorType)]
    given = {symbols_of(dim)[0] for shape in shapes for dim in shape if is_symbol(dim)}
    wanted = {
        name
        for value in _values(graph)
        for type_ in _lists(value.type)
        if are_alike(type_)
        for dim in open_sizes(type_)
        for name in symbols_of(dim)
    }
    return wanted <= given


def _values(graph: Graph) -> Iterator[Value]:
    yield from graph.params
    for node in walk(graph.body):
        yield from node.outputs
        for region in node.regions:
            yield from region.params


def _lists(type_: Type) -> Iterator[ListType]:
    while isinstance(type_, ListType):
        yield type_
        type_ = type_.element
