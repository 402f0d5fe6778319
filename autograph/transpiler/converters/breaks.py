"""`break`: a flag that stops the loop, and what follows the `break` moves into the other branch.

Before:
    def f(xs, total):
        for x in xs:
            if found(x):
                break
            total += x
        return total

After:
    def f(xs, total):
        broke = False
        for x in xs:
            if found(x):
                broke = True
            else:
                total += x
        return total

The names of the flags that stop a loop are its attribute `ag_until`. A `break` that stands for another jump (`return`,
or one that the loop's `else` asks about) brings a flag of its own. `if x < 0: break` by itself is `broke = x < 0`.
"""

from __future__ import annotations

from collections.abc import Sequence

import gast

from autograph.transpiler import build
from autograph.transpiler.analysis.activity import activity
from autograph.transpiler.analysis.structure import own_breaks
from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import Flag, flag_of, is_set
from autograph.transpiler.converters.jumps import Block, Jump
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function without `break`.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _Breaks(context).rewrite(tree)


class _Breaks(Rewriter):
    def visit_For(self, node: gast.For | gast.While) -> gast.AST | list[gast.AST]:
        jump = _Break(self.context)
        flags = jump.flags_in(node)
        self.generic_visit(node)
        if not flags:
            return node
        node.body = jump.settle(node.body, flagged=True)
        bound = activity(node.body).writes  # not by a `break` that control never reaches
        node.ag_until = [flag.name for flag in flags if flag.name in bound]
        own = [jump.flag] if jump.flag is not None and jump.flag.name in bound else []
        return [*(flag.clear(self.context, node) for flag in own), node]

    visit_While = visit_For


class _Break(Jump):
    kind = gast.Break
    word = "break"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.flag: Flag | None = None  # for the breaks that have none of their own

    def _flag(self, node: gast.Break) -> Flag:
        own = flag_of(node)
        if own is not None:
            return own
        if self.flag is None:
            self.flag = Flag(self.context.names.fresh("broke"))
        return self.flag

    def flags_in(self, statement: gast.stmt) -> list[Flag]:
        return list(dict.fromkeys(self._flag(one) for one in own_breaks(statement)))

    def settle(self, statements: Sequence[gast.stmt], flagged: bool) -> Block:
        """Like any jump; but `if x < 0: break` by itself is `broke = x < 0`."""
        for place, statement in enumerate(statements):
            if not self.held_by([statement]):
                continue
            if not _only_breaks(statement):
                break
            flag = self._flag(statement.body[0])
            rest = self.settle([*statement.orelse, *statements[place + 1 :]], flagged)
            asks = build.at(build.assign(flag.name, statement.test), statement)
            return [*statements[:place], asks, *self.go_on(statement, [flag], rest, flagged)]
        return super().settle(statements, flagged)

    def leave(self, node: gast.stmt, flagged: bool) -> Block:
        return [] if is_set(node) else [self._flag(node).set(node)]


def _only_breaks(statement: gast.stmt) -> bool:
    """Whether a statement is an `if` that does nothing but end the loop, on a test that gives a bool."""
    match statement:
        case gast.If(test=gast.Compare(ops=[_]) | gast.UnaryOp(op=gast.Not()), body=[gast.Break() as only]):
            return not is_set(only)
    return False
