"""Refuses what cannot be converted, at the user's line, with the rewrite that works.

Before:
    def f(x):
        yield x

Refused:
    a generator
"""

from __future__ import annotations

import builtins
from typing import Any

import gast

from autograph.transpiler.analysis.structure import is_generator
from autograph.transpiler.context import Context

_BY_NODE: dict[type, tuple[str, str]] = {
    gast.AsyncFunctionDef: ("an async function", "write a plain function; a graph has no event loop"),
    gast.Await: ("`await`", "await outside, and pass the result in"),
    gast.AsyncFor: ("`async for`", "collect the items outside, and pass them in"),
    gast.AsyncWith: ("`async with`", "enter the context outside"),
    gast.Yield: ("a generator (`yield`)", "append to a list and return it"),
    gast.YieldFrom: ("a generator (`yield from`)", "extend a list and return it"),
    gast.TryStar: ("`except*`", "handle one exception: `except`"),
}

_BY_CALL: dict[str, str] = {
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
    "locals": "name the variables you mean, or keep them in a dict",
    "globals": "name the global you mean: `global name`",
}

_WITHOUT_ARGUMENTS: dict[str, str] = {
    "vars": "name the object: `vars(obj)`",
    "dir": "name the object: `dir(obj)`",
}


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Raises ConversionError for the first construct that cannot be converted."""
    visitor = _Refusals(context)
    for statement in tree.body:
        visitor.visit(statement)
    return tree


class _Refusals(gast.NodeVisitor):  # type: ignore[misc]
    def __init__(self, context: Context) -> None:
        self.context = context

    def visit(self, node: gast.AST) -> Any:
        """Checks a node and what is in it."""
        refusal = _BY_NODE.get(type(node))
        if refusal is not None:
            what, hint = refusal
            self.context.fail(node, f"{what} cannot be converted", hint)
        return super().visit(node)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> None:
        """Generators within a function are converted when they are used."""
        if not is_generator(node.body):
            self.generic_visit(node)

    def visit_ClassDef(self, node: gast.ClassDef) -> None:
        """Methods are converted when they are called."""

    def visit_Call(self, node: gast.Call) -> None:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, gast.Name) else ""
        if name not in _BY_CALL and name not in _WITHOUT_ARGUMENTS:
            return
        if self.context.resolve(node.func) is not getattr(builtins, name):
            return
        if name in _BY_CALL:
            self.context.fail(node, f"`{name}` sees names that conversion renames and moves", _BY_CALL[name])
        if not node.args:
            self.context.fail(
                node, f"`{name}()` sees names that conversion renames and moves", _WITHOUT_ARGUMENTS[name]
            )
