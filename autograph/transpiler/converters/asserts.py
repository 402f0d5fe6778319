"""Assertions: the message is evaluated only on failure.

Before:
    def f(x):
        assert x > 0, "positive"
        return x

After:
    def f(x):
        ag.assert_(x > 0, lambda: 'positive')
        return x
"""

from __future__ import annotations

from typing import Any

import gast

from autograph.transpiler import build
from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_plain_value
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the assertions of a function."""
    return _Asserts(context).rewrite(tree)


class _Asserts(Rewriter):
    def visit_Assert(self, node: gast.Assert) -> Any:
        if is_plain_value(node.test, self.context):
            return self.generic_visit(node)
        self.generic_visit(node)
        message = [] if node.msg is None else [build.thunk(node.msg)]
        return gast.Expr(self.context.call_verb("assert_", [node.test, *message]))
