"""A generator as a function that hands each item to a callback, so that a loop's body can run at each `yield`.

Before:
    def f(n):
        while n > 0:
            yield n
            n = n - 1

After:
    def f(take, n):
        while n > 0:
            if take(n):
                return
            n = n - 1

The callback says whether to stop. Generators within a function stay as they are, and are converted when they are used.
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.structure import is_generator, statements_in
from autograph.transpiler.context import Context

_HINT = "write `yield value` as a statement of its own"


def inline(tree: gast.FunctionDef, context: Context, *, catching: bool) -> gast.FunctionDef:
    """The generator as a function of the callback and its own parameters.

    Args:
        tree: the generator.
        context: its conversion.
        catching: whether exceptions of the callback may reach the generator's handlers, as those of a `with` block
            do and those of a loop's body do not.

    Returns:
        The same function, changed in place.

    Raises:
        ConversionError: a `yield` stands where a callback cannot.
    """
    if not catching:
        for statement in statements_in(tree.body):
            if isinstance(statement, gast.Try) and statement.handlers and is_generator(statement.body):
                what = "`yield` inside `try` with `except`, in a generator that a loop goes over, cannot be converted"
                context.fail(statement, what, "catch around what computes the value, and yield it after")
    take = context.names.fresh("take")
    parameters = tree.args.posonlyargs or tree.args.args
    parameters.insert(0, gast.Name(take, gast.Param(), None, None))
    build.at(tree.args, tree)
    tree.body = _Yields(context, take).block(tree.body)
    return tree


class _Yields(gast.NodeTransformer):  # type: ignore[misc]
    def __init__(self, context: Context, take: str) -> None:
        self.context = context
        self.take = take

    def block(self, statements: list[gast.stmt]) -> list[gast.stmt]:
        made: list[gast.stmt] = []
        for statement in statements:
            found = self.visit(statement)
            made += found if isinstance(found, list) else [found]
        return made

    def visit_FunctionDef(self, node: gast.FunctionDef) -> Any:
        """A function of its own."""
        return node

    visit_ClassDef = visit_Lambda = visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Expr(self, node: gast.Expr) -> Any:
        match node.value:
            case gast.Yield(value=value):
                return self._give(value, node)
            case gast.YieldFrom(value=items):
                item = self.context.names.fresh("item")
                target = gast.copy_location(build.store(item), items)
                give = self._give(build.load(item), node)
                return build.at(gast.For(target, items, [give], [], None), node)
        return self.generic_visit(node)

    def visit_Assign(self, node: gast.Assign) -> Any:
        if isinstance(node.value, gast.Yield):
            give = self._give(node.value.value, node)
            node.value = gast.copy_location(build.constant(None), node.value)  # what a loop sends
            return [give, node]
        return self.generic_visit(node)

    def visit_Return(self, node: gast.Return) -> Any:
        self.generic_visit(node)
        value, node.value = node.value, None
        if value is None or isinstance(value, gast.Constant | gast.Name):
            return node
        return [gast.copy_location(gast.Expr(value), node), node]

    def visit_Yield(self, node: gast.AST) -> Any:
        self.context.fail(node, "`yield` inside an expression cannot be converted", _HINT)

    visit_YieldFrom = visit_Yield

    def _give(self, value: gast.AST | None, origin: gast.AST) -> gast.stmt:
        test = build.call(build.load(self.take), [value or build.constant(None)])
        return build.at(gast.If(test, [gast.Return(None)], []), origin)
