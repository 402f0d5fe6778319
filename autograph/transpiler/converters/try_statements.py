"""`try` with one thing to say each: what to catch, or what to do in the end.

Before:
    def f(x):
        try:
            y = root(x)
        except ValueError:
            y = 0
        else:
            y = y + 1
        finally:
            close()
        return y

After:
    def f(x):
        try:
            ok = False
            try:
                y = root(x)
                ok = True
            except ValueError:
                y = 0
            if ok:
                y = y + 1
        finally:
            close()
        return y

The name of a caught exception that is used elsewhere too is bound by a statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.activity import activity
from autograph.transpiler.analysis.structure import leaves, statements_in
from autograph.transpiler.context import Context
from autograph.transpiler.converters.jumps import Block
from autograph.transpiler.managers import stays
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function with such `try` statements only.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _Tries(context, tree).rewrite(tree)


class _Tries(Rewriter):
    """Also gives each manager that is not a library's a `with` of its own."""

    def __init__(self, context: Context, tree: gast.FunctionDef) -> None:
        super().__init__(context)
        self.shared = _used_elsewhere(tree)

    def visit_Try(self, node: gast.Try) -> list[gast.stmt]:
        self.generic_visit(node)
        for statement in _jumps_out(node.finalbody):
            word = type(statement).__name__.lower()
            what = f"`{word}` inside `finally` cannot be converted"
            self.context.fail(statement, what, f"move the `{word}` after the `try` statement")
        block = self._caught(node)
        if node.finalbody:
            block = [gast.copy_location(gast.Try(block, [], [], node.finalbody), node)]
        return block

    def visit_With(self, node: gast.With) -> gast.AST:
        self.generic_visit(node)
        if stays(node, self.context):
            return node
        *outer, last = node.items
        made = gast.copy_location(gast.With([last], node.body, None), node)
        for item in reversed(outer):
            made = gast.copy_location(gast.With([item], [made], None), node)
        return made

    def _caught(self, node: gast.Try) -> Block:
        """The `try` without `finally`, and what comes when nothing was raised."""
        if not node.handlers:
            return [*node.body, *node.orelse]
        for handler in node.handlers:
            self._name(handler)
        inner = gast.copy_location(gast.Try(node.body, node.handlers, [], []), node)
        if not node.orelse or leaves(node.body, self.context):
            return [inner]
        if all(leaves(handler.body, self.context) for handler in node.handlers):
            return [inner, *node.orelse]
        name = self.context.names.fresh("ok")
        inner.body = [*node.body, build.at(build.assign(name, build.constant(True)), node.body[-1])]
        start = build.at(build.assign(name, build.constant(False)), node)
        then = gast.copy_location(gast.If(build.load(name), node.orelse, []), node.orelse[0])
        return [start, inner, build.at(then, node.orelse[0])]

    def _name(self, handler: gast.ExceptHandler) -> None:
        if handler.name is None or handler.name.id not in self.shared:
            return
        name = handler.name.id
        caught = self.context.names.fresh("caught")
        first = build.at(build.assign(name, build.load(caught)), handler)
        last: Block = []
        if not leaves(handler.body, self.context):
            target = gast.Name(name, gast.Del(), None, None)
            last = [build.at(gast.Delete([target]), handler.body[-1])]
        handler.name = gast.copy_location(build.store(caught), handler.name)
        handler.body = [first, *handler.body, *last]


def _jumps_out(block: Block) -> Iterable[gast.stmt]:
    for statement in block:
        for inner in statements_in([statement]):
            if isinstance(inner, gast.Return):
                yield inner
        for inner in statements_in([statement], through_loops=False):
            if isinstance(inner, gast.Break | gast.Continue) and not isinstance(statement, gast.For | gast.While):
                yield inner


def _used_elsewhere(tree: gast.FunctionDef) -> set[str]:
    """Names of caught exceptions that also occur outside the handlers that bind them, or that closures capture."""
    handlers = [node for node in gast.walk(tree) if isinstance(node, gast.ExceptHandler) and node.name is not None]
    found = activity(tree.body)
    shared = found.captured | found.globals | found.nonlocals | found.rebound
    for name in {handler.name.id for handler in handlers}:
        inside = sum(_mentions(handler, name) for handler in handlers if handler.name.id == name)
        if _mentions(tree, name) != inside:
            shared.add(name)
    return shared


def _mentions(node: gast.AST, name: str) -> int:
    return sum(isinstance(inner, gast.Name) and inner.id == name for inner in gast.walk(node))
