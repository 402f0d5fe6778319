"""Builds gast nodes for generated code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import gast

_Node = TypeVar("_Node", bound=gast.AST)


def load(name: str) -> gast.Name:
    """`name`, read."""
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> gast.Name:
    """`name`, as the target of an assignment."""
    return gast.Name(name, gast.Store(), None, None)


def constant(value: object) -> gast.Constant:
    """A literal."""
    return gast.Constant(value, None)


def call(function: gast.AST, arguments: Iterable[gast.AST], keywords: Iterable[gast.keyword] = ()) -> gast.Call:
    """`function(*arguments, **keywords)`."""
    return gast.Call(function, list(arguments), list(keywords))


def arguments(params: Sequence[str]) -> gast.arguments:
    """A parameter list of plain positional parameters."""
    names = [gast.Name(name, gast.Param(), None, None) for name in params]
    return gast.arguments(names, [], None, [], [], None, [])


def thunk(body: gast.AST, params: Sequence[str] = ()) -> gast.Lambda:
    """`lambda params: body`, which the verb it is passed to calls at once, so it captures nothing for later.

    The node carries `ag_immediate`, by which analyses tell it from the user's lambdas.
    """
    made = gast.Lambda(arguments(params), body)
    made.ag_immediate = True
    return made


def is_immediate(node: gast.AST) -> bool:
    """Whether a lambda or function is generated and called on the spot (its reads happen where it stands)."""
    return getattr(node, "ag_immediate", False)


def assign(target: str, value: gast.AST) -> gast.Assign:
    """`target = value`."""
    return gast.Assign([store(target)], value, None)


def at(new: _Node, origin: gast.AST) -> _Node:
    """`new`, its nodes without a position taking that of `origin`, the user's node they stand for."""
    for node in gast.walk(new):
        if not hasattr(node, "lineno"):
            gast.copy_location(node, origin)
            if isinstance(node, gast.Attribute) and hasattr(origin, "lineno"):
                # The compiler moves a method call to the line where the method's name ends.
                node.end_lineno, node.end_col_offset = origin.lineno, origin.col_offset
    return new
