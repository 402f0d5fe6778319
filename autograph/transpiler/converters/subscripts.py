"""Items read by an index that may be a tensor: lists, tuples and dicts take one through `item`.

Before:
    def f(xs, i):
        return xs[0] + xs[i] + xs[1:][-1]

After:
    def f(xs, i):
        return xs[0] + ag.item(xs, i) + xs[1:][-1]
"""

from __future__ import annotations

import os
from typing import Any

import gast

from autograph.transpiler.context import Context
from autograph.transpiler.plainness import is_plain_index
from autograph.transpiler.rewriter import Rewriter


def convert(tree: gast.FunctionDef, context: Context) -> gast.FunctionDef:
    """Converts the subscripts of a function."""
    return _Subscripts(context).rewrite(tree)


def _is_environment(value: object) -> bool:
    return value is os.environ


class _Subscripts(Rewriter):
    def visit_Subscript(self, node: gast.Subscript) -> Any:
        self.generic_visit(node)
        if not isinstance(node.ctx, gast.Load):
            return node
        if is_plain_index(node.slice, self.context) and not self.context.holds(node.value, _is_environment):
            return node
        return self.context.call_verb("item", [node.value, node.slice])
