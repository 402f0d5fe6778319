"""`continue`: what follows it moves into the other branch.

Before:
    def f(xs, total):
        for x in xs:
            if x < 0:
                continue
            total += x
        return total

After:
    def f(xs, total):
        for x in xs:
            if not x < 0:
                total += x
        return total
"""

from __future__ import annotations

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import Flag
from autograph.transpiler.converters.jumps import Block, Jump, nothing
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function without `continue`.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _Continues(context).rewrite(tree)


class _Continues(Rewriter):
    def visit_For(self, node: gast.For | gast.While) -> gast.AST:
        self.generic_visit(node)
        jump = _Continue(self.context)
        if jump.held_by(node.body):
            node.body = jump.settle(node.body, flagged=False) or [nothing(node.body[0])]
        return node

    visit_While = visit_For


class _Continue(Jump):
    kind = gast.Continue
    word = "continue"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._flags: list[Flag] = []

    def flags_in(self, statement: gast.stmt) -> list[Flag]:
        if not self._flags:
            self._flags.append(Flag(self.context.names.fresh("skipped")))
        return self._flags

    def leave(self, node: gast.stmt, flagged: bool) -> Block:
        return [flag.set(node) for flag in self.flags_in(node)] if flagged else []
