"""A loop that begins by testing for its end needs no flag: the test becomes the loop's own.

Before:
    def f(x):
        while True:
            if x * x < 2:
                return x
            x = x / 2

After:
    def f(x):
        while not x * x < 2:
            x = x / 2
        return x
"""

from __future__ import annotations

import gast

from autograph.transpiler.analysis.structure import always_true, own_breaks, statements_in
from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import flag_of, negated
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function with such loops written with a test.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _LoopTests(context).rewrite(tree)


class _LoopTests(Rewriter):
    def visit_While(self, node: gast.While) -> gast.AST | list[gast.AST]:
        self.generic_visit(node)
        match node.body:
            case [gast.If() as first, *rest] if not node.orelse and not _holds_walrus(first.test):
                rest = [*first.orelse, *rest]
                if self._exits(first.body, rest, endless=always_true(node.test)):
                    return self._with_test(node, first, rest)
        return node

    def _exits(self, leaving: list[gast.stmt], rest: list[gast.stmt], endless: bool) -> bool:
        """Whether the first branch does nothing but end the loop, in a way that may stand after the loop."""
        *before, last = leaving
        if _jumps(before):
            return False
        if isinstance(last, gast.Break):
            alone = not any(own_breaks(statement) for statement in rest)
            return flag_of(last) is None and (not before or (endless and alone))
        after_loop_too = isinstance(last, gast.Return) and endless
        return after_loop_too and not any(own_breaks(statement) for statement in rest)

    def _with_test(self, node: gast.While, first: gast.If, rest: list[gast.stmt]) -> list[gast.AST]:
        goes_on = negated(first.test)
        if always_true(node.test):
            node.test = goes_on
        else:
            node.test = gast.copy_location(gast.BoolOp(gast.And(), [node.test, goes_on]), node.test)
        node.body = rest or [gast.copy_location(gast.Pass(), first)]
        after = [one for one in first.body if not isinstance(one, gast.Break)]
        return [node, *after]


def _jumps(block: list[gast.stmt]) -> bool:
    return any(
        isinstance(one, gast.Break | gast.Continue | gast.Return) for one in statements_in(block, through_loops=False)
    )


def _holds_walrus(test: gast.AST) -> bool:
    return any(isinstance(node, gast.NamedExpr) for node in gast.walk(test))
