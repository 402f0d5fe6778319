"""Fresh names for generated code: readable, deterministic, never clashing with a name of the user's."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator

import gast

_reserved = frozenset(keyword.kwlist) | frozenset(dir(builtins))


class Names:
    """Hands out names for one converted function.

    Example:
        >>> names = Names({"x", "done"})
        >>> names.fresh("done"), names.fresh("done"), names.fresh("result")
        ('done_2', 'done_3', 'result')
    """

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken)
        self.made: set[str] = set()
        self.regions: set[str] = set()

    def fresh(self, base: str) -> str:
        """A name no scope of the function uses yet, for values (flags, temporaries)."""
        name = _first_free(base, self.taken | self.made | self.regions)
        self.made.add(name)
        return name

    def scope(self) -> Scope:
        """Names for the region functions (`then`, `body`) of one function; other functions may reuse them."""
        return Scope(self)


class Scope:
    """Names for the region functions of one function body.

    Example:
        >>> scope = Names({"x"}).scope()
        >>> scope.fresh("then"), scope.fresh("then")
        ('then', 'then_2')
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._own: set[str] = set()

    def fresh(self, base: str) -> str:
        """A name free in this scope."""
        name = _first_free(base, self._names.taken | self._names.made | self._own)
        self._own.add(name)
        self._names.regions.add(name)
        return name


def _first_free(base: str, taken: set[str]) -> str:
    name, count = base, 1
    while name in taken or name in _reserved:
        count += 1
        name = f"{base}_{count}"
    return name


def identifiers(tree: gast.AST) -> set[str]:
    """Every identifier that occurs in `tree` as a variable, read or bound, in any scope."""
    found = {node.id for node in gast.walk(tree) if isinstance(node, gast.Name)}
    return found | bound_names(tree)


def bound_names(tree: gast.AST) -> set[str]:
    """Every name that `tree` binds in any of its scopes, by assignment, definition, import or capture."""
    return {name for node in gast.walk(tree) for name in bindings(node)}


def bound_inside(function: gast.FunctionDef | gast.AsyncFunctionDef | gast.Lambda) -> set[str]:
    """Every name bound within a function, its parameters among them, but not its own name."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return bound_names(function.args).union(*(bound_names(part) for part in body))


def bindings(node: gast.AST) -> Iterator[str]:
    """The names that this one node (not its children) binds or declares."""
    match node:
        case gast.Name(id=name, ctx=gast.Store() | gast.Del() | gast.Param()):
            yield name
        case gast.FunctionDef(name=name) | gast.AsyncFunctionDef(name=name) | gast.ClassDef(name=name):
            yield name
        case gast.Global(names=names) | gast.Nonlocal(names=names):
            yield from names
        case gast.alias(name=name, asname=asname):
            yield asname or name.split(".")[0]
        case gast.MatchAs(name=str(name)) | gast.MatchStar(name=str(name)) | gast.MatchMapping(rest=str(name)):
            yield name
