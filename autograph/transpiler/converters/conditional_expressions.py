"""Conditional expressions: only the chosen side is evaluated.

Before:
    def f(x):
        return x if x > 0 else -x

After:
    def f(x):
        return ag.if_(x > 0, lambda: x, lambda: -x)
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the conditional expressions of a function."""
    return _ConditionalExpressions(context).rewrite(tree)


class _ConditionalExpressions(Rewriter):
    def visit_IfExp(self, node: gast.IfExp) -> Any:
        plain = is_plain_value(node.test, self.context)
        self.generic_visit(node)
        if plain:
            return node
        return self.context.call_verb("if_", [node.test, build.thunk(node.body), build.thunk(node.orelse)])
