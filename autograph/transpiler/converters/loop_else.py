"""`else` of a loop: code after the loop, which runs unless `break` ended it.

Before:
    def f(xs, wanted):
        for x in xs:
            if x == wanted:
                break
        else:
            x = None
        return x

After:
    def f(xs, wanted):
        broke = False
        for x in xs:
            if x == wanted:
                break
        if not broke:
            x = None
        return x

The `break` carries the flag, which `breaks` sets in its place. A loop that no `break` ends simply goes on with its
`else`.
"""

from __future__ import annotations

import gast

from autograph.transpiler.analysis.structure import always_true, blocks_of, own_breaks
from autograph.transpiler.context import Context
from autograph.transpiler.converters.flags import Flag, break_with, none_of
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """The function without loop `else`.

    Args:
        tree: the function.
        context: its conversion.

    Returns:
        The same function, changed in place.
    """
    return _LoopElse(context).rewrite(tree)


class _LoopElse(Rewriter):
    def visit_For(self, node: gast.For | gast.While) -> gast.AST | list[gast.AST]:
        orelse, node.orelse = self.visit_block(node.orelse), []
        dead = isinstance(node, gast.While) and always_true(node.test)
        if not orelse or dead or not own_breaks(node):
            node.body = self.visit_block(node.body)
            return [node, *([] if dead else orelse)]
        flag = Flag(self.context.names.fresh("broke"))
        node.body = self.visit_block(node.body)
        _mark(node.body, flag)
        ran_out = gast.copy_location(gast.If(none_of([flag], orelse[0]), orelse, []), orelse[0])
        return [flag.clear(self.context, node), node, ran_out]

    visit_While = visit_For


def _mark(block: list[gast.stmt], flag: Flag) -> None:
    """Gives the flag to each `break` of the loop whose body this is."""
    marked: list[gast.stmt] = []
    for statement in block:
        if isinstance(statement, gast.Break):
            marked.append(break_with(flag, statement, is_set=False))
            continue
        marked.append(statement)
        if not isinstance(statement, gast.For | gast.While | gast.FunctionDef | gast.ClassDef):
            for inner in blocks_of(statement):
                _mark(inner, flag)
    block[:] = marked
