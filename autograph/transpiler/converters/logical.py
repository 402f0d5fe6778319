"""`and`, `or`, `not`: operands after the first are evaluated only when needed.

Before:
    def f(a, b):
        return a and not b

After:
    def f(a, b):
        return ag.and_(a, lambda: ag.not_(b))
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the logical operators of a function."""
    return _Logical(context).rewrite(tree)


class _Logical(Rewriter):
    def visit_BoolOp(self, node: gast.BoolOp) -> Any:
        if is_plain_value(node, self.context):
            return self.generic_visit(node)
        self.generic_visit(node)
        verb = "and_" if isinstance(node.op, gast.And) else "or_"
        *before, result = node.values
        for operand in reversed(before):
            result = self.context.call_verb(verb, [operand, build.thunk(result)])
        return result

    def visit_UnaryOp(self, node: gast.UnaryOp) -> Any:
        if not isinstance(node.op, gast.Not) or is_plain_value(node, self.context):
            return self.generic_visit(node)
        self.generic_visit(node)
        return self.context.call_verb("not_", [node.operand])
